import { randomUUID } from "node:crypto";
import { type MadeClinic, makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookForPatient, bookTime } from "../take/book-time.ts";
import { cancelBooking } from "./cancel-booking.ts";
import { holdTime, releaseHold } from "../take/hold-time.ts";
import { keepBooking } from "./keep-booking.ts";
import { moveByPatient, moveByStaff } from "./move-booking.ts";
import { transitionBooking } from "./transition-booking.ts";
import { moveTimesOf } from "../times/offered-times.ts";
import { viewOf } from "../booking-view.ts";
import { staffBooking } from "../desk/staff-day.ts";
import {
  addDoctor,
  addNeed,
  addRoom,
  addService,
  at,
  booked,
  bookInput,
  type BookingWorld,
  bookingWorld,
  doubles,
  guestOf,
  holdInput,
  outcome,
  refusal,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const toTime = (token: string, start: Date, who = "any") => ({ token, start, who, key: randomUUID() });

/** The clinic as it is seen through another service, which everybody gives. */
async function otherService(clinic: MadeClinic): Promise<MadeClinic> {
  const serviceId = await addService(world.t, clinic, 20);
  await world.t.admin(
    `INSERT INTO app.service_practitioner (clinic_id, id, service_id, practitioner_id)
     SELECT clinic_id, gen_random_uuid(), $2, id FROM app.practitioner WHERE clinic_id = $1 ON CONFLICT DO NOTHING`,
    [clinic.clinicId, serviceId],
  );
  return { ...clinic, serviceId };
}

function occupied(bookingId: string) {
  return world.t.admin(
    "SELECT resource_id, starts_at, state FROM app.occupancy WHERE booking_id = $1 ORDER BY resource_id",
    [bookingId],
  );
}

describe("a patient who moves their booking", () => {
  test("has the new time and not the old one, in one step, told to everybody", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    const moved = await moveByPatient(work, toTime(token, at(4, "11:00")));
    expect(moved).toMatchObject({ startsAt: at(4, "11:00"), sequence: 1, movedFrom: null, state: "confirmed" });
    expect(await occupied(id)).toEqual([
      { resource_id: clinic.practitionerId, starts_at: at(4, "11:00"), state: "booked" },
    ]);
    const events = await world.t.admin(
      "SELECT type, payload FROM app.event WHERE payload->>'bookingId' = $1 AND type IN ('booking.moved', 'booking.reminder_due') ORDER BY seq",
      [id],
    );
    expect(events.map((event) => event["type"])).toEqual([
      "booking.reminder_due",
      "booking.moved",
      "booking.reminder_due",
    ]);
    expect(events[1]?.["payload"]).toMatchObject({
      startsAt: at(4, "11:00").toISOString(),
      fromStartsAt: at(3, "10:00").toISOString(),
      fromResourceIds: [clinic.practitionerId],
    });
    expect(events[1]?.["payload"]).not.toHaveProperty("byClinic");
    const audit = await world.t.admin(
      "SELECT detail FROM app.audit_log WHERE action = 'booking.moved' AND entity_id = $1",
      [id],
    );
    expect(audit).toHaveLength(1);
    // the old time is anybody's
    await bookTime(work, bookInput(clinic, at(3, "10:00")));
  });

  test("keeps the old one when the new one is taken, and hears what else is free", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    await booked(world.t, work, clinic, at(3, "11:00"));
    const { code, detail } = await refusal(moveByPatient(work, toTime(token, at(3, "11:00"))));
    expect(code).toBe("slot_taken");
    expect(detail).toMatchObject({ kept: true });
    // its own time is as good as free for it
    expect(detail["alternatives"]).toHaveLength(3);
    expect(await occupied(id)).toMatchObject([{ starts_at: at(3, "10:00"), state: "booked" }]);
  });

  test("may move onto a time that their own booking overlaps", async () => {
    const clinic = await makeClinic(world.t, { minutes: 40, intervalMinutes: 20 });
    const work = guestOf(world.s, clinic);
    const { token } = await booked(world.t, work, clinic, at(3, "10:00"));
    const times = await moveTimesOf(work, { token, days: 1, from: at(3, "10:00").toISOString().slice(0, 10) });
    const starts = times.days[0]?.times.map((time) => time.start.toISOString());
    expect(starts).toContain(at(3, "10:20").toISOString());
    expect(await moveByPatient(work, toTime(token, at(3, "10:20")))).toMatchObject({ startsAt: at(3, "10:20") });
    expect(await doubles(world.t)).toBe(0);
  });

  test("is refused for what is no move: too late, the same time, cancelled, outside the rules, an unknown link", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "10:00"))))).toBe("same_time");
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "10:07"))))).toBe("not_offered");
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "05:00"))))).toBe("not_offered");
    expect(await outcome(moveByPatient(work, toTime("x".repeat(22), at(3, "11:00"))))).toBe("not_found");
    await world.t.admin("UPDATE app.clinic_profile SET cancel_until_minutes = 43200 WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "11:00"))))).toBe("too_late_to_move");
    await world.t.admin("UPDATE app.booking SET state = 'checked_in' WHERE id = $1", [id]);
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "11:00"))))).toBe("not_movable");
  });

  test("gets the first answer again for the same key, and a refusal for another wish under it", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token } = await booked(world.t, work, clinic, at(3, "10:00"));
    const wish = toTime(token, at(3, "12:00"));
    await moveByPatient(work, wish);
    expect(await moveByPatient(work, wish)).toMatchObject({ startsAt: at(3, "12:00"), sequence: 1 });
    expect(await outcome(moveByPatient(work, { ...wish, start: at(3, "13:00") }))).toBe("key_reused");
  });
});

