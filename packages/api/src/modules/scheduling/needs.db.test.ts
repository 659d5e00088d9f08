import { addDays } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clockTimes, type RulesClinic, rulesClinic } from "./testing/rules-world.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const morning = clockTimes("08:00", "12:00", 30);
const without = (...times: string[]) => morning.filter((time) => !times.includes(time));

describe("a service that needs more than its practitioner", () => {
  test("is offered where a room is free as well, and takes a concrete one", async () => {
    const clinic = await rulesClinic(t);
    const [one, two] = [await clinic.resource("room", "Room 1"), await clinic.resource("room", "Room 2")];
    await clinic.need([one, two]);
    await clinic.book(clinic.monday, "09:00", { resources: [one] });
    expect(await clinic.times(clinic.monday)).toEqual(morning);
    expect((await clinic.assignment(clinic.monday, "08:00"))?.resources.map(({ id }) => id)).toEqual([
      clinic.practitionerId,
      one,
    ]);
    expect((await clinic.assignment(clinic.monday, "09:00"))?.resources.map(({ id }) => id)).toEqual([
      clinic.practitionerId,
      two,
    ]);
    await clinic.book(clinic.monday, "09:00", { resources: [two] });
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00"));
    expect(await clinic.assignment(clinic.monday, "09:00")).toBeNull();
    expect(await clinic.why(clinic.monday, "09:00")).toEqual(["busy"]);
  });

  test("a device is taken for its own length, with its own buffers", async () => {
    const clinic = await rulesClinic(t);
    const scanner = await clinic.resource("device", "Scanner");
    await clinic.need([scanner], { minutes: 10, bufferAfter: 20 });
    await clinic.book(clinic.monday, "09:15", { resources: [scanner], minutes: 15 });
    // 10 minutes from 09:00 end before 09:15, but the 20 of cleaning do not
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00"));
    expect(await clinic.assignment(clinic.monday, "10:00")).toMatchObject({
      minutes: 30,
      resources: [
        { id: clinic.practitionerId, minutes: 30, bufferBefore: 0, bufferAfter: 0 },
        { id: scanner, minutes: 10, bufferBefore: 0, bufferAfter: 20 },
      ],
    });
  });

  test("any one of three nurses will do, and two of them where two are needed", async () => {
    const clinic = await rulesClinic(t);
    const nurses: string[] = [];
    for (const name of ["Nurse A", "Nurse B", "Nurse C"]) nurses.push(await clinic.resource("practitioner", name));
    const [a = "", b = "", c = ""] = nurses;
    await clinic.need(nurses);
    await clinic.book(clinic.monday, "08:00", { resources: [a, b] });
    await clinic.sql(
      `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
      VALUES ($1, gen_random_uuid(), $2, $3::timestamptz, $4::timestamptz)`,
      [c, `${clinic.monday}T08:30:00+02:00`, `${clinic.monday}T12:00:00+02:00`],
    );
    expect(await clinic.times(clinic.monday)).toEqual(morning);
    expect((await clinic.assignment(clinic.monday, "08:00"))?.resources[1]?.id).toBe(c);
    await clinic.sql("UPDATE app.service_need SET count = 2 WHERE clinic_id = $1");
    expect(await clinic.times(clinic.monday)).toEqual(without("08:00"));
    expect((await clinic.assignment(clinic.monday, "08:30"))?.resources.map(({ id }) => id)).toEqual([
      clinic.practitionerId,
      a,
      b,
    ]);
    await clinic.sql("DELETE FROM app.opening_hours WHERE clinic_id = $1 AND resource_id = $2", [a]);
    expect(await clinic.times(clinic.monday)).toEqual([]);
  });

  test("nobody is taken twice: the practitioner cannot be the nurse as well", async () => {
    const clinic = await rulesClinic(t);
    const colleague = await clinic.resource("practitioner", "Dr Two");
    await give(clinic, colleague);
    await clinic.need([clinic.practitionerId, colleague]);
    const assigned = await clinic.assignment(clinic.monday, "09:00", { who: clinic.practitionerId });
    expect(assigned?.resources.map(({ id }) => id)).toEqual([clinic.practitionerId, colleague]);
    await clinic.book(clinic.monday, "09:00", { resources: [colleague] });
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00"));
  });

  test("a room that is not booked any more, or a person who is not approved, does not count", async () => {
    const clinic = await rulesClinic(t);
    const [room, nurse] = [await clinic.resource("room", "Room 1"), await clinic.resource("practitioner", "Nurse")];
    await clinic.need([room]);
    await clinic.need([nurse]);
    expect(await clinic.times(clinic.monday)).toEqual(morning);
    await clinic.sql("UPDATE app.resource SET active = false WHERE clinic_id = $1 AND id = $2", [room]);
    expect(await clinic.times(clinic.monday)).toEqual([]);
    expect(await clinic.why(clinic.monday, "09:00")).toEqual(["not_enough"]);
    await clinic.sql("UPDATE app.resource SET active = true WHERE clinic_id = $1 AND id = $2", [room]);
    await clinic.sql("UPDATE app.practitioner SET approval = 'waiting' WHERE clinic_id = $1 AND id = $2", [nurse]);
    expect(await clinic.times(clinic.monday)).toEqual([]);
  });

  test("a room is there at any hour, or within hours of its own; its limits count", async () => {
    const clinic = await rulesClinic(t);
    const room = await clinic.resource("room", "Room 1");
    await clinic.need([room]);
    await clinic.sql("UPDATE app.resource SET day_count = 1 WHERE clinic_id = $1 AND id = $2", [room]);
    await clinic.book(clinic.monday, "16:00", { resources: [room] });
    expect(await clinic.why(clinic.monday, "09:00")).toEqual(["day_limit"]);
    const tuesday = addDays(clinic.monday, 1);
    expect(await clinic.times(tuesday)).toEqual(morning);
    await clinic.sql(
      `INSERT INTO app.opening_hours (clinic_id, id, resource_id, weekday, from_minute, to_minute)
      VALUES ($1, gen_random_uuid(), $2, 2, 540, 600)`,
      [room],
    );
    expect(await clinic.times(tuesday)).toEqual(["09:00", "09:30"]);
  });

  test("a booking that moves gives back all it holds", async () => {
    const clinic = await rulesClinic(t);
    const room = await clinic.resource("room", "Room 1");
    await clinic.need([room]);
    const id = await clinic.book(clinic.monday, "09:00", { resources: [clinic.practitionerId, room] });
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00"));
    expect(await clinic.times(clinic.monday, { without: id })).toEqual(morning);
  });

  test("the fair choice holds where several people are free", async () => {
    const clinic = await rulesClinic(t);
    const colleague = await clinic.resource("practitioner", "Dr Two");
    await give(clinic, colleague);
    const room = await clinic.resource("room", "Room 1");
    await clinic.need([room]);
    expect((await clinic.assignment(clinic.monday, "10:00"))?.practitionerId).toBe(clinic.practitionerId);
    await clinic.book(clinic.monday, "08:00");
    expect((await clinic.assignment(clinic.monday, "10:00"))?.practitionerId).toBe(colleague);
  });
});

