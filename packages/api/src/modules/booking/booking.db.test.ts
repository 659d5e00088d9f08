import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClinic } from "@pulsecal/db/testing";
import { refusalOf } from "../../trpc/error-map.ts";
import { bookTime } from "./take/book-time.ts";
import { pointedBooking } from "./booking-on-link.ts";
import { viewOf } from "./booking-view.ts";
import { cancelBooking } from "./change/cancel-booking.ts";
import { confirmBooking } from "./take/confirm-booking.ts";
import { extendHold, holdTime, releaseHold } from "./take/hold-time.ts";
import { offeredTimesOf } from "./times/offered-times.ts";
import {
  addDoctor,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  dayAt,
  guestOf,
  holdInput,
  outcome,
} from "./testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const startsOf = async (date: string, who = "any") => {
  const { work, clinic } = world;
  const found = await offeredTimesOf(work, { serviceId: clinic.serviceId, who, from: date, days: 1 });
  return found.days[0]?.times.map((time) => time.start.toISOString()) ?? [];
};
const guest = { name: "Sipho Khumalo", phone: "+27821234567" };

describe("booking a time", () => {
  test("writes patient, booking, occupancy, event, reminder and audit, and takes the time away", async () => {
    const { t, s, work, clinic } = world;
    const start = at(3, "09:00");
    expect(await startsOf(dayAt(3))).toContain(start.toISOString());
    const { token, booking } = await bookTime(work, { ...bookInput(clinic, start), reason: "A cough" });
    expect(booking).toMatchObject({
      state: "confirmed",
      start,
      patientName: "Lerato Dube",
      canCancel: true,
      sequence: 0,
    });
    expect(booking.end.getTime() - start.getTime()).toBe(20 * 60_000);
    expect(token).toMatch(/^[\w-]{22}$/);
    expect(await startsOf(dayAt(3))).not.toContain(start.toISOString());

    const read = await s.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) =>
      pointedBooking(db, clinic.clinicId, { token }),
    );
    expect(viewOf(world.work, read)).toEqual(booking);

    const events = await t.admin(
      "SELECT type, payload, live, not_before FROM app.event WHERE payload->>'bookingId' = $1 ORDER BY seq",
      [read.id],
    );
    expect(events.map((event) => [event["type"], event["live"]])).toEqual([
      ["booking.confirmed", true],
      ["booking.reminder_due", false],
    ]);
    expect(events[1]?.["not_before"]).toEqual(new Date(start.getTime() - 86_400_000));
    expect(events[0]?.["payload"]).toEqual({
      bookingId: read.id,
      resourceIds: [clinic.practitionerId],
      startsAt: start.toISOString(),
      blockedFrom: start.toISOString(),
      blockedTo: booking.end.toISOString(),
    });
    const [audit] = await t.admin("SELECT actor, action, detail, request_id FROM app.audit_log WHERE entity_id = $1", [
      read.id,
    ]);
    expect(audit).toMatchObject({ actor: "guest", action: "booking.booked", request_id: "test" });
    const [occupancy] = await t.admin("SELECT state, hold_expires_at FROM app.occupancy WHERE booking_id = $1", [
      read.id,
    ]);
    expect(occupancy).toEqual({ state: "booked", hold_expires_at: null });
  });

  test("tells nobody who the patient is: no event, audit row or stored answer holds their words", async () => {
    const { t, work, clinic } = world;
    await bookTime(work, {
      ...bookInput(clinic, at(3, "09:20"), { name: "Zanele Canary" }),
      email: "canary@people.example",
      reason: "canary reason",
    });
    const [row] = await t.admin(`SELECT
      (SELECT count(*)::int FROM app.event WHERE payload::text ILIKE '%canary%') AS events,
      (SELECT count(*)::int FROM app.audit_log a WHERE a::text ILIKE '%canary%') AS audits,
      (SELECT count(*)::int FROM app.idempotency i WHERE i::text ILIKE '%canary%') AS answers,
      (SELECT count(*)::int FROM app.patient p WHERE p::text ILIKE '%canary%') AS patients`);
    expect(row).toEqual({ events: 0, audits: 0, answers: 0, patients: 1 });
  });

  test("of a taken time is refused with the three nearest free ones", async () => {
    const { work, clinic } = world;
    const start = at(4, "10:00");
    await bookTime(work, bookInput(clinic, start));
    const refused = await bookTime(work, bookInput(clinic, start)).catch((error: unknown) => refusalOf(error));
    expect(refused).toEqual({
      code: "slot_taken",
      detail: {
        alternatives: [at(4, "09:20"), at(4, "09:40"), at(4, "10:20")].map((time) => ({
          start: time,
          practitionerId: clinic.practitionerId,
        })),
      },
    });
  });

  test("outside the hours, off the grid or in the past is not offered, with alternatives", async () => {
    const { work, clinic } = world;
    for (const start of [at(4, "06:00"), at(4, "09:07"), at(-2, "10:00"), at(300, "10:00")]) {
      const refused = await bookTime(work, bookInput(clinic, start)).catch((error: unknown) => refusalOf(error));
      expect(refused).toMatchObject({ code: "not_offered" });
    }
  });

  test("a visit tomorrow gets no reminder that would be due already", async () => {
    const { t, work, clinic } = world;
    const zone = await makeClinic(t, { hours: { from: 0, to: 1440 } });
    const start = new Date(Math.ceil((Date.now() + 3 * 3_600_000) / 1_200_000) * 1_200_000);
    const other = guestOf(work.s, zone);
    await bookTime(other, bookInput(zone, start));
    const rows = await t.admin("SELECT type FROM app.event WHERE clinic_id = $1", [zone.clinicId]);
    expect(rows.map((row) => row["type"])).toEqual(["booking.confirmed"]);
    expect(clinic.clinicId).not.toBe(zone.clinicId);
  });
});