describe("where the clinic approves by hand", () => {
  async function approved() {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    await world.t.admin("UPDATE app.service SET needs_approval = true WHERE clinic_id = $1", [clinic.clinicId]);
    const made = await booked(world.t, work, clinic, at(3, "10:00"));
    await transitionBooking(work, { bookingId: made.id, to: "confirmed", key: randomUUID() });
    return { clinic, work, ...made };
  }

  test("a patient's own move asks again, and keeps the new time until the clinic answers", async () => {
    const { clinic, work, token, id } = await approved();
    const moved = await moveByPatient(work, toTime(token, at(4, "11:00")));
    expect(moved).toMatchObject({ state: "requested", startsAt: at(4, "11:00"), holdExpiresAt: at(4, "11:00") });
    expect(await occupied(id)).toEqual([
      { resource_id: clinic.practitionerId, starts_at: at(4, "11:00"), state: "held" },
    ]);
    const events = await world.t.admin(
      "SELECT type, payload->'asksAgain' AS asks FROM app.event WHERE payload->>'bookingId' = $1 ORDER BY seq DESC LIMIT 2",
      [id],
    );
    // no reminder of what is not promised; the worker looks when its time comes
    expect(events.map((event) => [event["type"], event["asks"]])).toEqual([
      ["booking.hold_due", null],
      ["booking.moved", true],
    ]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(4, "11:00"))))).toBe("slot_taken");
    await transitionBooking(work, { bookingId: id, to: "confirmed", key: randomUUID() });
    expect(await occupied(id)).toMatchObject([{ starts_at: at(4, "11:00"), state: "booked" }]);
  });

  test("a move by the clinic needs no answer of its own", async () => {
    const { clinic, work, id } = await approved();
    const wish = { bookingId: id, start: at(4, "11:00"), practitionerId: clinic.practitionerId, key: randomUUID() };
    const moved = await moveByStaff(work, { ...wish, sequence: 1 });
    expect(moved).toMatchObject({ state: "confirmed", holdExpiresAt: null, movedFrom: at(3, "10:00") });
    expect(await occupied(id)).toMatchObject([{ starts_at: at(4, "11:00"), state: "booked" }]);
  });

  test("a lost race leaves the approved visit as it was", async () => {
    const { clinic, work, token, id } = await approved();
    await bookForPatient(work, bookInput(clinic, at(4, "11:00")));
    expect(await outcome(moveByPatient(work, toTime(token, at(4, "11:00"))))).toBe("slot_taken");
    expect(await staffBooking(work, id)).toMatchObject({ state: "confirmed", start: at(3, "10:00") });
  });
});