describe("a group session", () => {
  test("is offered with the seats that are left, to the service and length it is of", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ seats: 4 });
    expect((await clinic.seats(clinic.monday))["09:00"]).toBe(4);
    await session(clinic, "09:00", 3);
    const seats = await clinic.seats(clinic.monday);
    expect(seats).toEqual({ ...Object.fromEntries(morning.map((time) => [time, 4])), "09:00": 1 });
    expect(await clinic.times(clinic.monday, { seats: 2 })).toEqual(without("09:00"));
    expect(await clinic.why(clinic.monday, "09:00", { seats: 2 })).toEqual(["seats"]);
    expect(await clinic.times(clinic.monday, { seats: 5 })).toEqual([]);
    // an hour from 08:30 would run into it, one from 09:00 is not of its length
    expect(await clinic.times(clinic.monday, { minutes: 60 })).toEqual(
      clockTimes("08:00", "11:30", 30).filter((time) => time !== "08:30" && time !== "09:00"),
    );
  });

  test("that is full is not offered, and a seat that moves leaves room", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ seats: 2 });
    const { bookings } = await session(clinic, "09:00", 2);
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00"));
    expect((await clinic.seats(clinic.monday, { without: bookings[0] }))["09:00"]).toBe(1);
  });

  test("whose only seat moves is not there", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ seats: 2 });
    const { bookings } = await session(clinic, "09:15", 1);
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00", "09:30"));
    expect(await clinic.times(clinic.monday, { without: bookings[0] })).toEqual(morning);
  });

  test("is joined before another one is opened, and counts once towards a limit", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ seats: 4, day_count: 2 });
    const colleague = await clinic.resource("practitioner", "Dr Two");
    await give(clinic, colleague);
    const { id } = await session(clinic, "09:00", 2, colleague);
    const joined = await clinic.assignment(clinic.monday, "09:00");
    expect(joined).toMatchObject({ practitionerId: colleague, sessionId: id, left: 2 });
    expect(await clinic.times(clinic.monday)).toEqual(morning);
    await session(clinic, "10:00", 1);
    expect(await clinic.times(clinic.monday)).toEqual(["09:00", "10:00"]);
    expect(await clinic.why(clinic.monday, "08:00")).toEqual(["day_limit"]);
  });
});

