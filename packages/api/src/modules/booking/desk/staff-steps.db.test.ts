import { randomUUID } from "node:crypto";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Work } from "../../../infra/in-tx.ts";
import { bookTime } from "../take/book-time.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import { confirmBooking } from "../take/confirm-booking.ts";
import { holdTime } from "../take/hold-time.ts";
import { moveByPatient, moveByStaff } from "../change/move-booking.ts";
import { squeezeIn } from "./squeeze-in.ts";
import { staffBooking, staffDay, staffToday, staffWeek } from "./staff-day.ts";
import { sweepHolds } from "../take/sweep-holds.ts";
import {
  addNeed,
  addRoom,
  at,
  booked,
  bookInput,
  type BookingWorld,
  bookingWorld,
  dayAt,
  guestOf,
  holdInput,
  outcome,
  refusal,
} from "../testing/booking-world.ts";
import { type StaffStep, transitionBooking } from "../change/transition-booking.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const clinicWork = (clinic: MadeClinic) => ({
  ...guestOf(world.s, clinic),
  actor: clinic.ownerAccountId,
  role: "owner",
});

const step = (work: Work, bookingId: string, to: StaffStep) =>
  outcome(transitionBooking(work, { bookingId, to, key: randomUUID() }));

async function begun(bookingId: string): Promise<void> {
  for (const table of ["booking WHERE id", "occupancy WHERE booking_id"]) {
    const [name, where] = table.split(" WHERE ");
    const shift = "- interval '10 days'";
    const blocked =
      name === "occupancy" ? `, blocked_from = blocked_from ${shift}, blocked_to = blocked_to ${shift}` : "";
    await world.t.admin(
      `UPDATE app.${name} SET starts_at = starts_at ${shift}, ends_at = ends_at ${shift}${blocked} WHERE ${where} = $1`,
      [bookingId],
    );
  }
}

async function eventsOf(bookingId: string): Promise<unknown[]> {
  const rows = await world.t.admin(
    "SELECT type FROM app.event WHERE payload->>'bookingId' = $1 AND live AND type <> 'booking.held' ORDER BY seq",
    [bookingId],
  );
  return rows.map((row) => row["type"]);
}

describe("a visit's way through the day", () => {
  test("goes step by step, and no step is skipped or taken twice", async () => {
    const { clinic, t } = world;
    const work = clinicWork(clinic);
    const { id } = await booked(world.t, work, clinic, at(3, "09:00"));
    expect(await step(work, id, "in_consultation")).toBe("not_next");
    expect(await step(work, id, "no_show")).toBe("not_next");
    expect(await step(work, id, "checked_in")).toBe("ok");
    const again = await refusal(transitionBooking(work, { bookingId: id, to: "checked_in", key: randomUUID() }));
    expect(again).toMatchObject({ code: "not_next", detail: { state: "checked_in" } });
    expect(await step(work, id, "in_consultation")).toBe("ok");
    expect(await step(work, id, "completed")).toBe("ok");
    expect(await eventsOf(id)).toEqual([
      "booking.confirmed",
      "booking.checked_in",
      "booking.started",
      "booking.completed",
    ]);
    const audits = await t.admin("SELECT action FROM app.audit_log WHERE entity_id = $1 AND action LIKE '%started'", [
      id,
    ]);
    expect(audits).toHaveLength(1);
  });

  test("who has not come leaves the time, once it has begun", async () => {
    const { clinic, t } = world;
    const work = clinicWork(clinic);
    const { id } = await booked(world.t, work, clinic, at(3, "10:00"));
    await begun(id);
    expect(await step(work, id, "no_show")).toBe("ok");
    expect(await t.admin("SELECT state FROM app.occupancy WHERE booking_id = $1", [id])).toEqual([
      { state: "released" },
    ]);
  });

  test("is not another clinic's to change", async () => {
    const work = clinicWork(world.clinic);
    const { id } = await booked(world.t, work, world.clinic, at(3, "10:20"));
    const other = clinicWork(await makeClinic(world.t));
    expect(await step(other, id, "checked_in")).toBe("not_found");
  });
});

