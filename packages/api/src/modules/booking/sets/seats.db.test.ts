import { newId } from "@pulsecal/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookingToken } from "../../../infra/tokens.ts";
import { refusalOf } from "../../../trpc/error-map.ts";
import { bookTime } from "../take/book-time.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import { holdTime, releaseHold } from "../take/hold-time.ts";
import { inBookingTx } from "../in-booking-tx.ts";
import { SlotTaken } from "../slot-taken.ts";
import { at, bookInput, type BookingWorld, bookingWorld, doubles, outcome } from "../testing/booking-world.ts";
import type { Visit } from "../take/visit.ts";
import { writeVisits } from "../take/write-visits.ts";
import { takeSeats } from "./take-seats.ts";
import { seeded } from "./testing/seeded.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
  await world.t.admin("UPDATE app.service SET seats = 4 WHERE id = $1", [world.clinic.serviceId]);
});
afterAll(() => world.close());

/** What a person of the group is told: their booking and seat, or that there is none. */
async function sit(start: Date, wanted = 1, over: Partial<Visit> = {}): Promise<number[] | "taken"> {
  const { work, clinic } = world;
  const { practitionerId, serviceId } = clinic;
  const resources = [{ id: practitionerId, minutes: 20, bufferBefore: 0, bufferAfter: 0 }];
  try {
    return await inBookingTx(work, { resourceIds: [practitionerId], key: null }, async (tx, now) => {
      const seats = await takeSeats(tx, work, {
        service: { id: serviceId, seats: 4 },
        practitionerId,
        start: start.getTime(),
        minutes: 20,
        resources,
        wanted,
      });
      const visits = seats.map(
        (seat): Visit => ({
          bookingId: newId(),
          serviceId,
          practitionerId,
          start: start.getTime(),
          minutes: 20,
          resources,
          state: "confirmed",
          holdExpiresAt: null,
          patient: { new: { name: "Lerato Dube", email: null, phone: "+27821234567", reason: null } },
          bookedBy: "patient",
          seat,
          ...over,
        }),
      );
      await writeVisits(tx, work, visits, now);
      return seats.map(({ seatNo }) => seatNo);
    });
  } catch (error) {
    if (error instanceof SlotTaken) return "taken";
    throw error;
  }
}

async function sessionAt(start: Date) {
  const rows = await world.t.admin(
    `SELECT g.capacity, g.taken, (SELECT count(*)::int FROM app.seat s WHERE s.session_id = g.id) AS seats,
       (SELECT string_agg(DISTINCT o.state, ',') FROM app.occupancy o WHERE o.session_id = g.id) AS occupancy
     FROM app.group_session g WHERE g.clinic_id = $1 AND g.starts_at = $2 ORDER BY g.taken DESC, g.id`,
    [world.clinic.clinicId, start.toISOString()],
  );
  return rows;
}

const lengthOf = (seats: number[] | "taken") => (seats === "taken" ? 0 : seats.length);

describe("a group session", () => {
  test("of 4 seats takes exactly 4 of 40 who want one at the same moment, each with a number of their own", async () => {
    const start = at(3, "09:00");
    const ends = await Promise.all(Array.from({ length: 40 }, () => sit(start)));
    expect(
      ends
        .filter((end) => end !== "taken")
        .flat()
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2, 3, 4]);
    expect(await sessionAt(start)).toEqual([{ capacity: 4, taken: 4, seats: 4, occupancy: "booked" }]);
    expect(await doubles(world.t)).toBe(0);
  });

  test("seats those who come together all or not at all", async () => {
    const start = at(3, "10:00");
    const wanted = [3, 2, 2, 1, 3, 2];
    const ends = await Promise.all(wanted.map((people) => sit(start, people)));
    expect(ends.reduce((sum, end) => sum + lengthOf(end), 0)).toBeLessThanOrEqual(4);
    for (const [index, end] of ends.entries()) expect([0, wanted[index]]).toContain(lengthOf(end));
    const [session] = await sessionAt(start);
    expect(session?.["taken"]).toBe(ends.reduce((sum, end) => sum + lengthOf(end), 0));
    expect(session?.["seats"]).toBe(session?.["taken"]);
  });

  test("that has gone through many hands never counts more or fewer than sit in it", async () => {
    const start = at(3, "11:00");
    const holder = { state: "held", patient: null } as const;
    const rounds = Array.from({ length: 12 }, async () => {
      const bookingId = newId();
      const got = await sit(start, 1, { ...holder, bookingId, holdExpiresAt: Date.now() + 60_000 });
      if (got === "taken") return;
      await releaseHold(world.work, { token: bookingToken(world.s.env.secret, world.clinic.clinicId, bookingId) });
    });
    await Promise.all(rounds);
    for (const session of await sessionAt(start)) {
      expect(session).toEqual({ capacity: 4, taken: 0, seats: 0, occupancy: "released" });
    }
    expect(await sit(start, 4)).toEqual([1, 2, 3, 4]);
    expect((await sessionAt(start))[0]).toEqual({ capacity: 4, taken: 4, seats: 4, occupancy: "booked" });
  });

  test("gives a hold's seat to the next one once the hold has run out, and the lowest number first", async () => {
    const start = at(3, "12:00");
    expect(await sit(start, 2)).toEqual([1, 2]);
    expect(await sit(start, 2, { state: "held", patient: null, holdExpiresAt: Date.now() - 1 })).toEqual([3, 4]);
    expect(await sit(start, 1)).toEqual([3]);
    expect((await sessionAt(start))[0]).toMatchObject({ taken: 3, seats: 3 });
  });

  test("stands in the way of everything else at its time", async () => {
    const start = at(3, "13:00");
    await sit(start, 1);
    await world.t.admin("UPDATE app.service SET seats = 1 WHERE id = $1", [world.clinic.serviceId]);
    try {
      const input = { serviceId: world.clinic.serviceId, who: world.clinic.practitionerId, start, key: newId() };
      await expect(holdTime(world.work, input)).rejects.toMatchObject({ cause: { code: "slot_taken" } });
    } finally {
      await world.t.admin("UPDATE app.service SET seats = 4 WHERE id = $1", [world.clinic.serviceId]);
    }
  });

  test("is counted by the database too: without the queue no more people sit in it than it has seats", async () => {
    const start = at(3, "14:00");
    await sit(start, 1);
    const { serviceId, practitionerId, clinicId } = world.clinic;
    const want = {
      service: { id: serviceId, seats: 4 },
      practitionerId,
      start: start.getTime(),
      minutes: 20,
      resources: [],
      wanted: 1,
    };
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        world.t.db.withTx({ clinicId, actor: "guest" }, (tx) => takeSeats(tx, world.work, want)),
      ),
    );
    expect(ends.filter(({ status }) => status === "fulfilled").length).toBe(3);
    expect((await sessionAt(start))[0]).toMatchObject({ taken: 4 });
  });
});