describe("a key", () => {
  test("used twice for the same thing gives the first answer and one booking", async () => {
    const { t, work, clinic } = world;
    const input = bookInput(clinic, at(5, "08:00"));
    const [first, again] = [await bookTime(work, input), await bookTime(work, input)];
    expect(again).toEqual(first);
    const [row] = await t.admin("SELECT count(*)::int AS n FROM app.booking WHERE clinic_id = $1 AND starts_at = $2", [
      clinic.clinicId,
      input.start,
    ]);
    expect(row).toEqual({ n: 1 });
  });

  test("used twice at the same moment makes one booking", async () => {
    const { work, clinic, t } = world;
    const input = bookInput(clinic, at(5, "08:20"), { who: "any" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => bookTime(work, input)));
    expect(new Set(answers.map((answer) => answer.token)).size).toBe(1);
    const [row] = await t.admin("SELECT count(*)::int AS n FROM app.booking WHERE clinic_id = $1 AND starts_at = $2", [
      clinic.clinicId,
      input.start,
    ]);
    expect(row).toEqual({ n: 1 });
  });

  test("used for something else is refused", async () => {
    const { work, clinic } = world;
    const input = bookInput(clinic, at(5, "08:40"));
    await bookTime(work, input);
    expect(await outcome(bookTime(work, { ...input, name: "Someone Else" }))).toBe("key_reused");
    expect(await outcome(bookTime(work, { ...input, who: "any" }))).toBe("key_reused");
    expect(
      await outcome(holdTime(work, { serviceId: input.serviceId, who: "any", start: input.start, key: input.key })),
    ).toBe("key_reused");
  });

  test("is worth nothing after a refusal: the same key can be used again", async () => {
    const { work, clinic } = world;
    const start = at(5, "09:00");
    const { token } = await bookTime(work, bookInput(clinic, start));
    const input = bookInput(clinic, start);
    expect(await outcome(bookTime(work, input))).toBe("slot_taken");
    await cancelBooking(work, "patient", { token, key: randomUUID() });
    expect(await outcome(bookTime(work, input))).toBe("ok");
  });
});

