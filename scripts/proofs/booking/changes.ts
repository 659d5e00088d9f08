import { randomUUID } from "node:crypto";
import { createWorkerServices, expireHold } from "@pulsecal/api/worker";
import { isRetryable, isSlotTaken, newId } from "@pulsecal/db";
import { type Arena, endsOf, expectEnds, type Gun, hashOf, tokenOf } from "./arena.ts";
import { compareStanding, expectStanding, standingAt } from "./oracle.ts";
import { instant, type Spot } from "./place.ts";
import { type Race, ten, told, upTo } from "./races.ts";
import { book, cancel, confirm, hold } from "./wishes.ts";

const oneDoctor = { doctors: 1, services: [{ minutes: 20 }] };

async function heldAt(arena: Arena, spot: Spot, minute: number): Promise<string> {
  return String(tokenOf(await arena.must(hold(spot, { minute }))));
}

async function bookedAt(arena: Arena, spot: Spot, minute: number): Promise<string> {
  return String(tokenOf(await arena.must(book(spot, { minute }))));
}

const confirmTwice: Race = {
  name: "one hold confirmed by many",
  shape: oneDoctor,
  mutant: "careless",
  async run(arena, spot, n) {
    const token = await heldAt(arena, spot, ten);
    const name = `Sipho ${randomUUID()}`;
    const replies = await arena.race(upTo(n, () => confirm(spot, token, name)));
    const [row] = await arena.t.admin("SELECT count(*)::int AS n FROM app.patient WHERE clinic_id = $1 AND name = $2", [
      spot.clinicId,
      name,
    ]);
    return [
      ...expectEnds(replies, { ok: 1, conflict: n - 1 }),
      ...(row?.["n"] === 1 ? [] : [`${String(row?.["n"])} patients were made of one`]),
      ...(await expectStanding(arena, spot, new Map([[token, "confirmed"]]))),
    ];
  },
};

/**
 * Moves the end of a hold to so many milliseconds from now, in the queue of its doctor and with an event like everybody
 * who changes a time: an answer that is remembered knows when the holds in it end, unless an event says otherwise.
 */
export async function lapse({ t }: Arena, spot: Spot, token: string, ms: number): Promise<void> {
  await t.admin(
    `WITH queue AS MATERIALIZED (SELECT app.queue_for($1, $2::uuid[])), held AS (
       UPDATE app.booking SET hold_expires_at = clock_timestamp() + $4 * interval '1 millisecond'
       WHERE clinic_id = $1 AND token_hash = $3 AND state = 'held' AND EXISTS (SELECT FROM queue)
       RETURNING clinic_id, id, hold_expires_at
     ), told AS (
       INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
       SELECT clinic_id, gen_random_uuid(), 'booking.hold_due', json_build_object('bookingId', id), false, hold_expires_at FROM held
     )
     UPDATE app.occupancy o SET hold_expires_at = held.hold_expires_at
     FROM held WHERE o.clinic_id = held.clinic_id AND o.booking_id = held.id`,
    [spot.clinicId, spot.doctors, hashOf(token), ms],
  );
}

/** What the worker does when a hold is due. */
export async function sweep(arena: Arena, spot: Spot): Promise<void> {
  const event = { clinicId: spot.clinicId, id: newId(), type: "booking.hold_due", payload: { bookingId: newId() } };
  await expireHold(createWorkerServices(arena.s), event as Parameters<typeof expireHold>[1]);
}

/** Sooner and later than the requests arrive, by turns. */
const delays = [0, 4, 8, 16, 32];
let turn = 0;

const holdRunsOut: Race = {
  name: "a hold that runs out, its confirmation, the worker and others",
  shape: oneDoctor,
  mutant: "unguarded",
  async run(arena, spot, n) {
    const token = await heldAt(arena, spot, ten);
    turn += 1;
    await lapse(arena, spot, token, delays[turn % delays.length] ?? 0);
    const askings = [confirm(spot, token), ...upTo(n - 1, () => book(spot, { minute: ten }))];
    const [replies] = await Promise.all([arena.race(askings), sweep(arena, spot)]);
    const winners = told(askings.slice(1), replies.slice(1));
    const wasIn = replies[0]?.status === 200;
    if (wasIn) winners.set(token, "confirmed");
    const ends = Object.keys(endsOf(replies));
    return [
      ...(winners.size <= 1 ? [] : [`${winners.size} people have the time`]),
      ...(ends.every((end) => ["ok", "slot_taken", "hold_expired"].includes(end)) ? [] : [`ended ${ends.join(", ")}`]),
      ...(await expectAtMostLate(arena, spot, token, winners)),
    ];
  },
};

/**
 * What was told stands. Where nobody was told of anything, the hold that ran out may still stand as a row which keeps
 * nobody out, until the worker or whoever comes next sweeps it; races beside this one call the worker too, so the rows
 * are read once.
 */
async function expectAtMostLate(arena: Arena, spot: Spot, token: string, winners: Map<string, string>) {
  const rows = await standingAt(arena, spot);
  const isLate = winners.size === 0 && rows.some((row) => row.tokenHash === hashOf(token) && row.isOver);
  return compareStanding(rows, isLate ? new Map([[token, "held"]]) : winners);
}