describe("a clinic that answers by hand", () => {
  async function byHand(): Promise<{ clinic: MadeClinic; work: ReturnType<typeof clinicWork> }> {
    const clinic = await makeClinic(world.t);
    await world.t.admin("UPDATE app.service SET needs_approval = true WHERE clinic_id = $1", [clinic.clinicId]);
    return { clinic, work: clinicWork(clinic) };
  }

  test("keeps a request's time until it is answered; approved it is a booking", async () => {
    const { clinic, work } = await byHand();
    const { id, booking, token } = await booked(world.t, work, clinic, at(3, "09:00"));
    expect(await staffToday(work)).toMatchObject({
      needs: [],
      requestCount: 1,
      requests: [{ id, state: "requested", holdExpiresAt: at(3, "09:00") }],
    });
    expect(booking).toMatchObject({ state: "requested", approval: true, holdExpiresAt: at(3, "09:00") });
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
    expect(await step(work, id, "confirmed")).toBe("ok");
    expect(await staffBooking(work, id)).toMatchObject({ state: "confirmed", holdExpiresAt: null });
    expect(await staffToday(work)).toMatchObject({ requestCount: 0, requests: [] });
    expect(await eventsOf(id)).toEqual(["booking.requested", "booking.approved", "booking.confirmed"]);
    expect(await outcome(cancelBooking(work, "patient", { token, key: randomUUID() }))).toBe("ok");
  });

  test("a hold of it becomes a request where it stands", async () => {
    const { clinic, work } = await byHand();
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:00")));
    const view = await confirmBooking(work, { token, key: randomUUID(), name: "Sipho", phone: "+27821234567" });
    expect(view).toMatchObject({ state: "requested", holdExpiresAt: at(3, "09:00"), patientName: "Sipho" });
  });

  test("a request that moves waits until its new time", async () => {
    const { clinic, work } = await byHand();
    const { id, token } = await booked(world.t, work, clinic, at(3, "09:00"));
    await moveByPatient(work, { token, start: at(4, "11:00"), who: "any", key: randomUUID() });
    expect(await staffBooking(work, id)).toMatchObject({ state: "requested", holdExpiresAt: at(4, "11:00") });
    const [row] = await world.t.admin("SELECT state, hold_expires_at FROM app.occupancy WHERE booking_id = $1", [id]);
    expect(row).toEqual({ state: "held", hold_expires_at: at(4, "11:00") });
    expect(await step(work, id, "confirmed")).toBe("ok");
  });

  test("declined, or never answered, it leaves the time to others", async () => {
    const { clinic, work } = await byHand();
    const declined = await booked(world.t, work, clinic, at(3, "09:00"));
    expect(await step(work, declined.id, "declined")).toBe("ok");
    const forgotten = await booked(world.t, work, clinic, at(3, "09:00"));
    await begun(forgotten.id);
    await world.t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 minute' WHERE id = $1", [
      forgotten.id,
    ]);
    await world.t.admin(
      "UPDATE app.occupancy SET hold_expires_at = now() - interval '1 minute' WHERE booking_id = $1",
      [forgotten.id],
    );
    expect(await step(work, forgotten.id, "confirmed")).toBe("not_next");
    expect((await staffToday(work)).requests).toEqual([]);
    expect((await booked(world.t, work, clinic, at(3, "09:00"))).booking.state).toBe("requested");
  });

  test("approving and cancelling at once: one of them is what happened, and the time says the same", async () => {
    for (let round = 0; round < 5; round++) {
      const { clinic, work } = await byHand();
      const { id, token } = await booked(world.t, work, clinic, at(3, "09:00"));
      const [approve, cancel] = await Promise.all([
        step(work, id, "confirmed"),
        outcome(cancelBooking(work, "patient", { token, key: randomUUID() })),
      ]);
      expect(cancel).toBe("ok");
      expect(["ok", "not_next"]).toContain(approve);
      const rows = await world.t.admin(
        "SELECT b.state, o.state AS occupied FROM app.booking b JOIN app.occupancy o ON o.booking_id = b.id WHERE b.id = $1",
        [id],
      );
      expect(rows).toEqual([{ state: "cancelled", occupied: "released" }]);
    }
  });
});

