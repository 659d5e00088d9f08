import { addDays } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices, type Services } from "../../infra/services.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";
import { explainTime } from "./explain-time.ts";
import { freeTimesForStaff } from "./free-times.ts";
import { staffCalendar } from "./staff-calendar.ts";
import { clockTimes, type RulesClinic, rulesClinic } from "./testing/rules-world.ts";

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

const zone = "Africa/Johannesburg";
const workOf = ({ clinicId }: RulesClinic) => ({ s, clinicId, actor: "guest", clinic: { zone } });
const at = (date: string, time: string) => new Date(`${date}T${time}:00+02:00`);
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? String(error),
  );

describe("why a time is not offered", () => {
  test("every rule is named in words, with the first free time, and never who booked", async () => {
    const clinic = await rulesClinic(t, { noticeMinutes: 60 * 24 * 40 });
    const { monday, practitionerId, serviceId } = clinic;
    const room = await clinic.resource("room", "Room 2");
    await clinic.need([room]);
    await clinic.book(monday, "09:30", { resources: [room], minutes: 50 });
    await leave(clinic, "10:00", "11:00");
    const ask = (time: string) => explainTime(workOf(clinic), { serviceId, practitionerId, start: at(monday, time) });
    const { offered, blocks } = await ask("10:00");
    expect(offered).toBe(false);
    expect(blocks.map(({ why, resourceId }) => [why, resourceId])).toEqual([
      ["notice", undefined],
      ["leave", practitionerId],
      ["busy", room],
    ]);
    expect(blocks[1]).toMatchObject({
      text: "Dr Test: Leave from 10:00 to 11:00",
      from: at(monday, "10:00"),
      to: at(monday, "11:00"),
    });
    expect(blocks[2]?.text).toBe("Room 2: Busy from 09:30 to 10:20");
    await clinic.service({ notice_minutes: 0 });
    expect((await ask("10:00")).firstFree).toEqual({ start: at(monday, "11:00"), practitionerId });
    expect(await ask("11:00")).toEqual({
      offered: true,
      blocks: [],
      firstFree: { start: at(monday, "11:00"), practitionerId },
    });
  });

  test("nothing if and only if it is offered, for every minute of a day", async () => {
    const clinic = await rulesClinic(t, { bufferAfter: 10 });
    const { monday } = clinic;
    await clinic.need([await clinic.resource("room", "Room 1"), await clinic.resource("room", "Room 2")]);
    await clinic.service({ alignment: "packed", day_minutes: 90 });
    await clinic.book(monday, "08:20", { after: 10 });
    await leave(clinic, "10:05", "10:20");
    const offered = await clinic.times(monday);
    expect(offered.length).toBeGreaterThan(2);
    const silent: string[] = [];
    for (const time of clockTimes("07:30", "12:30", 5)) {
      if ((await clinic.why(monday, time)).length === 0) silent.push(time);
    }
    expect(silent).toEqual(offered);
  });

  test("a booking that is to be moved does not stand in its own way, nor do notice, horizon and grid", async () => {
    const clinic = await rulesClinic(t, { noticeMinutes: 60 * 24 * 50, horizonDays: 3 });
    const { monday, practitionerId, serviceId } = clinic;
    const bookingId = await clinic.book(monday, "09:00");
    await clinic.book(monday, "10:00");
    const ask = (time: string, of?: string) =>
      explainTime(workOf(clinic), {
        serviceId,
        practitionerId,
        start: at(monday, time),
        ...(of !== undefined && { bookingId: of }),
      }).then(({ blocks }) => blocks.map(({ why }) => why));
    expect(await ask("09:10")).toEqual(["notice", "horizon", "off_grid", "busy"]);
    expect(await ask("09:10", bookingId)).toEqual([]);
    expect(await ask("09:40", bookingId)).toEqual(["busy"]);
  });

  test("where one practitioner has no time left, the first free one is a colleague's", async () => {
    const clinic = await rulesClinic(t);
    const { monday, practitionerId, serviceId } = clinic;
    const colleague = await clinic.resource("practitioner", "Dr Two");
    await clinic.sql(
      `INSERT INTO app.service_practitioner (clinic_id, id, service_id, practitioner_id) VALUES ($1, gen_random_uuid(), $2, $3)`,
      [serviceId, colleague],
    );
    await clinic.sql("DELETE FROM app.opening_hours WHERE clinic_id = $1 AND resource_id = $2", [practitionerId]);
    const told = await explainTime(workOf(clinic), { serviceId, practitionerId, start: at(monday, "10:00") });
    expect(told.blocks.map(({ text }) => text)).toEqual(["Dr Test: Outside the hours"]);
    expect(told.firstFree).toEqual({ start: at(monday, "10:00"), practitionerId: colleague });
  });

  test("of another clinic's service, practitioner or booking is not found", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const { serviceId, practitionerId, monday } = clinic;
    const start = at(monday, "10:00");
    for (const asked of [
      { serviceId: other.serviceId, practitionerId },
      { serviceId, practitionerId: other.practitionerId },
      { serviceId, practitionerId: newId() },
      { serviceId, practitionerId, bookingId: await other.book(monday, "09:00") },
    ]) {
      expect(await codeOf(explainTime(workOf(clinic), { ...asked, start }))).toBe("not_found");
    }
    const free = { serviceId, who: practitionerId, from: monday, days: 1, bookingId: newId() };
    expect(await codeOf(freeTimesForStaff(workOf(clinic), free))).toBe("not_found");
  });
});