describe("cancelling", () => {
  test("by the patient frees the time, counts the sequence up and leaves event and audit", async () => {
    const { t, work, clinic } = world;
    const start = at(8, "09:00");
    const { token } = await bookTime(work, bookInput(clinic, start));
    const input = { token, reason: "I am well again", key: randomUUID() };
    const row = await cancelBooking(work, "patient", input);
    expect(viewOf(world.work, row)).toMatchObject({
      state: "cancelled",
      sequence: 1,
      canCancel: false,
      cancelUntil: null,
    });
    expect((await cancelBooking(work, "patient", input)).sequence).toBe(1);
    expect(await startsOf(dayAt(8))).toContain(start.toISOString());
    expect(await outcome(cancelBooking(work, "patient", { token, key: randomUUID() }))).toBe("not_cancellable");
    const stored = await t.admin("SELECT cancelled_by FROM app.booking WHERE id = $1", [row.id]);
    expect(stored).toEqual([{ cancelled_by: "patient" }]);
    const events = await t.admin("SELECT type FROM app.event WHERE payload->>'bookingId' = $1 AND live ORDER BY seq", [
      row.id,
    ]);
    expect(events.map((event) => event["type"])).toEqual(["booking.confirmed", "booking.cancelled"]);
    const audits = await t.admin("SELECT action FROM app.audit_log WHERE entity_id = $1 ORDER BY at, id", [row.id]);
    expect(audits.map((audit) => audit["action"])).toEqual(["booking.booked", "booking.cancelled"]);
  });

  test("is too late for the patient inside the clinic's limit, not for staff", async () => {
    const { t, work, clinic } = world;
    const { token } = await bookTime(work, bookInput(clinic, at(8, "10:00")));
    await t.admin("UPDATE app.clinic_profile SET cancel_until_minutes = 43200 WHERE clinic_id = $1", [clinic.clinicId]);
    try {
      expect(await outcome(cancelBooking(work, "patient", { token, key: randomUUID() }))).toBe("too_late_to_cancel");
      const { id } = await work.s.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) =>
        pointedBooking(db, clinic.clinicId, { token }),
      );
      const row = await cancelBooking({ ...work, actor: clinic.ownerAccountId }, "staff", {
        bookingId: id,
        key: randomUUID(),
      });
      expect(row.state).toBe("cancelled");
    } finally {
      await t.admin("UPDATE app.clinic_profile SET cancel_until_minutes = 120 WHERE clinic_id = $1", [clinic.clinicId]);
    }
  });
});

describe("whoever is free first", () => {
  test("is the one with the fewest bookings that day, then the clinic's order, and the next when that one is lost", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const second = await addDoctor(t, clinic, "Dr Naidoo", 1);
    const work = guestOf(s, clinic);
    const start = at(9, "09:00");
    const who = async (time: Date) => (await holdTime(work, holdInput(clinic, time, { who: "any" }))).practitionerId;
    expect(await who(start)).toBe(clinic.practitionerId);
    expect(await who(at(9, "10:00"))).toBe(second);
    expect(await who(start)).toBe(second);
    expect(await outcome(who(start))).toBe("slot_taken");
    const offered = await offeredTimesOf(work, { serviceId: clinic.serviceId, who: "any", from: dayAt(9), days: 1 });
    expect(
      offered.days[0]?.times.find((time) => time.start.getTime() === at(9, "10:00").getTime())?.practitionerId,
    ).toBe(clinic.practitionerId);
  });
});

describe("another clinic's ids", () => {
  test("are not found, like random ones", async () => {
    const { t, s, clinic, work } = world;
    const other = await makeClinic(t);
    const otherWork = guestOf(s, other);
    const { token } = await bookTime(work, bookInput(clinic, at(10, "09:00")));
    const foreign = [
      bookTime(otherWork, { ...bookInput(clinic, at(10, "10:00")) }),
      bookTime(otherWork, { ...bookInput(other, at(10, "10:00")), who: clinic.practitionerId }),
      holdTime(otherWork, { ...holdInput(clinic, at(10, "10:00")), who: "any" }),
      cancelBooking(otherWork, "patient", { token, key: randomUUID() }),
      cancelBooking(otherWork, "staff", { bookingId: randomUUID(), key: randomUUID() }),
      confirmBooking(otherWork, { token, key: randomUUID(), ...guest }),
      extendHold(otherWork, { token }),
      releaseHold(otherWork, { token }),
      offeredTimesOf(otherWork, { serviceId: clinic.serviceId, who: "any", days: 7 }),
      offeredTimesOf(otherWork, { serviceId: other.serviceId, who: clinic.practitionerId, days: 7 }),
    ];
    expect(await Promise.all(foreign.map(outcome))).toEqual(foreign.map(() => "not_found"));
  });
});

describe("a clinic that is not open for public booking", () => {
  test("offers and takes nothing", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t, { status: "practice" });
    const work = guestOf(s, clinic);
    expect(await outcome(bookTime(work, bookInput(clinic, at(10, "10:00"))))).toBe("not_bookable");
    expect(await outcome(bookTime(work, bookInput(clinic, at(10, "10:00"), { who: "any" })))).toBe("not_bookable");
    expect(await outcome(offeredTimesOf(work, { serviceId: clinic.serviceId, who: "any", days: 7 }))).toBe(
      "not_bookable",
    );
  });

  test("does not turn a hold from before into a booking", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const work = guestOf(s, clinic);
    const hold = await holdTime(work, holdInput(clinic, at(10, "10:00")));
    await t.admin("UPDATE platform.clinic SET status = 'suspended' WHERE id = $1", [clinic.clinicId]);
    expect(await outcome(confirmBooking(work, { token: hold.token, key: randomUUID(), ...guest }))).toBe(
      "not_bookable",
    );
  });
});