describe("booking a seat", () => {
  test("through the booking itself: 40 at the same moment for 4 seats are 4 bookings, and the others are offered other times", async () => {
    const { work, clinic, t } = world;
    const start = at(4, "09:00");
    const ends = await Promise.all(Array.from({ length: 40 }, () => outcome(bookTime(work, bookInput(clinic, start)))));
    expect(ends.filter((end) => end === "ok").length).toBe(4);
    expect(ends.filter((end) => end !== "ok" && end !== "slot_taken" && end !== "not_offered")).toEqual([]);
    expect(await sessionAt(start)).toEqual([{ capacity: 4, taken: 4, seats: 4, occupancy: "booked" }]);
    expect(await doubles(t)).toBe(0);
  });

  test("races cancellations: as many sit in the session as have a booking that stands", async () => {
    const { work, clinic, t } = world;
    const start = at(5, "09:00");
    const first = await Promise.all(Array.from({ length: 4 }, () => bookTime(work, bookInput(clinic, start))));
    await Promise.all([
      ...first.slice(0, 3).map(({ token }) => cancelBooking(work, "patient", { token, key: newId() })),
      ...Array.from({ length: 12 }, () => outcome(bookTime(work, bookInput(clinic, start)))),
    ]);
    const [standing] = await t.admin(
      `SELECT count(*)::int AS n FROM app.booking WHERE clinic_id = $1 AND starts_at = $2 AND state = 'confirmed'`,
      [clinic.clinicId, start.toISOString()],
    );
    const [session] = await sessionAt(start);
    expect(session).toEqual({ capacity: 4, taken: standing?.["n"], seats: standing?.["n"], occupancy: "booked" });
    expect(await doubles(t)).toBe(0);
  });

  test("of a session that everybody left begins a new one", async () => {
    const { work, clinic } = world;
    const start = at(6, "09:00");
    const { token } = await bookTime(work, bookInput(clinic, start));
    await cancelBooking(work, "patient", { token, key: newId() });
    expect(await sessionAt(start)).toEqual([{ capacity: 4, taken: 0, seats: 0, occupancy: "released" }]);
    const { booking } = await bookTime(work, bookInput(clinic, start));
    expect(booking.seat).toEqual({ no: 1, of: 4 });
  });
});

test("seats agree with a model of them, whatever is done in which order", async () => {
  const { work, clinic, t } = world;
  const starts = [at(7, "09:00"), at(7, "09:20"), at(7, "09:40")];
  // the model: who sits where, by start
  const sitting = new Map(starts.map((start) => [start.getTime(), new Map<string, number>()]));
  const deeds: (() => Promise<void>)[] = [];
  seeded("seats agree with a model", 60, (next) => {
    const start = starts[next(starts.length)] ?? new Date();
    const seats = sitting.get(start.getTime()) ?? new Map<string, number>();
    const [deed, whom] = [next(3), next(4)];
    deeds.push(async () => {
      const [token] = [...seats.keys()].slice(whom);
      if (deed === 0 && token) {
        await cancelBooking(work, "patient", { token, key: newId() });
        seats.delete(token);
        return;
      }
      const end = await bookTime(work, bookInput(clinic, start)).catch((error: unknown) => refusalOf(error)?.code);
      if (typeof end !== "object") {
        expect([seats.size, ["slot_taken", "not_offered"].includes(String(end))]).toEqual([4, true]);
        return;
      }
      const lowest = [1, 2, 3, 4].find((no) => ![...seats.values()].includes(no));
      expect(end.booking.seat).toEqual({ no: lowest, of: 4 });
      seats.set(end.token, end.booking.seat?.no ?? 0);
    });
  });
  for (const deed of deeds) await deed();
  for (const [start, seats] of sitting) {
    const rows = await t.admin(
      `SELECT s.seat_no AS no FROM app.seat s JOIN app.booking b ON b.id = s.booking_id
       WHERE b.clinic_id = $1 AND b.starts_at = $2 ORDER BY s.seat_no`,
      [clinic.clinicId, new Date(start).toISOString()],
    );
    expect(rows.map(({ no }) => no)).toEqual([...seats.values()].toSorted((a, b) => a - b));
    const [session] = await sessionAt(new Date(start));
    expect(session?.["taken"] ?? 0).toBe(seats.size);
  }
});