test("staff see the free times without notice and horizon, of any length, as if a booking were not there", async () => {
  const clinic = await rulesClinic(t, { noticeMinutes: 60 * 24 * 50, horizonDays: 3 });
  const { monday, serviceId, practitionerId } = clinic;
  const bookingId = await clinic.book(monday, "09:00");
  const ask = { serviceId, who: "any", from: monday, days: 2 };
  const free = await freeTimesForStaff(workOf(clinic), { ...ask, minutes: 45 });
  expect(free.days.map(({ date }) => date)).toEqual([monday, addDays(monday, 1)]);
  expect(free.days[0]?.times.map(({ start }) => start)).toEqual(
    clockTimes("08:00", "11:16", 30)
      .filter((time) => time !== "08:30" && time !== "09:00")
      .map((time) => at(monday, time)),
  );
  expect(free.days[0]?.times[0]).toEqual({ start: at(monday, "08:00"), practitionerId });
  const moving = await freeTimesForStaff(workOf(clinic), { ...ask, bookingId });
  expect(moving.days[0]?.times).toHaveLength(8);
});

test("the calendar behind the bookings has hours, leave, closures and public holidays", async () => {
  const clinic = await rulesClinic(t, { hours: { from: 1320, to: 120 } });
  const leaveId = await leave(clinic, "22:30", "23:00");
  await clinic.sql(
    `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
    VALUES ($1, $1, $2::timestamptz, $3::timestamptz, 'Stock-taking')`,
    [at(clinic.monday, "23:00"), at(clinic.monday, "23:30")],
  );
  expect(await staffCalendar(workOf(clinic), { from: clinic.monday, days: 1 })).toMatchObject({
    zone,
    practitioners: [
      {
        id: clinic.practitionerId,
        open: [
          { from: at(clinic.monday, "00:00"), to: at(clinic.monday, "02:00") },
          { from: at(clinic.monday, "22:00"), to: at(addDays(clinic.monday, 1), "00:00") },
        ],
      },
    ],
    leave: [{ id: leaveId, practitionerId: clinic.practitionerId, kind: "leave", label: null }],
    closures: [{ id: clinic.clinicId, label: "Stock-taking", from: at(clinic.monday, "23:00") }],
  });
  await clinic.sql("UPDATE app.clinic_profile SET holiday_country = 'ZA' WHERE clinic_id = $1");
  const christmas = await staffCalendar(workOf(clinic), { from: "2026-12-24", days: 4 });
  expect(christmas.holidays).toEqual([
    { date: "2026-12-25", name: "Christmas Day" },
    { date: "2026-12-26", name: "Day of Goodwill" },
  ]);
});

async function leave(clinic: RulesClinic, from: string, to: string): Promise<string> {
  const id = newId();
  await clinic.sql(
    `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at) VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz)`,
    [id, clinic.practitionerId, at(clinic.monday, from), at(clinic.monday, to)],
  );
  return id;
}