describe("a visit squeezed in", () => {
  const wish = (clinic: MadeClinic, start: Date, over: Partial<{ reason: string; minutes: number }> = {}) => ({
    serviceId: clinic.serviceId,
    practitionerId: clinic.practitionerId,
    start,
    reason: "In pain since the morning",
    key: randomUUID(),
    name: "Ayanda Nkosi",
    ...over,
  });

  test("stands over another one, is shown as such, and its reason is sealed", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    await booked(world.t, work, clinic, at(3, "09:00"));
    const { bookingId } = await squeezeIn(work, wish(clinic, at(3, "09:00")));
    expect(await staffBooking(work, bookingId)).toMatchObject({ squeezedIn: true, patientName: "Ayanda Nkosi" });
    const [row] = await world.t.admin(
      "SELECT squeeze_reason_sealed::text AS sealed, squeezed_by FROM app.booking WHERE id = $1",
      [bookingId],
    );
    expect(row?.["squeezed_by"]).toBe(clinic.ownerAccountId);
    expect(row?.["sealed"]).not.toContain("pain");
    expect(await eventsOf(bookingId)).toEqual(["booking.squeezed_in", "booking.confirmed"]);
    // whoever comes after finds the time as taken as before
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
  });

  test("moved to a time of its own, is squeezed in no more", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    await booked(world.t, work, clinic, at(3, "09:00"));
    const { bookingId } = await squeezeIn(work, wish(clinic, at(3, "09:00")));
    const to = { bookingId, start: at(3, "10:00"), practitionerId: clinic.practitionerId, sequence: 0 };
    await moveByStaff(work, { ...to, key: randomUUID() });
    expect(await staffBooking(work, bookingId)).toMatchObject({ squeezedIn: false, sequence: 1 });
    const rows = await world.t.admin("SELECT squeeze_in FROM app.occupancy WHERE booking_id = $1", [bookingId]);
    expect(rows).toEqual([{ squeeze_in: false }]);
    // the day has room for two again
    for (const end of ["ok", "ok", "cap_reached"]) {
      expect(await outcome(squeezeIn(work, wish(clinic, at(3, "09:00"))))).toBe(end);
    }
  });

  test("is refused where nothing is in the way, in the past, over the cap", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    expect(await outcome(squeezeIn(work, wish(clinic, at(3, "09:00"))))).toBe("not_blocked");
    expect(await outcome(squeezeIn(work, wish(clinic, at(-3, "09:00"))))).toBe("in_the_past");
    await booked(world.t, work, clinic, at(3, "09:00"));
    for (const end of ["ok", "ok", "cap_reached"]) {
      expect(await outcome(squeezeIn(work, wish(clinic, at(3, "09:00"))))).toBe(end);
    }
    // outside opening hours it overlaps nobody, so the cap says nothing
    expect(await outcome(squeezeIn(work, wish(clinic, at(3, "19:00"))))).toBe("ok");
  });

  test("many at once: no more than the cap, and a guest's name cannot write one past the trigger", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    await booked(world.t, work, clinic, at(3, "09:00"));
    const ends = await Promise.all(
      Array.from({ length: 12 }, () => outcome(squeezeIn(work, wish(clinic, at(3, "09:00"))))),
    );
    expect(ends.filter((end) => end === "ok")).toHaveLength(2);
    expect(ends.filter((end) => end === "cap_reached")).toHaveLength(10);
    const stranger = { ...work, actor: randomUUID() };
    await expect(squeezeIn(stranger, wish(clinic, at(4, "09:01")))).resolves.toBeDefined();
    await booked(world.t, work, clinic, at(5, "09:00"));
    await expect(squeezeIn(stranger, wish(clinic, at(5, "09:00")))).rejects.toThrow();
  });

  test("into a group session takes a seat of it, and begins one where there is none", async () => {
    const clinic = await makeClinic(world.t, { noticeMinutes: 60 * 24 * 10, horizonDays: 30 });
    const work = clinicWork(clinic);
    await world.t.admin("UPDATE app.service SET seats = 3 WHERE clinic_id = $1", [clinic.clinicId]);
    const ids: string[] = [];
    for (let person = 0; person < 3; person++)
      ids.push((await squeezeIn(work, wish(clinic, at(3, "09:00")))).bookingId);
    const seats = [];
    for (const id of ids) seats.push((await staffBooking(work, id)).seat);
    expect(seats).toEqual([1, 2, 3].map((no) => ({ no, of: 3 })));
    const rows = await world.t.admin(
      "SELECT session_id IS NOT NULL AS session, squeeze_in FROM app.occupancy WHERE clinic_id = $1",
      [clinic.clinicId],
    );
    expect(rows).toEqual([{ session: true, squeeze_in: false }]);
    // a fourth stands over the session, within the cap
    const { bookingId } = await squeezeIn(work, wish(clinic, at(3, "09:00")));
    expect(await staffBooking(work, bookingId)).toMatchObject({ seat: null, squeezedIn: true });
  });

  test("takes a free room and leaves the taken one alone", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    const rooms = [await addRoom(world.t, clinic, "Room 1"), await addRoom(world.t, clinic, "Room 2")];
    await addNeed(world.t, clinic, rooms);
    await booked(world.t, work, clinic, at(3, "09:00"));
    const { bookingId } = await squeezeIn(work, wish(clinic, at(3, "09:00")));
    expect((await staffBooking(work, bookingId)).rooms).toEqual(["Room 2"]);
    const over = await world.t.admin("SELECT resource_id FROM app.occupancy WHERE booking_id = $1 AND squeeze_in", [
      bookingId,
    ]);
    expect(over).toEqual([{ resource_id: clinic.practitionerId }]);
  });
});

