import { randomUUID } from "node:crypto";
import { waitlistHandlers } from "@pulsecal/api/worker";
import { type Arena, endsOf, tokenOf } from "./arena.ts";
import type { Asking } from "./door.ts";
import { standingAt } from "./oracle.ts";
import { instant, type Spot } from "./place.ts";
import { type Race, ten, upTo } from "./races.ts";
import { book, cancel, patient } from "./wishes.ts";

type Handler = keyof typeof waitlistHandlers;

const anyTime = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: 0, to: 1440 }));

function join(spot: Spot): Asking {
  const input = { serviceId: spot.services[0], who: "any", canCome: anyTime, ...patient, key: randomUUID() };
  return { slug: spot.slug, path: "public.waitlist.join", input };
}

function accept(spot: Spot, token: string): Asking {
  return { slug: spot.slug, path: "patient.waitlist.accept", input: { token, key: randomUUID() } };
}

/** What the worker does with the clinic's latest event of a type. */
async function work({ t, s }: Arena, { clinicId }: Spot, effect: Handler, type: string): Promise<void> {
  const [event] = await t.admin(
    `SELECT clinic_id AS "clinicId", id, type, payload FROM app.event
     WHERE clinic_id = $1 AND type = $2 ORDER BY tx DESC, seq DESC LIMIT 1`,
    [clinicId, type],
  );
  if (!event) throw new Error(`there is no event ${type}`);
  await waitlistHandlers[effect]({ s }, event as never); // read back as the relay reads it
}

/** The offer's end, and the end of the hold that stands for it, so many milliseconds from now. */
async function offerEnds({ t }: Arena, { clinicId, doctors }: Spot, ms: number): Promise<void> {
  await t.admin(
    `WITH queue AS MATERIALIZED (SELECT app.queue_for($1, $2::uuid[])), offer AS (
       UPDATE app.waitlist_offer SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE clinic_id = $1 AND state = 'live' AND EXISTS (SELECT FROM queue) RETURNING clinic_id, booking_id, expires_at
     ), held AS (
       UPDATE app.booking b SET hold_expires_at = offer.expires_at
       FROM offer WHERE b.clinic_id = offer.clinic_id AND b.id = offer.booking_id
     )
     UPDATE app.occupancy o SET hold_expires_at = offer.expires_at
     FROM offer WHERE o.clinic_id = offer.clinic_id AND o.booking_id = offer.booking_id`,
    [clinicId, doctors, ms],
  );
}

/** An offer that stands, one that ends while everybody is on their way, one that is over. */
const ends = [60_000, 25, 0];
let turn = 0;

export const waiting: Race = {
  name: "a waitlist offer, its answer, the next in line and others",
  shape: { doctors: 1, services: [{ minutes: 20 }], days: 40 },
  mutant: "unguarded",
  async run(arena, spot, n) {
    turn += 1;
    const first = String(tokenOf(await arena.must(join(spot))));
    await arena.must(join(spot));
    const booked = await arena.must(book(spot, { minute: ten }));
    await arena.must(cancel(spot, String(tokenOf(booked))));
    await work(arena, spot, "open_gap", "booking.cancelled");
    await offerEnds(arena, spot, ends[turn % ends.length] ?? 0);
    const answers = Math.max(1, Math.floor(n / 5));
    const askings = upTo(n, (index) => (index < answers ? accept(spot, first) : book(spot, { minute: ten })));
    const next = work(arena, spot, "waitlist_turn", "waitlist.offer_due");
    const [replies] = await Promise.all([arena.race(askings), next]);
    await work(arena, spot, "waitlist_turn", "waitlist.offer_due");

    const [yes, no] = [replies.slice(0, answers), replies.slice(answers)].map(
      (all) => all.filter(({ status }) => status === 200).length,
    );
    const won = (yes ?? 0) + (no ?? 0);
    const rows = (await standingAt(arena, spot)).filter(({ start }) => start === instant(spot.day, ten).getTime());
    const known = ["ok", "slot_taken", "hold_expired"];
    const odd = Object.keys(endsOf(replies)).filter((end) => !known.includes(end));
    const states = rows.map(({ state }) => state).join(", ");
    const expected = won === 1 ? ["confirmed"] : ["", "held"];
    return [
      ...(won <= 1 ? [] : [`${yes} accepted and ${no} booked one time`]),
      ...(odd.length === 0 ? [] : [`ended ${odd.join(", ")}`]),
      ...(expected.includes(states) ? [] : [`${won} were told yes, and there stands: ${states || "nothing"}`]),
    ];
  },
};
