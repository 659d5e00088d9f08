import { randomUUID } from "node:crypto";
import { addDays } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices, type Services } from "../../../infra/services.ts";
import { clinicHost, staffCookie, testCaller } from "../../../testing/index.ts";
import { testServices } from "../../../testing/test-services.ts";
import { refusalOf } from "../../../trpc/error-map.ts";
import { type RulesClinic, rulesClinic } from "../../scheduling/testing/rules-world.ts";

let t: TestDatabase;
let s: Services;
beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
});
afterAll(async () => {
  await closeServices(s);
  await t.close();
});

const at = (date: string, time: string) => new Date(`${date}T${time}:00+02:00`);
const key = () => randomUUID();
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? String(error),
  );

async function staffOf(clinic: RulesClinic, role = "manager") {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, role);
  return (await testCaller(s, { host: clinicHost(s, clinic.slug), cookies: cookie })).staff;
}

describe("leave over bookings", () => {
  test("is previewed, written, and its bookings are settled one by one: moved away, cancelled or kept", async () => {
    const clinic = await rulesClinic(t);
    const { monday, practitionerId } = clinic;
    const staff = await staffOf(clinic);
    const kept = await clinic.book(monday, "09:00");
    const cancelled = await clinic.book(monday, "10:00");
    await clinic.book(monday, "11:30");
    const span = { practitionerId, startsAt: at(monday, "09:15"), endsAt: at(monday, "11:30") };
    expect((await staff.leave.preview(span)).map(({ id }) => id)).toEqual([kept, cancelled]);

    const { leave, bookings } = await staff.leave.save({ ...span, kind: "leave", label: "Conference", key: key() });
    expect(leave).toMatchObject({ ...span, kind: "leave", label: "Conference" });
    expect(bookings.map(({ id }) => id)).toEqual([kept, cancelled]);
    expect(await clinic.times(monday)).toEqual(["08:00", "08:30"]);
    expect(await staff.leave.affected()).toEqual([{ leave, bookings }]);

    const keep = { leaveId: leave.id, bookingId: kept, key: key() };
    expect(await staff.leave.keep(keep)).toEqual({ kept: true });
    expect(await staff.leave.keep(keep)).toEqual({ kept: true });
    expect((await staff.leave.affected())[0]?.bookings.map(({ id }) => id)).toEqual([cancelled]);
    await staff.bookings.cancel({ bookingId: cancelled, key: key() });
    expect(await staff.leave.affected()).toEqual([]);
    expect(await codeOf(staff.leave.keep({ leaveId: leave.id, bookingId: cancelled, key: key() }))).toBe("not_found");

    const actions = await clinic.sql(
      "SELECT action FROM app.audit_log WHERE clinic_id = $1 AND action LIKE 'leave.%' ORDER BY at, id",
    );
    expect(actions.map((row) => row["action"])).toEqual(["leave.created", "leave.kept"]);
    const [event] = await clinic.sql("SELECT payload FROM app.event WHERE clinic_id = $1 AND type = 'leave.changed'");
    expect(event?.["payload"]).toEqual({
      resourceId: practitionerId,
      from: span.startsAt.toISOString(),
      to: span.endsAt.toISOString(),
    });
  });

  test("lies over seats of a session and over visits a nurse takes part in", async () => {
    const clinic = await rulesClinic(t);
    const nurse = await clinic.resource("practitioner", "Nurse");
    const assisted = await clinic.book(clinic.monday, "09:00", { resources: [clinic.practitionerId, nurse] });
    const staff = await staffOf(clinic);
    const span = { startsAt: at(clinic.monday, "08:00"), endsAt: at(clinic.monday, "12:00") };
    expect((await staff.leave.preview({ practitionerId: nurse, ...span })).map(({ id }) => id)).toEqual([assisted]);
    const seated = await seatOf(clinic, "10:00");
    const own = await staff.leave.preview({ practitionerId: clinic.practitionerId, ...span });
    expect(own.map(({ id }) => id)).toEqual([assisted, seated]);
  });

  test("is listed by days, changed, and taken away with what was kept in it", async () => {
    const clinic = await rulesClinic(t);
    const { monday, practitionerId } = clinic;
    const staff = await staffOf(clinic, "practitioner");
    const span = { practitionerId, startsAt: at(monday, "08:00"), endsAt: at(monday, "09:00") };
    const bookingId = await clinic.book(monday, "08:30");
    const { leave } = await staff.leave.save({ ...span, kind: "block", key: key() });
    await staff.leave.keep({ leaveId: leave.id, bookingId, key: key() });
    expect(await staff.leave.list({ from: monday, to: monday })).toEqual([leave]);
    expect(await staff.leave.list({ from: addDays(monday, 1), to: addDays(monday, 9) })).toEqual([]);
    const endsAt = at(monday, "10:00");
    const changed = await staff.leave.save({ ...span, id: leave.id, endsAt, kind: "leave", label: "Off", key: key() });
    expect(changed).toEqual({ leave: { ...leave, endsAt, kind: "leave", label: "Off" }, bookings: [] });
    expect(await staff.leave.remove({ id: leave.id, key: key() })).toEqual({ removed: true });
    expect(await clinic.times(monday)).toHaveLength(7);
    expect(await clinic.sql("SELECT FROM app.leave_kept WHERE clinic_id = $1")).toEqual([]);
  });

  test("a booking cannot slip under leave that is being written", async () => {
    const clinic = await rulesClinic(t);
    const { monday, practitionerId, serviceId } = clinic;
    const staff = await staffOf(clinic);
    const guest = await testCaller(s, { host: clinicHost(s, clinic.slug) });
    const span = { practitionerId, startsAt: at(monday, "08:00"), endsAt: at(monday, "12:00") };
    const wish = { serviceId, who: practitionerId, name: "Lerato Dube", email: "lerato@people.example" };
    const [saved, ...ends] = await Promise.all([
      staff.leave.save({ ...span, kind: "leave", key: key() }),
      ...["08:00", "08:30", "09:00", "09:30"].map((time) =>
        codeOf(guest.public.booking.book({ ...wish, start: at(monday, time), key: key() })),
      ),
    ]);
    const stand = await staff.leave.affected();
    // whoever got in was there before the leave and is to be settled; nobody came after it
    expect(stand.flatMap(({ bookings }) => bookings)).toHaveLength(ends.filter((end) => end === "ok").length);
    expect(ends.every((end) => end === "ok" || end === "not_offered")).toBe(true);
    expect(saved.leave).toMatchObject(span);
  });

  test("of another clinic is not found, and reception may not write any", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const theirs = await staffOf(other);
    const staff = await staffOf(clinic);
    const span = { startsAt: at(clinic.monday, "08:00"), endsAt: at(clinic.monday, "12:00") };
    const { leave } = await theirs.leave.save({
      practitionerId: other.practitionerId,
      ...span,
      kind: "leave",
      key: key(),
    });
    const own = { practitionerId: clinic.practitionerId, ...span, kind: "leave" as const };
    const ends = [
      staff.leave.save({ ...own, id: leave.id, key: key() }),
      staff.leave.save({ ...own, practitionerId: other.practitionerId, key: key() }),
      staff.leave.remove({ id: leave.id, key: key() }),
      staff.leave.keep({ leaveId: leave.id, bookingId: newId(), key: key() }),
      staff.leave.preview({ practitionerId: other.practitionerId, ...span }),
    ];
    expect(await Promise.all(ends.map(codeOf))).toEqual(Array(5).fill("not_found"));
    const reception = await staffOf(clinic, "reception");
    expect(await codeOf(reception.leave.save({ ...own, key: key() }))).toBe("forbidden");
  });
});

/** A booking that is a seat of a session at a time on Monday. */
async function seatOf(clinic: RulesClinic, time: string): Promise<string> {
  const bookingId = await clinic.book(clinic.monday, time);
  await clinic.sql(
    `WITH g AS (
      INSERT INTO app.group_session (clinic_id, id, service_id, practitioner_id, starts_at, ends_at, capacity, taken)
      SELECT clinic_id, gen_random_uuid(), service_id, practitioner_id, starts_at, ends_at, 3, 1 FROM app.booking
      WHERE clinic_id = $1 AND id = $2 RETURNING id)
    UPDATE app.occupancy SET booking_id = NULL, session_id = g.id FROM g WHERE clinic_id = $1 AND booking_id = $2`,
    [bookingId],
  );
  await clinic.sql(
    `INSERT INTO app.seat (clinic_id, id, session_id, seat_no, booking_id)
    SELECT $1, gen_random_uuid(), id, 1, $2 FROM app.group_session WHERE clinic_id = $1`,
    [bookingId],
  );
  return bookingId;
}