describe("holds that run out", () => {
  test("are swept by the worker, requests with them", async () => {
    const clinic = await makeClinic(world.t);
    await world.t.admin("UPDATE app.service SET needs_approval = true WHERE clinic_id = $1", [clinic.clinicId]);
    const work = clinicWork(clinic);
    const { id } = await booked(world.t, work, clinic, at(1, "09:00"));
    await world.t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 minute' WHERE id = $1", [id]);
    await world.t.admin(
      "UPDATE app.occupancy SET hold_expires_at = now() - interval '1 minute' WHERE booking_id = $1",
      [id],
    );
    expect(await sweepHolds(world.s, clinic.clinicId)).toBe(1);
    expect(await staffBooking(work, id)).toMatchObject({ state: "expired" });
  });
});

test("a visit over midnight stands on both days, and in the week it ends in", async () => {
  const clinic = await makeClinic(world.t, { hours: { from: 0, to: 1440 }, intervalMinutes: 10 });
  const work = clinicWork(clinic);
  const { id } = await booked(world.t, work, clinic, at(9, "23:50"));
  const days = await Promise.all([dayAt(8), dayAt(9), dayAt(10), dayAt(11)].map((date) => staffDay(work, date)));
  expect(days.map((all) => all.map((one) => one.id))).toEqual([[], [id], [id], []]);
  const week = await staffWeek(work, { practitionerId: clinic.practitionerId, from: dayAt(10) });
  expect(week.map((one) => one.id)).toEqual([id]);
});