describe("staff who move a booking", () => {
  test("are bound by neither notice nor grid nor the patient's limit, and the patient is asked to keep it", async () => {
    const clinic = await makeClinic(world.t, { noticeMinutes: 60 * 24 * 10, horizonDays: 30 });
    const work = guestOf(world.s, clinic);
    const doctor = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    const { token, id } = await booked(world.t, work, clinic, at(12, "10:00"));
    const wish = { bookingId: id, start: at(2, "10:05"), practitionerId: doctor, sequence: 0, key: randomUUID() };
    const moved = await moveByStaff(work, wish);
    expect(moved).toMatchObject({ startsAt: at(2, "10:05"), practitionerId: doctor, movedFrom: at(12, "10:00") });
    const [event] = await world.t.admin(
      "SELECT payload FROM app.event WHERE type = 'booking.moved' AND payload->>'bookingId' = $1",
      [id],
    );
    expect(event?.["payload"]).toMatchObject({ byClinic: true, fromResourceIds: [clinic.practitionerId] });
    expect(await keepBooking(work, { token, key: randomUUID() })).toMatchObject({ movedFrom: null, sequence: 1 });
  });

  test("late leave the patient free to refuse the new time until it begins, and bound again once they keep it", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    await world.t.admin("UPDATE app.clinic_profile SET cancel_until_minutes = 43200 WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    const wish = { bookingId: id, start: at(2, "10:00"), practitionerId: clinic.practitionerId, sequence: 0 };
    const moved = await moveByStaff(work, { ...wish, key: randomUUID() });
    expect(viewOf(work, moved)).toMatchObject({ canCancel: true, canMove: true, cancelUntil: at(2, "10:00") });
    const kept = await keepBooking(work, { token, key: randomUUID() });
    expect(viewOf(work, kept)).toMatchObject({ canCancel: false, canMove: false });
  });

  test("make it longer where it stands, and not over the next one", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { id } = await booked(world.t, work, clinic, at(3, "10:00"));
    await booked(world.t, work, clinic, at(3, "10:40"));
    const here = { bookingId: id, start: at(3, "10:00"), practitionerId: clinic.practitionerId };
    const resize = (minutes: number, sequence: number) => ({ ...here, minutes, sequence, key: randomUUID() });
    expect(await moveByStaff(work, resize(40, 0))).toMatchObject({ endsAt: at(3, "10:40"), movedFrom: null });
    const { code, detail } = await refusal(moveByStaff(work, resize(45, 1)));
    expect([code, detail["kept"]]).toEqual(["slot_taken", true]);
    expect(await outcome(moveByStaff(work, resize(40, 1)))).toBe("same_time");
  });

  test("cannot give it to a colleague who does not give the service, and hear who does", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { id } = await booked(world.t, work, clinic, at(3, "10:00"));
    const colleague = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    await world.t.admin("DELETE FROM app.service_practitioner WHERE practitioner_id = $1", [colleague]);
    const wish = { bookingId: id, start: at(3, "11:00"), practitionerId: colleague, sequence: 0, key: randomUUID() };
    const { code, detail } = await refusal(moveByStaff(work, wish));
    expect([code, detail["why"], detail["kept"]]).toEqual(["not_offered", ["not_given"], true]);
    expect(detail["alternatives"]).toContainEqual({ start: at(3, "11:00"), practitionerId: clinic.practitionerId });
    const other = await makeClinic(world.t);
    expect(await outcome(moveByStaff(work, { ...wish, practitionerId: other.practitionerId }))).toBe("not_found");
  });

  test("move and cancel what is not offered any more, where its patient can only cancel", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const other = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    const { token, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    const wish = { bookingId: id, practitionerId: clinic.practitionerId };
    // its doctor does not give it any more: it may stay with them, or go to one who does
    await world.t.admin("DELETE FROM app.service_practitioner WHERE practitioner_id = $1", [clinic.practitionerId]);
    await moveByStaff(work, { ...wish, start: at(3, "11:00"), sequence: 0, key: randomUUID() });
    expect((await moveTimesOf(work, { token, days: 7 })).days.flatMap((day) => day.times)).not.toEqual([]);
    // nobody can book it any more
    await world.t.admin("UPDATE app.service SET active = false WHERE clinic_id = $1", [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "15:00"), { who: other })))).toBe("not_found");
    expect(await outcome(moveByPatient(work, toTime(token, at(3, "12:00"))))).toBe("not_movable");
    const moved = await moveByStaff(work, { ...wish, start: at(3, "12:00"), sequence: 1, key: randomUUID() });
    expect(moved).toMatchObject({ startsAt: at(3, "12:00"), state: "confirmed" });
    expect(viewOf(work, moved)).toMatchObject({ canMove: false, canCancel: true });
    await bookTime(work, bookInput(await otherService(clinic), at(3, "13:00"), { who: other }));
    const { code, detail } = await refusal(
      moveByStaff(work, {
        bookingId: id,
        practitionerId: other,
        start: at(3, "13:00"),
        sequence: 2,
        key: randomUUID(),
      }),
    );
    expect([code, detail["kept"]]).toEqual(["slot_taken", true]);
    expect(detail["alternatives"]).toHaveLength(3);
    expect(await cancelBooking(work, "patient", { token, key: randomUUID() })).toMatchObject({ state: "cancelled" });
  });

  test("leave a held time to whoever is confirming it, and nothing that is over can be kept", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "10:00")));
    const [held] = await world.t.admin("SELECT id FROM app.booking WHERE clinic_id = $1", [clinic.clinicId]);
    const to = { start: at(3, "11:00"), practitionerId: clinic.practitionerId, sequence: 0 };
    const moveHeld = { bookingId: String(held?.["id"]), ...to, key: randomUUID() };
    expect(await outcome(moveByStaff(work, moveHeld))).toBe("not_movable");
    expect((await releaseHold(work, { token })).released).toBe(true);
    const { token: link, id } = await booked(world.t, work, clinic, at(3, "10:00"));
    await moveByStaff(work, { bookingId: id, ...to, key: randomUUID() });
    await cancelBooking(work, "staff", { bookingId: id, key: randomUUID() });
    await keepBooking(work, { token: link, key: randomUUID() });
    const kept = await world.t.admin("SELECT FROM app.event WHERE clinic_id = $1 AND type = 'booking.kept'", [
      clinic.clinicId,
    ]);
    expect(kept).toEqual([]);
  });

  test("do not move what somebody else moved since they looked", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { id } = await booked(world.t, work, clinic, at(3, "10:00"));
    const wish = { bookingId: id, practitionerId: clinic.practitionerId, sequence: 0 };
    await moveByStaff(work, { ...wish, start: at(3, "11:00"), key: randomUUID() });
    const { code, detail } = await refusal(moveByStaff(work, { ...wish, start: at(3, "12:00"), key: randomUUID() }));
    expect([code, detail["sequence"]]).toEqual(["changed_meanwhile", 1]);
  });

  test("take the room along: its old time is free, a room that is taken gives way to another", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const other = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    const rooms = [await addRoom(world.t, clinic, "Room 1"), await addRoom(world.t, clinic, "Room 2")];
    await addNeed(world.t, clinic, rooms);
    const first = await booked(world.t, work, clinic, at(3, "10:00"));
    const second = await bookTime(work, bookInput(clinic, at(3, "11:00"), { who: other }));
    expect(second.booking.state).toBe("confirmed");
    const moved = await moveByPatient(work, toTime(first.token, at(3, "11:00"), clinic.practitionerId));
    expect(moved.resourceIds).toHaveLength(2);
    const rows = await world.t.admin(
      "SELECT DISTINCT resource_id FROM app.occupancy WHERE clinic_id = $1 AND starts_at = $2 AND state = 'booked'",
      [clinic.clinicId, at(3, "11:00")],
    );
    expect(rows).toHaveLength(4);
    expect((await staffBooking(work, first.id)).rooms).toEqual(["Room 2"]);
    // both rooms are taken at eleven now: a third doctor has nowhere to go
    const third = await addDoctor(world.t, clinic, "Dr Third", 2);
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "11:00"), { who: third })))).toBe("slot_taken");
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "10:00"), { who: third })))).toBe("ok");
    expect(await doubles(world.t)).toBe(0);
  });
});

