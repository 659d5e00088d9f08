import { randomUUID } from "node:crypto";
import { addDays, dayOf, formatTime } from "@pulsecal/core";
import { makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf } from "../../../trpc/error-map.ts";
import { bookTime } from "../take/book-time.ts";
import {
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  dayAt,
  doubles,
  guestOf,
  outcome,
} from "../testing/booking-world.ts";
import { bookSeries, checkSeries } from "./book-series.ts";
import { cancelSeries } from "./cancel-series.ts";
import { readSeries } from "./read-series.ts";
import type { SeriesBookInput, SeriesInput } from "./sets.schema.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const weekly = { freq: "weekly", interval: 1 } as const;

function asked(start: Date, count: number): SeriesInput {
  const { serviceId, practitionerId } = world.clinic;
  return { serviceId, practitionerId, start, rule: { ...weekly, count } };
}

/** A series booked as it was asked for, week by week. */
function wanted(start: Date, count: number, over: Partial<SeriesBookInput> = {}): SeriesBookInput {
  const first = dayOf(start.getTime(), "Africa/Johannesburg");
  const choices = Array.from({ length: count }, (_, week) => ({
    date: addDays(first, 7 * week),
    start: new Date(start.getTime() + week * 7 * 86_400_000),
  }));
  const person = { name: "Lerato Dube", email: undefined, phone: "+27821234567", reason: "weekly dressing" };
  return { ...asked(start, count), ...person, choices, key: randomUUID(), ...over };
}

const bookingsOf = (setId: string) =>
  world.t.admin(
    `SELECT b.state, b.patient_id AS patient, b.set_kind AS kind, o.state AS occupancy, b.sequence
     FROM app.booking b JOIN app.occupancy o ON o.booking_id = b.id WHERE b.set_id = $1 ORDER BY b.starts_at`,
    [setId],
  );

describe("before a series is booked", () => {
  test("every date is looked at: free, or every rule in the way and the nearest times", async () => {
    const { work, clinic } = world;
    const start = at(2, "09:00");
    await bookTime(work, bookInput(clinic, at(9, "09:00")));
    const check = await checkSeries(work, asked(start, 3));
    expect(check.ok).toBe(false);
    expect(check.dates.map(({ date, result }) => [date, result])).toEqual([
      [dayAt(2), "free"],
      [dayAt(9), "blocked"],
      [dayAt(16), "free"],
    ]);
    const [, blocked] = check.dates;
    expect(blocked?.why).toEqual(["Dr Test: Busy from 09:00 to 09:20"]);
    expect(blocked?.alternatives.map((time) => time.toISOString())).toEqual(
      [at(9, "08:40"), at(9, "09:20"), at(9, "08:20")].map((time) => time.toISOString()),
    );
  });

  test("a wall time that does not exist on a date is said for that date, and the others keep theirs", async () => {
    const zone = "Europe/Berlin";
    const clinic = await makeClinic(world.t, { zone, hours: { from: 0, to: 1440 }, intervalMinutes: 10 });
    const work = { ...guestOf(world.s, clinic), clinic: { zone, status: "live" } };
    // Berlin's clocks jump from 02:00 to 03:00 on the last Sunday of March.
    const start = new Date("2028-03-19T01:30:00Z");
    const { serviceId, practitionerId } = clinic;
    const check = await checkSeries(work, { serviceId, practitionerId, start, rule: { ...weekly, count: 3 } });
    expect(
      check.dates.map(({ date, result, start: time }) => [date, result, time && formatTime(time.getTime(), zone)]),
    ).toEqual([
      ["2028-03-19", "free", "02:30"],
      ["2028-03-26", "no_such_time", undefined],
      ["2028-04-02", "free", "02:30"],
    ]);
  });

  test("neither notice nor horizon are in the way of staff", async () => {
    expect((await checkSeries(world.work, asked(at(20, "10:00"), 52))).ok).toBe(true);
  });

  test("a service that is not theirs is not found, and another length than it has is refused", async () => {
    const other = await makeClinic(world.t);
    const input = { ...asked(at(2, "10:00"), 2), serviceId: other.serviceId };
    expect(await outcome(checkSeries(world.work, input))).toBe("not_found");
    expect(await outcome(checkSeries(world.work, { ...asked(at(2, "10:00"), 2), minutes: 35 }))).toBe("invalid");
  });
});