/** Another practitioner gives the clinic's service. */
async function give(clinic: RulesClinic, practitionerId: string): Promise<void> {
  await clinic.sql(
    `INSERT INTO app.service_practitioner (clinic_id, id, service_id, practitioner_id) VALUES ($1, gen_random_uuid(), $2, $3)`,
    [clinic.serviceId, practitionerId],
  );
}

/** A session on Monday with some of its seats taken. */
async function session(
  clinic: RulesClinic,
  time: string,
  taken: number,
  practitionerId = clinic.practitionerId,
): Promise<{ id: string; bookings: string[] }> {
  const id = newId();
  const from = `${clinic.monday}T${time}:00+02:00`;
  await clinic.sql(
    `INSERT INTO app.group_session (clinic_id, id, service_id, practitioner_id, starts_at, ends_at, capacity, taken)
    SELECT $1, $2, s.id, $4, $5::timestamptz, $5::timestamptz + make_interval(mins => s.minutes), s.seats, $6
    FROM app.service s WHERE s.clinic_id = $1 AND s.id = $3`,
    [id, clinic.serviceId, practitionerId, from, taken],
  );
  await clinic.sql(
    `INSERT INTO app.occupancy (clinic_id, id, resource_id, session_id, starts_at, ends_at, blocked_from, blocked_to, state)
    SELECT $1, gen_random_uuid(), practitioner_id, id, starts_at, ends_at, starts_at, ends_at, 'booked'
    FROM app.group_session WHERE clinic_id = $1 AND id = $2`,
    [id],
  );
  const rows = await clinic.sql(
    `WITH b AS (
      INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
      SELECT $1, gen_random_uuid(), 'TST4', md5(g.id::text || n) || md5(g.id::text || n), g.service_id, g.practitioner_id, 'confirmed',
        g.starts_at, g.ends_at, 'staff'
      FROM app.group_session g, generate_series(1, $3::int) n WHERE g.clinic_id = $1 AND g.id = $2 RETURNING id)
    INSERT INTO app.seat (clinic_id, id, session_id, seat_no, booking_id)
    SELECT $1, gen_random_uuid(), $2, row_number() OVER (), id FROM b RETURNING booking_id`,
    [id, taken],
  );
  return { id, bookings: rows.map((row) => String(row["booking_id"])) };
}
