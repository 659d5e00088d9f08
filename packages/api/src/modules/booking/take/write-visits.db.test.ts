import { randomUUID } from "node:crypto";
import { newId } from "@pulsecal/db";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Work } from "../../../infra/in-tx.ts";
import { expireHolds } from "./hold.repo.ts";
import { inBookingTx } from "../in-booking-tx.ts";
import { releaseHeld } from "../queue.repo.ts";
import { SlotTaken } from "../slot-taken.ts";
import { addRoom, at, type BookingWorld, bookingWorld, doubles, guestOf } from "../testing/booking-world.ts";
import type { Visit } from "./visit.ts";
import { writeVisits } from "./write-visits.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const guest = { name: "Lerato Dube", email: "lerato@people.example", phone: null, reason: "A sore knee" };

function visitAt(clinic: MadeClinic, start: Date, over: Partial<Visit> & { rooms?: string[] } = {}): Visit {
  const { rooms = [], ...rest } = over;
  const minutes = rest.minutes ?? 20;
  return {
    bookingId: newId(),
    serviceId: clinic.serviceId,
    practitionerId: clinic.practitionerId,
    start: start.getTime(),
    minutes,
    resources: [clinic.practitionerId, ...rooms].map((id) => ({ id, minutes, bufferBefore: 0, bufferAfter: 0 })),
    state: "confirmed",
    holdExpiresAt: null,
    patient: { new: guest, id: newId() },
    bookedBy: "patient",
    ...rest,
  };
}

function write(work: Work, visits: Visit[], key: string | null = null): Promise<string[]> {
  const resourceIds = visits.flatMap((visit) => visit.resources.map(({ id }) => id));
  return inBookingTx(work, { resourceIds, key: key === null ? null : { key, inputHash: "same" } }, async (tx, now) => {
    const rows = await writeVisits(tx, work, visits, now);
    return rows.map((row) => row.id);
  });
}

describe("visits that were decided on", () => {
  test("are written whole: booking, every resource, patient, events and audit", async () => {
    const { work, clinic, t } = world;
    const room = await addRoom(t, clinic, "Room 1");
    const visit = visitAt(clinic, at(3, "09:00"), { rooms: [room] });
    expect(await write(work, [visit])).toEqual([visit.bookingId]);
    const occupied = await t.admin("SELECT resource_id, state FROM app.occupancy WHERE booking_id = $1", [
      visit.bookingId,
    ]);
    expect(occupied).toHaveLength(2);
    expect(occupied.every((row) => row["state"] === "booked")).toBe(true);
    const [booking] = await t.admin(
      `SELECT p.name, b.reason_sealed IS NOT NULL AS told, k.wrapped IS NOT NULL AS keyed FROM app.booking b
      JOIN app.patient p ON p.id = b.patient_id JOIN app.patient_key k ON k.id = p.id WHERE b.id = $1`,
      [visit.bookingId],
    );
    expect(booking).toEqual({ name: "Lerato Dube", told: true, keyed: true });
    const events = await t.admin("SELECT type, payload FROM app.event WHERE payload->>'bookingId' = $1 ORDER BY type", [
      visit.bookingId,
    ]);
    expect(events.map((row) => row["type"])).toEqual(["booking.confirmed", "booking.reminder_due"]);
    expect(events[0]?.["payload"]).toMatchObject({ resourceIds: [clinic.practitionerId, room] });
    const audits = await t.admin("SELECT action FROM app.audit_log WHERE entity_id = $1", [visit.bookingId]);
    expect(audits).toEqual([{ action: "booking.booked" }]);
  });

  test("are all written or none: one that is taken takes the others with it", async () => {
    const { work, clinic, t } = world;
    const clash = visitAt(clinic, at(3, "10:00"));
    await write(work, [clash]);
    const set = [visitAt(clinic, at(3, "10:20")), visitAt(clinic, at(3, "10:10"))];
    await expect(write(work, set)).rejects.toBeInstanceOf(SlotTaken);
    const left = await t.admin("SELECT id FROM app.booking WHERE id = ANY ($1)", [set.map((v) => v.bookingId)]);
    expect(left).toEqual([]);
    expect(await doubles(t)).toBe(0);
  });

  test("are answered from the key when they come twice", async () => {
    const { work, clinic } = world;
    const key = randomUUID();
    const first = await write(work, [visitAt(clinic, at(3, "11:00"))], key);
    expect(await write(work, [visitAt(clinic, at(3, "11:20"))], key)).toEqual(first);
  });

  test("keep buffers beside the blocked span where the clinic shares them", async () => {
    const clinic = await makeClinic(world.t);
    await world.t.admin("UPDATE app.clinic_profile SET share_buffers = true WHERE clinic_id = $1", [clinic.clinicId]);
    const work = guestOf(world.s, clinic);
    const resources = [{ id: clinic.practitionerId, minutes: 20, bufferBefore: 5, bufferAfter: 10 }];
    const visit = visitAt(clinic, at(3, "09:00"), { resources });
    await write(work, [visit]);
    const [row] = await world.t.admin(
      "SELECT blocked_from = starts_at AND blocked_to = ends_at AS bare, buffer_before, buffer_after FROM app.occupancy WHERE booking_id = $1",
      [visit.bookingId],
    );
    expect(row).toEqual({ bare: true, buffer_before: 5, buffer_after: 10 });
  });
});

describe("what was held and has run out", () => {
  test("leaves every resource it held, whichever of them is swept", async () => {
    const clinic = await makeClinic(world.t);
    const room = await addRoom(world.t, clinic, "Room 1");
    const work = guestOf(world.s, clinic);
    const holdExpiresAt = Date.now() + 600_000;
    const held = visitAt(clinic, at(3, "09:00"), { rooms: [room], state: "held", holdExpiresAt, patient: null });
    await write(work, [held]);
    await world.t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 second' WHERE id = $1", [
      held.bookingId,
    ]);
    await world.t.admin(
      "UPDATE app.occupancy SET hold_expires_at = now() - interval '1 second' WHERE booking_id = $1",
      [held.bookingId],
    );
    const end = await world.s.db.writeOnce({ clinicId: clinic.clinicId, actor: "guest" }, (db) =>
      expireHolds(db, clinic.clinicId, [room]),
    );
    expect(end.released).toBe(1);
    const rows = await world.t.admin(
      "SELECT b.state AS booking, o.state AS occupancy FROM app.booking b JOIN app.occupancy o ON o.booking_id = b.id WHERE b.id = $1",
      [held.bookingId],
    );
    expect(rows).toEqual([
      { booking: "expired", occupancy: "released" },
      { booking: "expired", occupancy: "released" },
    ]);
    const events = await world.t.admin(
      "SELECT payload FROM app.event WHERE type = 'booking.expired' AND payload->>'bookingId' = $1",
      [held.bookingId],
    );
    expect(events).toHaveLength(1);
  });

  test("is let go by hand only while it is still held", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const holdExpiresAt = Date.now() + 600_000;
    const held = visitAt(clinic, at(3, "09:00"), { state: "held", holdExpiresAt, patient: null });
    const booked = visitAt(clinic, at(3, "10:00"));
    await write(work, [held, booked]);
    const gone = await inBookingTx(work, { resourceIds: [clinic.practitionerId], key: null }, (tx) =>
      releaseHeld(tx, clinic.clinicId, [held.bookingId, booked.bookingId]),
    );
    expect(gone).toBe(1);
  });
});
