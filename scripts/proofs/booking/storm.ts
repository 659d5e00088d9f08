import { randomUUID } from "node:crypto";
import { type Arena, hashOf, tokenOf } from "./arena.ts";
import { lapse, sweep } from "./changes.ts";
import { seenAtTheDesk } from "./desk.ts";
import type { Asking } from "./door.ts";
import { leftovers, overlaps } from "./oracle.ts";
import { instant, type Shape, type Spot } from "./place.ts";
import { type Race, ten, upTo } from "./races.ts";
import { bookSeries, takeFamily } from "./together.ts";
import { book, cancel, confirm, hold, move, patient, release } from "./wishes.ts";

/** A clinic with everything: rooms that are shared, a class, a service that needs a yes, one with a limit. */
const busyClinic: Shape = {
  doctors: 3,
  rooms: 2,
  services: [
    { minutes: 20, intervalMinutes: 20 },
    { minutes: 20, intervalMinutes: 20, bufferAfter: 5, room: true },
    { minutes: 40, intervalMinutes: 20, seats: 3 },
    { minutes: 20, intervalMinutes: 20, needsApproval: true, room: true },
    { minutes: 20, intervalMinutes: 20, dayCount: 4 },
  ],
  days: 3,
};

/** What people may be answered when they are in each other's way; anything else is wrong. */
const decisions = new Set([
  "ok",
  "slot_taken",
  "not_offered",
  "hold_expired",
  "not_cancellable",
  "not_movable",
  "same_time",
  "changed_meanwhile",
  "not_next",
  "not_blocked",
  "cap_reached",
]);

/** Everything that can be done, at once, where little room is: no rule of this race knows who wins, all know what must hold. */
export const storm: Race = {
  name: "everything at once",
  shape: busyClinic,
  mutant: "unguarded",
  async run(arena, spot, n) {
    const tokens = await firstVisits(arena, spot);
    const some = tokens.filter(() => arena.random.next() < 0.3);
    await Promise.all(some.map((token) => lapse(arena, spot, token, arena.random.int(40) - 10)));
    const seen = await seenAtTheDesk(arena, spot);
    const cookie = await arena.ownerOf(spot);
    const series = await bookSeries(arena, spot);
    const askings = upTo(n, () => anything(arena, spot, { tokens, seen, cookie, series }));
    const [replies] = await Promise.all([
      arena.race(askings, arena.random.next() < 0.5 ? undefined : false),
      sweep(arena, spot),
    ]);
    const ends = replies.map((reply, index) => {
      // A hold that somebody confirmed already: the one quarrel that is told as such.
      const again = reply.status !== null && reply.code === "conflict" && askings[index]?.path.endsWith(".confirm");
      return reply.status === null ? "silence" : again ? "ok" : reply.code;
    });
    const odd = [...new Set(ends)].filter((end) => !decisions.has(end));
    const { failed } = await overlaps(arena.t, spot.clinicId);
    return [
      ...(odd.length === 0 ? [] : [`ended ${odd.join(", ")}`]),
      ...(failed === 0 ? [] : [`${failed} overlapping pairs`]),
      ...(await leftovers(arena, spot)),
    ];
  },
};

/** Holds and bookings of all services in the first hours of the day. */
async function firstVisits(arena: Arena, spot: Spot): Promise<string[]> {
  const askings = upTo(12, (index) =>
    (index % 2 ? book : hold)(spot, {
      minute: ten + 20 * Math.floor(index / 3),
      doctor: index % 3,
      service: arena.random.int(5),
    }),
  );
  const replies = await arena.race(askings, false);
  return replies.flatMap((reply) => tokenOf(reply) ?? []);
}

type Known = { tokens: string[]; seen: Awaited<ReturnType<typeof seenAtTheDesk>>; cookie: string; series: Asking };

function anything({ random }: Arena, spot: Spot, { tokens, seen, cookie, series }: Known): Asking {
  const want = { minute: ten + 20 * random.int(5), doctor: random.int(3), service: random.int(5) };
  const token = tokens.length > 0 ? random.pick(tokens) : "";
  const there = { start: instant(spot.day, want.minute), practitionerId: spot.doctors[want.doctor] };
  const byDesk = (path: string, input: Record<string, unknown>): Asking => ({
    slug: spot.slug,
    path: `staff.${path}`,
    cookie,
    input: { ...input, key: randomUUID() },
  });
  const held = hold(spot, want);
  const choices: readonly (() => Asking)[] = [
    () => book(spot, want),
    () => book(spot, { ...want, doctor: "any" }),
    () => ({ ...held, input: { ...held.input, holder: holders[random.int(holders.length)] } }),
    () => move(spot, token, want),
    () => cancel(spot, token),
    () => confirm(spot, token),
    () => release(spot, token),
    () => takeFamily(spot, token, [want.minute, want.minute + 20]),
    () => ({ ...series, input: { ...series.input, key: randomUUID() } }),
    () => byDesk("bookings.move", { ...seen.get(hashOf(token)), ...there }),
    () => byDesk("bookings.transition", { bookingId: seen.get(hashOf(token))?.bookingId, to: "confirmed" }),
    () => byDesk("bookings.transition", { bookingId: seen.get(hashOf(token))?.bookingId, to: "declined" }),
    () =>
      byDesk("bookings.squeezeIn", {
        ...there,
        ...patient,
        serviceId: spot.services[want.service],
        reason: "In pain, cannot wait",
      }),
  ];
  return random.pick(choices)();
}

const holders = ["A".repeat(22), "B".repeat(22), "C".repeat(22)];