describe("a series", () => {
  test("is booked whole, for one patient, each date at its own time", async () => {
    const input = wanted(at(3, "10:00"), 4);
    const { setId, bookings } = await bookSeries(world.work, input);
    expect(bookings.map(({ start }) => start)).toEqual(input.choices.map(({ start }) => start));
    const rows = await bookingsOf(setId);
    expect(rows.map(({ state, kind, occupancy }) => [state, kind, occupancy])).toEqual(
      Array.from({ length: 4 }, () => ["confirmed", "series", "booked"]),
    );
    expect(new Set(rows.map(({ patient }) => patient)).size).toBe(1);
    expect(await bookSeries(world.work, input)).toEqual({ setId, bookings });
    expect(await outcome(bookSeries(world.work, { ...input, name: "Somebody Else" }))).toBe("key_reused");
  });

  test("leaves nothing behind when one of its dates is gone, and says what every date looks like now", async () => {
    const { work, clinic, t } = world;
    const start = at(4, "11:00");
    await bookTime(work, bookInput(clinic, at(18, "11:00")));
    const before = await t.admin("SELECT count(*)::int AS n FROM app.booking");
    const patients = await t.admin("SELECT count(*)::int AS n FROM app.patient");
    const error: unknown = await bookSeries(work, wanted(start, 4)).catch((reason: unknown) => reason);
    const refusal = refusalOf(error);
    expect(refusal?.code).toBe("slot_taken");
    const dates = refusal?.detail["dates"] as { result: string }[] | undefined;
    expect(dates?.map(({ result }) => result)).toEqual(["free", "free", "blocked", "free"]);
    expect(await t.admin("SELECT count(*)::int AS n FROM app.booking")).toEqual(before);
    expect(await t.admin("SELECT count(*)::int AS n FROM app.patient")).toEqual(patients);
  });

  test("that lost an alternative is told of the time that was chosen, under the date it was chosen for", async () => {
    const { work, clinic } = world;
    const input = wanted(at(11, "09:00"), 2);
    const [first, second] = input.choices;
    if (!first || !second) throw new Error("two choices");
    await bookTime(work, bookInput(clinic, at(19, "09:40")));
    const choices = [first, { ...second, start: at(19, "09:40") }];
    const error: unknown = await bookSeries(work, { ...input, choices }).catch((reason: unknown) => reason);
    const dates = refusalOf(error)?.detail["dates"] as { date: string; result: string; start: Date }[] | undefined;
    expect(dates?.map(({ date, result, start }) => [date, result, start])).toEqual([
      [first.date, "free", first.start],
      [second.date, "blocked", at(19, "09:40")],
    ]);
  });

  test("takes the alternative that was chosen for a date, and leaves out a date that was left out", async () => {
    const input = wanted(at(5, "12:00"), 3);
    const [first, second] = input.choices;
    if (!first || !second) throw new Error("three choices");
    const choices = [first, { ...second, start: new Date(second.start.getTime() + 40 * 60_000) }];
    const { bookings } = await bookSeries(world.work, { ...input, choices });
    expect(bookings.map(({ start }) => start)).toEqual(choices.map((choice) => choice.start));
    const stranger = [{ date: addDays(first.date, 1), start: first.start }];
    expect(await outcome(bookSeries(world.work, { ...input, key: randomUUID(), choices: stranger }))).toBe("invalid");
    const twice = [first, first];
    expect(await outcome(bookSeries(world.work, { ...input, key: randomUUID(), choices: twice }))).toBe("invalid");
  });

  test("races single bookings of its dates: either all of it stands, or none, and nothing is doubled", async () => {
    const { work, clinic, t } = world;
    const start = at(6, "13:00");
    const weeks = 5;
    const ends = await Promise.all([
      ...Array.from({ length: 4 }, () => outcome(bookSeries(work, wanted(start, weeks)))),
      ...Array.from({ length: weeks }, (_, week) =>
        outcome(bookTime(work, bookInput(clinic, new Date(start.getTime() + week * 7 * 86_400_000)))),
      ),
    ]);
    expect(
      ends.every((end) => end === "ok" || end === "slot_taken" || end === "not_offered"),
      ends.join(),
    ).toBe(true);
    const sets = await t.admin(
      `SELECT count(*)::int AS n FROM app.booking WHERE set_kind = 'series' AND practitioner_id = $1
        AND starts_at = ANY ($2) GROUP BY set_id`,
      [clinic.practitionerId, wanted(start, weeks).choices.map((choice) => choice.start)],
    );
    for (const { n } of sets) expect(n).toBe(weeks);
    expect(sets.length).toBeLessThanOrEqual(1);
    expect(await doubles(t)).toBe(0);
  });

  test("pressed several times at the same moment is booked once", async () => {
    const input = wanted(at(12, "10:00"), 3);
    const ends = await Promise.all(Array.from({ length: 5 }, () => bookSeries(world.work, input)));
    expect(new Set(ends.map(({ setId }) => setId)).size).toBe(1);
    expect((await bookingsOf(ends[0]?.setId ?? "")).length).toBe(3);
  });

  test("races its own cancellation: every date is free or booked, with nothing in between", async () => {
    const { work, t } = world;
    const start = at(13, "10:00");
    const { setId } = await bookSeries(work, wanted(start, 6));
    const again = Array.from({ length: 6 }, (_, week) =>
      outcome(bookTime(work, bookInput(world.clinic, new Date(start.getTime() + week * 7 * 86_400_000)))),
    );
    const [end] = await Promise.all([cancelSeries(work, { setId, key: randomUUID() }), ...again]);
    expect(end).toEqual({ cancelled: 6 });
    expect((await bookingsOf(setId)).map(({ state, occupancy }) => [state, occupancy])).toEqual(
      Array.from({ length: 6 }, () => ["cancelled", "released"]),
    );
    expect(await doubles(t)).toBe(0);
  });

  test("of two that meet on one date, the first wins whole", async () => {
    const { work, t } = world;
    const monday = at(7, "14:00");
    const ends = await Promise.all([
      outcome(bookSeries(work, wanted(monday, 4))),
      outcome(bookSeries(work, wanted(new Date(monday.getTime() + 3 * 7 * 86_400_000), 4))),
    ]);
    expect(ends.sort()).toEqual(["ok", "slot_taken"]);
    expect(await doubles(t)).toBe(0);
  });
});

