import { randomUUID } from "node:crypto";
import { type Arena, expectEnds, hashOf, tokenOf } from "./arena.ts";
import type { Asking } from "./door.ts";
import { expectStanding, standingAt } from "./oracle.ts";
import { dateOf, instant, type Spot } from "./place.ts";
import { type Race, ten, told, upTo } from "./races.ts";
import { book, patient } from "./wishes.ts";

/** A booking as the desk names it: by its id and the change they have seen. */
type Seen = { bookingId: string; sequence: number };

/** How the desk names the bookings of a clinic, by the hashes of their tokens. */
export async function seenAtTheDesk({ t }: Arena, { clinicId }: Spot): Promise<Map<string, Seen>> {
  const rows = await t.admin("SELECT id, token_hash, sequence FROM app.booking WHERE clinic_id = $1", [clinicId]);
  return new Map(
    rows.map((row) => [String(row["token_hash"]), { bookingId: String(row["id"]), sequence: Number(row["sequence"]) }]),
  );
}

const cap = 2;

const squeezeIns: Race = {
  name: "squeeze-ins up to the day's cap",
  shape: { doctors: 1, services: [{ minutes: 20 }] },
  // They leave the constraint: the queue alone keeps their number.
  mutant: "unqueued",
  async run(arena, spot, n) {
    const first = await arena.must(book(spot, { minute: ten }));
    const cookie = await arena.ownerOf(spot);
    const askings = upTo(n, (): Asking => {
      const time = { serviceId: spot.services[0], practitionerId: spot.doctors[0], start: instant(spot.day, ten) };
      const input = { ...time, ...patient, reason: "In pain, cannot wait", key: randomUUID() };
      return { slug: spot.slug, path: "staff.bookings.squeezeIn", cookie, input };
    });
    const replies = await arena.race(askings);
    const won = Math.min(n, cap);
    const rows = await standingAt(arena, spot);
    const stays = rows.some(({ tokenHash }) => tokenHash === hashOf(String(tokenOf(first))));
    return [
      ...expectEnds(replies, { ok: won, cap_reached: n - won }),
      ...(rows.length === 1 + won && stays ? [] : [`${rows.length} visits stand, the first one ${stays}`]),
    ];
  },
};

const answeredOnce: Race = {
  name: "one request answered by many",
  shape: { doctors: 1, services: [{ minutes: 20, needsApproval: true }] },
  mutant: "careless",
  async run(arena, spot, n) {
    const token = String(tokenOf(await arena.must(book(spot, { minute: ten }))));
    const cookie = await arena.ownerOf(spot);
    const { bookingId } = (await seenAtTheDesk(arena, spot)).get(hashOf(token)) ?? {};
    const replies = await arena.race(
      upTo(n, (index) => {
        const input = { bookingId, to: index % 2 ? "confirmed" : "declined", key: randomUUID() };
        return { slug: spot.slug, path: "staff.bookings.transition", cookie, input };
      }),
    );
    const yes = replies.some((reply, index) => index % 2 === 1 && reply.status === 200);
    return [
      ...expectEnds(replies, { ok: 1, not_next: n - 1 }),
      ...(await expectStanding(arena, spot, new Map(yes ? [[token, "confirmed"]] : []))),
    ];
  },
};

const visitsOfDay = 5;

const wholeDay: Race = {
  name: "a whole day moved to a colleague whose times others want",
  shape: { doctors: 2, services: [{ minutes: 20 }] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const minutes = upTo(visitsOfDay, (index) => ten + 20 * index);
    const before = await arena.race(minutes.map((minute) => book(spot, { minute })));
    const tokens = before.map((reply) => String(tokenOf(reply)));
    const seen = await seenAtTheDesk(arena, spot);
    const moves = tokens.map((token, index) => ({
      ...seen.get(hashOf(token)),
      start: instant(spot.day, minutes[index] ?? ten),
      practitionerId: spot.doctors[1],
    }));
    const day: Asking = {
      slug: spot.slug,
      path: "staff.days.move",
      cookie: await arena.ownerOf(spot),
      input: { practitionerId: spot.doctors[0], date: dateOf(spot.day), moves, key: randomUUID() },
    };
    const singles = upTo(n - 1, (index) => book(spot, { minute: minutes[index % visitsOfDay] ?? ten, doctor: 1 }));
    const [end, ...replies] = await arena.race([day, ...singles]);
    const { moved = [], lost = [] } = end?.status === 200 ? (end.data as { moved?: unknown[]; lost?: unknown[] }) : {};
    const winners = told(singles, replies);
    const rows = await standingAt(arena, spot);
    const [stay, there] = spot.doctors.map((doctor) => rows.filter((row) => row.doctor === doctor));
    const starts = new Set(there?.map(({ start }) => start));
    for (const token of tokens) winners.set(token, "confirmed");
    return [
      ...(end?.status === 200 ? [] : ["the day was not moved"]),
      ...(moved.length + lost.length === visitsOfDay ? [] : [`${moved.length} moved and ${lost.length} lost`]),
      ...(stay?.length === lost.length ? [] : [`${lost.length} were lost and ${stay?.length} stayed`]),
      ...(starts.size === there?.length ? [] : [`${there?.length} visits at ${starts.size} times of the colleague`]),
      ...(await expectStanding(arena, spot, winners)),
    ];
  },
};

/** What staff do at several desks at once. */
export const desk: readonly Race[] = [squeezeIns, answeredOnce, wholeDay];