describe("a seat in a group session", () => {
  test("moves to another session; the last one to leave frees the time", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    await world.t.admin("UPDATE app.service SET seats = 3 WHERE clinic_id = $1", [clinic.clinicId]);
    const [a, b] = [
      await booked(world.t, work, clinic, at(3, "09:00")),
      await booked(world.t, work, clinic, at(3, "09:00")),
    ];
    const moved = await moveByPatient(work, toTime(a.token, at(3, "10:00")));
    expect(moved).toMatchObject({ seatNo: 1, seatOf: 3, startsAt: at(3, "10:00") });
    const sessions = () =>
      world.t.admin(
        `SELECT g.starts_at, g.taken, o.state FROM app.group_session g JOIN app.occupancy o ON o.session_id = g.id
        WHERE g.clinic_id = $1 ORDER BY g.starts_at`,
        [clinic.clinicId],
      );
    expect(await sessions()).toEqual([
      { starts_at: at(3, "09:00"), taken: 1, state: "booked" },
      { starts_at: at(3, "10:00"), taken: 1, state: "booked" },
    ]);
    expect(await moveByPatient(work, toTime(b.token, at(3, "10:00")))).toMatchObject({ seatNo: 2 });
    expect((await sessions())[0]).toEqual({ starts_at: at(3, "09:00"), taken: 0, state: "released" });
    await bookTime(work, bookInput(clinic, at(3, "10:00")));
    const c = await booked(world.t, work, clinic, at(3, "09:00"));
    const { code, detail } = await refusal(moveByPatient(work, toTime(c.token, at(3, "10:00"))));
    expect([code, detail["kept"]]).toEqual(["slot_taken", true]);
    const [seat] = await world.t.admin("SELECT seat_no FROM app.seat WHERE booking_id = $1", [c.id]);
    expect(seat).toEqual({ seat_no: 1 });
  });
});
