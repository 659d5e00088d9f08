import { randomUUID } from "node:crypto";
import { type Arena, endsOf } from "./arena.ts";
import type { Asking } from "./door.ts";
import { expectStanding } from "./oracle.ts";
import { instant, type Spot } from "./place.ts";
import { expectFair, type Race, ten, told, upTo } from "./races.ts";
import { book } from "./wishes.ts";

const dayLimit: Race = {
  name: "the day's limit of a service that two doctors give",
  shape: { doctors: 2, services: [{ minutes: 10, dayCount: 3 }] },
  // The constraint knows nothing of limits: the queue alone keeps them.
  mutant: "unqueued",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => book(spot, { minute: 480 + index * 10, doctor: index % 2 }));
    const replies = await arena.race(askings);
    const won = replies.filter(({ status }) => status === 200).length;
    return [
      ...(won === Math.min(n, 3) ? [] : [`${won} were let in where ${Math.min(n, 3)} may be`]),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

/** Neighbours' buffers may lie over each other, so the longer of the two is what has to be between them: half on each side. */
const sharedBuffers: Race = {
  name: "buffers that neighbours share",
  shape: {
    doctors: 1,
    services: [{ minutes: 20, intervalMinutes: 5, bufferBefore: 10, bufferAfter: 10 }],
    shareBuffers: true,
  },
  // The constraint sees the visits without their buffers.
  mutant: "unqueued",
  run: (arena, spot, n) =>
    expectFair(
      arena,
      spot,
      upTo(n, (index) => ({ minute: ten + 25 * (index % 4) })),
      (_, { minute }) => ({ from: minute - 5, to: minute + 25 }),
    ),
};

function leaveOf(spot: Spot, cookie: string): Asking {
  const [startsAt, endsAt] = [instant(spot.day, 0), instant(spot.day + 1, 0)];
  const input = { practitionerId: spot.doctors[0], startsAt, endsAt, kind: "leave", key: randomUUID() };
  return { slug: spot.slug, path: "staff.leave.save", cookie, input };
}

const leave: Race = {
  name: "leave that is written while people book",
  shape: { doctors: 1, services: [{ minutes: 10 }] },
  mutant: "unqueued",
  async run(arena, spot, n) {
    const askings = upTo(n - 1, (index) => book(spot, { minute: 480 + index * 10 }));
    const [saved, ...replies] = await arena.race([leaveOf(spot, await arena.ownerOf(spot)), ...askings]);
    const ends = Object.keys(endsOf(replies));
    return [
      ...(saved?.status === 200 ? [] : ["the leave was not written"]),
      ...(ends.every((end) => end === "ok" || end === "not_offered") ? [] : [`ended ${ends.join(", ")}`]),
      ...(await slippedUnder(arena, spot)),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

/** Bookings that came after the leave: numbers are given in the queue, so they say who was first. */
async function slippedUnder({ t }: Arena, { clinicId, day }: Spot): Promise<string[]> {
  const rows = await t.admin(
    `SELECT FROM app.event b JOIN app.event l ON l.clinic_id = b.clinic_id AND l.type = 'leave.changed' AND l.seq < b.seq
     JOIN app.booking k ON k.clinic_id = b.clinic_id AND k.id::text = b.payload->>'bookingId'
     JOIN app.leave a ON a.clinic_id = k.clinic_id AND a.starts_at = $2 AND l.payload->>'from' = app.iso_instant(a.starts_at)
     WHERE b.clinic_id = $1 AND b.type = 'booking.confirmed' AND k.starts_at >= $2 AND k.starts_at < $3`,
    [clinicId, instant(day, 0), instant(day + 1, 0)],
  );
  return rows.length === 0 ? [] : [`${rows.length} bookings came after the leave`];
}

/** Rules that no constraint knows of: the queue alone keeps them. */
export const rules: readonly Race[] = [dayLimit, sharedBuffers, leave];