describe("cancelling a series", () => {
  test("cancels what lies ahead from an instant on, frees it, and pressing twice changes nothing more", async () => {
    const { work } = world;
    const start = at(8, "15:00");
    const { setId } = await bookSeries(work, wanted(start, 4));
    const from = new Date(start.getTime() + 2 * 7 * 86_400_000);
    const input = { setId, from, key: randomUUID() };
    expect(await cancelSeries(work, input)).toEqual({ cancelled: 2 });
    expect(await cancelSeries(work, input)).toEqual({ cancelled: 2 });
    expect((await bookingsOf(setId)).map(({ state, occupancy, sequence }) => [state, occupancy, sequence])).toEqual([
      ["confirmed", "booked", 0],
      ["confirmed", "booked", 0],
      ["cancelled", "released", 1],
      ["cancelled", "released", 1],
    ]);
    expect(await cancelSeries(work, { setId, key: randomUUID() })).toEqual({ cancelled: 2 });
    expect(await cancelSeries(work, { setId, key: randomUUID() })).toEqual({ cancelled: 0 });
    const quiet = await world.t.admin(
      `SELECT count(*) FILTER (WHERE payload ? 'quiet')::int AS quiet, count(*)::int AS n FROM app.event
       WHERE type = 'booking.cancelled' AND payload ->> 'bookingId' IN (SELECT id::text FROM app.booking WHERE set_id = $1)`,
      [setId],
    );
    expect(quiet).toEqual([{ quiet: 2, n: 4 }]);
  });

  test("is told once, with how many and the last; a visit that was moved alone is told by itself too", async () => {
    const { work, t, clinic } = world;
    const start = at(8, "11:00");
    const { setId, bookings } = await bookSeries(work, wanted(start, 3));
    const [, second, third] = bookings;
    await t.admin("UPDATE app.booking SET sequence = 1 WHERE clinic_id = $1 AND id = $2", [
      clinic.clinicId,
      second?.bookingId,
    ]);
    await cancelSeries(work, { setId, key: randomUUID() });
    const told = await t.admin(
      `SELECT payload -> 'series' AS series, payload -> 'quiet' AS quiet FROM app.event
       WHERE type = 'booking.cancelled' AND payload ->> 'bookingId' = ANY ($1) ORDER BY payload ->> 'startsAt'`,
      [bookings.map(({ bookingId }) => bookingId)],
    );
    expect(told).toEqual([
      { series: { count: 3, last: third?.start.toISOString() }, quiet: null },
      { series: null, quiet: null },
      { series: null, quiet: true },
    ]);
  });

  test("of another clinic is not found", async () => {
    const { setId } = await bookSeries(world.work, wanted(at(9, "16:00"), 2));
    const other = guestOf(world.s, await makeClinic(world.t));
    expect(await outcome(cancelSeries(other, { setId, key: randomUUID() }))).toBe("not_found");
  });
});