const cancelAgainstBook: Race = {
  name: "a time given back, and those who want it",
  shape: oneDoctor,
  mutant: "unguarded",
  async run(arena, spot, n) {
    const token = await bookedAt(arena, spot, ten);
    const askings = upTo(n - 1, () => book(spot, { minute: ten }));
    // Some come while it is given back, the others once its holder has heard that it is.
    const [early, late] = [askings.slice(0, n / 2 - 1), askings.slice(n / 2 - 1)];
    const [first, second] = await Promise.all([
      arena.race(early, false),
      arena.must(cancel(spot, token)).then(() => arena.race(late)),
    ]);
    const replies = [...first, ...second];
    return [
      ...expectEnds(replies, { ok: 1, slot_taken: n - 2 }),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

const cancelledOnce: Race = {
  name: "one booking cancelled by many",
  shape: oneDoctor,
  mutant: "careless",
  async run(arena, spot, n) {
    const token = await bookedAt(arena, spot, ten);
    const replies = await arena.race(upTo(n, () => cancel(spot, token)));
    const [row] = await arena.t.admin(
      `SELECT count(*)::int AS n FROM app.event WHERE clinic_id = $1 AND type = 'booking.cancelled'
         AND (payload->>'startsAt')::timestamptz = $2`,
      [spot.clinicId, instant(spot.day, ten)],
    );
    return [
      ...expectEnds(replies, { ok: 1, not_cancellable: n - 1 }),
      ...(row?.["n"] === 1 ? [] : [`it was told ${String(row?.["n"])} times`]),
      ...(await expectStanding(arena, spot, new Map())),
    ];
  },
};

/** Writes a booking past the booking path, as the application's own role, without a queue or a look: an import. */
async function importOne({ t }: Arena, spot: Spot, minute: number): Promise<"ok" | "slot_taken"> {
  const { clinicId } = spot;
  const [serviceId, practitionerId] = [String(spot.services[0]), String(spot.doctors[0])];
  const [bookingId, startsAt] = [newId(), instant(spot.day, minute)];
  const endsAt = new Date(startsAt.getTime() + 20 * 60_000);
  try {
    await t.db.withTx({ clinicId, actor: "system:import" }, async (tx) => {
      await tx.booking.createMany({
        data: {
          clinicId,
          id: bookingId,
          ref: "CSV4",
          tokenHash: hashOf(bookingId),
          serviceId,
          practitionerId,
          state: "confirmed",
          startsAt,
          endsAt,
          bookedBy: "staff",
        },
      });
      await tx.occupancy.createMany({
        data: {
          clinicId,
          id: newId(),
          resourceId: practitionerId,
          bookingId,
          startsAt,
          endsAt,
          blockedFrom: startsAt,
          blockedTo: endsAt,
          state: "booked",
        },
      });
    });
    return "ok";
  } catch (error) {
    // One of those that wait for each other is told to go; to it the time is taken.
    if (isSlotTaken(error) || isRetryable(error)) return "slot_taken";
    throw error;
  }
}

/** On a database of its own: writers that do not queue make the server break circles, which nobody else may. */
export const imports: Race = {
  name: "an import that does not queue",
  shape: oneDoctor,
  mutant: "unconstrained",
  async run(arena, spot, n) {
    const rows = Math.max(1, Math.floor(n / 5));
    const askings = upTo(n - rows, () => book(spot, { minute: ten }));
    const [replies, ...imported] = await Promise.all([
      arena.race(askings),
      ...upTo(rows, () => importOne(arena, spot, ten)),
    ]);
    const winners = told(askings, replies);
    const won = winners.size + imported.filter((end) => end === "ok").length;
    const ends = Object.keys(endsOf(replies));
    const rowsThere = await arena.t.admin(
      "SELECT FROM app.booking WHERE clinic_id = $1 AND starts_at = $2 AND state = 'confirmed'",
      [spot.clinicId, instant(spot.day, ten)],
    );
    return [
      ...(won === 1 ? [] : [`${won} have the time`]),
      ...(rowsThere.length === won ? [] : [`${won} were told yes, ${rowsThere.length} stand`]),
      ...(ends.every((end) => ["ok", "slot_taken", "conflict"].includes(end)) ? [] : [`ended ${ends.join(", ")}`]),
    ];
  },
};

/** A booking that somebody writes and takes back before it counts. */
function undoneImport({ clinicId, services, doctors, day }: Spot, minute: number): Gun {
  return {
    sql: `WITH booking AS (
        INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
        VALUES ($1, $2, 'CSV4', $3, $4, $5, 'confirmed', $6, $6::timestamptz + interval '20 minutes', 'staff')
      )
      INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
      VALUES ($1, $2, $5, $2, $6, $6::timestamptz + interval '20 minutes', $6, $6::timestamptz + interval '20 minutes', 'booked')`,
    params: [clinicId, newId(), hashOf(newId()), services[0], doctors[0], instant(day, minute)],
  };
}

/** Without a queue everybody's row is in before the first is checked, and they wait for each other in circles. */
export const undone: Race = {
  name: "a slow import that is taken back",
  shape: oneDoctor,
  mutant: "unqueued",
  async run(arena, spot, n) {
    const askings = upTo(n, () => book(spot, { minute: ten }));
    const replies = await arena.race(askings, undoneImport(spot, ten));
    return [
      ...expectEnds(replies, { ok: 1, slot_taken: n - 1 }),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

/** People who change what they have, while others want it. */
export const changes: readonly Race[] = [confirmTwice, holdRunsOut, cancelAgainstBook, cancelledOnce, undone];