describe("reading a series", () => {
  test("gives every booking of it by the clock, also what was cancelled", async () => {
    const { work } = world;
    const { setId, bookings } = await bookSeries(work, wanted(at(14, "09:00"), 3));
    await cancelSeries(work, { setId, from: bookings[2]?.start, key: randomUUID() });
    const read = await readSeries(work, setId);
    expect(read.bookings.map(({ bookingId, start, state }) => [bookingId, start, state])).toEqual(
      bookings.map(({ bookingId, start }, n) => [bookingId, start, n === 2 ? "cancelled" : "confirmed"]),
    );
  });

  test("of another clinic, or of what is no series, is not found", async () => {
    const { work, t } = world;
    const { setId } = await bookSeries(work, wanted(at(15, "09:00"), 2));
    const other = guestOf(world.s, await makeClinic(t));
    expect(await outcome(readSeries(other, setId))).toBe("not_found");
    await t.admin("UPDATE app.booking SET set_kind = 'family' WHERE set_id = $1", [setId]);
    expect(await outcome(readSeries(work, setId))).toBe("not_found");
  });
});

test("a series of group sessions takes a seat on every date", async () => {
  const { work, clinic, t } = world;
  await t.admin("UPDATE app.service SET seats = 3 WHERE id = $1", [clinic.serviceId]);
  try {
    const start = at(10, "16:20");
    const first = await bookSeries(work, wanted(start, 3));
    const second = await bookSeries(work, wanted(start, 3));
    const seats = await t.admin(
      `SELECT s.seat_no AS no, g.taken FROM app.seat s JOIN app.group_session g ON g.id = s.session_id
       JOIN app.booking b ON b.id = s.booking_id WHERE b.set_id IN ($1, $2) ORDER BY b.starts_at, s.seat_no`,
      [first.setId, second.setId],
    );
    expect(seats).toEqual(
      Array.from({ length: 3 }, () => [
        { no: 1, taken: 2 },
        { no: 2, taken: 2 },
      ]).flat(),
    );
  } finally {
    await t.admin("UPDATE app.service SET seats = 1 WHERE id = $1", [clinic.serviceId]);
  }
});
