import { addDays, dayOf } from "@pulsecal/core";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSimple } from "./availability.ts";
import { publicHolidays } from "./holidays.ts";
import { loadQuestion } from "./question.ts";
import { clockTimes, rulesClinic } from "./testing/rules-world.ts";
import { offeredTimes, spanOfDays } from "./times.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const zone = "Africa/Johannesburg";
const morning = clockTimes("08:00", "12:00", 30);
const without = (...times: string[]) => morning.filter((time) => !times.includes(time));

describe("days on which nobody comes", () => {
  test("a public holiday of the clinic's country has no weekly hours, an override for the date holds", async () => {
    const clinic = await rulesClinic(t, { horizonDays: 365 });
    const today = dayOf(Date.now(), zone);
    const year = Number(today.slice(0, 4));
    const holiday = publicHolidays("ZA", year, year + 1).find(({ date }) => date > addDays(today, 1))?.date ?? "";
    expect(await clinic.times(holiday)).toEqual(morning);
    await clinic.sql("UPDATE app.clinic_profile SET holiday_country = 'ZA' WHERE clinic_id = $1");
    expect(await clinic.times(holiday)).toEqual([]);
    expect(await clinic.why(holiday, "09:00")).toEqual(["holiday"]);
    await clinic.sql(
      `INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
      VALUES ($1, gen_random_uuid(), $2, $3, '[{"from": 600, "to": 660}]')`,
      [clinic.practitionerId, holiday],
    );
    expect(await clinic.times(holiday)).toEqual(["10:00", "10:30"]);
  });

  test("a closure shuts the whole clinic for its hours", async () => {
    const clinic = await rulesClinic(t);
    await clinic.sql(
      `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
      VALUES ($1, gen_random_uuid(), $2::timestamptz, $3::timestamptz, 'Stock-taking')`,
      [`${clinic.monday}T09:15:00+02:00`, `${clinic.monday}T10:00:00+02:00`],
    );
    expect(await clinic.times(clinic.monday)).toEqual(without("09:00", "09:30"));
    expect(await clinic.why(clinic.monday, "09:00")).toEqual(["closure"]);
    expect(await clinic.times(addDays(clinic.monday, 1))).toEqual(morning);
  });

  test("on each date the timetable that began last holds, and the weekly hours where none does", async () => {
    const clinic = await rulesClinic(t);
    const put = (from: string | null, until: string | null, opens: number) =>
      clinic.sql(
        `INSERT INTO app.timetable (clinic_id, id, resource_id, from_date, until_date, weekly)
        SELECT $1, gen_random_uuid(), $2, $3::date, $4::date,
          jsonb_agg(jsonb_build_object('weekday', d, 'from', $5::int, 'to', $5::int + 60)) FROM generate_series(1, 7) d`,
        [clinic.practitionerId, from, until, opens],
      );
    await put(clinic.monday, addDays(clinic.monday, 6), 600);
    await put(addDays(clinic.monday, 2), addDays(clinic.monday, 2), 840);
    expect(await clinic.times(addDays(clinic.monday, -1))).toEqual(morning);
    expect(await clinic.times(clinic.monday)).toEqual(["10:00", "10:30"]);
    expect(await clinic.times(addDays(clinic.monday, 2))).toEqual(["14:00", "14:30"]);
    expect(await clinic.times(addDays(clinic.monday, 3))).toEqual(["10:00", "10:30"]);
    expect(await clinic.times(addDays(clinic.monday, 7))).toEqual(morning);
  });
});

describe("limits", () => {
  const kinds = [
    { column: "day_count", most: 2, why: "day_limit", days: [1] },
    { column: "day_minutes", most: 75, why: "day_limit", days: [1] },
    // the second booking lies on another day of the week, outside the window that is asked about
    { column: "week_count", most: 2, why: "week_limit", days: [6] },
    { column: "week_minutes", most: 75, why: "week_limit", days: [6] },
  ] as const;

  test.each(kinds)("of a service by $column", async ({ column, most, why, days: [day] }) => {
    const clinic = await rulesClinic(t);
    const date = addDays(clinic.monday, 1);
    await clinic.service({ [column]: most });
    await clinic.book(date, "08:00");
    expect(await clinic.times(date)).toEqual(without("08:00"));
    await clinic.book(addDays(clinic.monday, day), "11:30");
    expect(await clinic.times(date)).toEqual([]);
    expect(await clinic.why(date, "09:00")).toEqual([why]);
    expect(await clinic.times(addDays(date, 7))).toEqual(morning);
  });

  test.each(kinds)("of a practitioner by $column, whatever the service", async ({ column, most, why, days: [day] }) => {
    const clinic = await rulesClinic(t);
    const date = addDays(clinic.monday, 1);
    const other = await otherService(clinic);
    await clinic.sql(`UPDATE app.resource SET ${column} = $3 WHERE clinic_id = $1 AND id = $2`, [
      clinic.practitionerId,
      most,
    ]);
    await clinic.book(date, "08:00");
    await clinic.book(addDays(clinic.monday, day), "11:30", { service: other });
    expect(await clinic.times(date)).toEqual([]);
    expect(await clinic.why(date, "09:00")).toEqual([why]);
  });

  test("of a service count it whoever gives it, also when one practitioner is asked for", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ day_count: 1 });
    const colleague = await clinic.resource("practitioner", "Dr Two");
    await clinic.book(clinic.monday, "08:00", { resources: [colleague] });
    expect(await clinic.times(clinic.monday, { who: clinic.practitionerId })).toEqual([]);
    expect(await clinic.why(clinic.monday, "09:00", { who: clinic.practitionerId })).toEqual(["day_limit"]);
  });

  test("of a service leave other services out, and a booking that moves does not count", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ day_count: 1 });
    await clinic.book(clinic.monday, "08:00", { service: await otherService(clinic) });
    expect(await clinic.times(clinic.monday)).toEqual(without("08:00"));
    const id = await clinic.book(clinic.monday, "09:00");
    expect(await clinic.times(clinic.monday)).toEqual([]);
    expect(await clinic.times(clinic.monday, { without: id })).toEqual(without("08:00"));
  });
});

describe("where starts lie", () => {
  test("on the clock with an offset", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ alignment_offset: 10 });
    expect(await clinic.times(clinic.monday)).toEqual(clockTimes("08:10", "11:31", 30));
  });

  test("counted from opening", async () => {
    const clinic = await rulesClinic(t, { hours: { from: 485, to: 720 } });
    await clinic.service({ alignment: "opening" });
    expect(await clinic.times(clinic.monday)).toEqual(clockTimes("08:05", "11:31", 30));
  });

  test("packed around what is booked, so that no time is lost", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ alignment: "packed" });
    await clinic.book(clinic.monday, "09:10", { minutes: 25 });
    expect(await clinic.times(clinic.monday)).toEqual(["08:00", "08:30", ...clockTimes("09:35", "11:31", 30)]);
  });
});

describe("how far ahead", () => {
  const last = async (clinic: Awaited<ReturnType<typeof rulesClinic>>, days: number) => {
    const today = dayOf(Date.now(), zone);
    const free: string[] = [];
    for (let day = 1; day <= days; day++) {
      const date = addDays(today, day);
      if ((await clinic.times(date)).length > 0) free.push(date);
    }
    return free;
  };

  test("working days leave out weekends and public holidays", async () => {
    const clinic = await rulesClinic(t);
    await clinic.service({ horizon_kind: "working_days", horizon_days: 5 });
    // five working days hold a weekend, wherever one begins
    expect((await last(clinic, 10)).at(-1)).toBe(workingDay(5));
  });

  test("a range has a first and a last day", async () => {
    const clinic = await rulesClinic(t);
    const [from, until] = [addDays(clinic.monday, 1), addDays(clinic.monday, 2)];
    await clinic.service({ horizon_kind: "range", horizon_from: from, horizon_until: until });
    expect(await clinic.times(clinic.monday)).toEqual([]);
    expect(await clinic.why(clinic.monday, "09:00")).toEqual(["horizon"]);
    expect(await clinic.times(from)).toEqual(morning);
    expect(await clinic.times(until)).toEqual(morning);
    expect(await clinic.times(addDays(until, 1))).toEqual([]);
    expect(await clinic.times(addDays(until, 1), { unbound: true })).toEqual(morning);
  });
});

describe("lengths and buffers", () => {
  test("a longer visit needs a longer gap", async () => {
    const clinic = await rulesClinic(t);
    await clinic.book(clinic.monday, "09:00");
    expect(await clinic.times(clinic.monday, { minutes: 60 })).toEqual(
      clockTimes("08:00", "11:30", 30).filter((time) => time !== "08:30" && time !== "09:00"),
    );
  });

  test("buffers that meet add up, or share where the clinic says so", async () => {
    const clinic = await rulesClinic(t, { bufferBefore: 30, intervalMinutes: 15 });
    await clinic.book(clinic.monday, "09:00", { before: 0, after: 15 });
    const from = async () => (await clinic.times(clinic.monday)).find((time) => time > "09:00");
    expect(await from()).toBe("10:15");
    await clinic.sql("UPDATE app.clinic_profile SET share_buffers = true WHERE clinic_id = $1");
    expect(await from()).toBe("10:00");
    // as a clinic that shares writes it: the visit alone is blocked, its buffer stands beside
    await clinic.sql("UPDATE app.occupancy SET blocked_to = ends_at, buffer_after = 45 WHERE clinic_id = $1");
    expect(await from()).toBe("10:15");
  });
});

test("a window cut at any instant gives the union of its parts, packed and limited too", async () => {
  const clinic = await rulesClinic(t, { hours: { from: 1200, to: 240 }, bufferAfter: 10 });
  await clinic.service({ alignment: "packed", week_count: 60 });
  for (const [day, time] of [
    [-1, "23:40"],
    [0, "00:20"],
    [0, "22:05"],
    [1, "02:15"],
  ] as const) {
    await clinic.book(addDays(clinic.monday, day), time, { after: 10 });
  }
  const whole = spanOfDays(clinic.monday, 2, zone);
  const timesOf = async (window: { from: number; to: number }) => {
    const q = { clinicId: clinic.clinicId, serviceId: clinic.serviceId, who: "any", window };
    const loaded = await t.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) => loadQuestion(db, q));
    return loaded ? offeredTimes(loaded.availability, loaded.service, window).map((time) => time.start) : [];
  };
  const all = await timesOf(whole);
  expect(all.length).toBeGreaterThan(20);
  for (let hour = 1; hour < 48; hour += 5) {
    const cut = whole.from + hour * 3_600_000 + 7 * 60_000;
    const parts = [...(await timesOf({ from: whole.from, to: cut })), ...(await timesOf({ from: cut, to: whole.to }))];
    expect(parts).toEqual(all);
  }
});

describe("the short write path may serve", () => {
  const changes: Record<string, string> = {
    "seats to share": "UPDATE app.service SET seats = 4 WHERE clinic_id = $1",
    "a limit": "UPDATE app.service SET week_minutes = 600 WHERE clinic_id = $1",
    "a practitioner's limit": "UPDATE app.resource SET day_count = 3 WHERE clinic_id = $1",
    "times packed around bookings": "UPDATE app.service SET alignment = 'packed' WHERE clinic_id = $1",
    "a clinic that approves": "UPDATE app.service SET needs_approval = true WHERE clinic_id = $1",
    "shared buffers": "UPDATE app.clinic_profile SET share_buffers = true WHERE clinic_id = $1",
    "a question to answer": `INSERT INTO app.intake_question (clinic_id, id, service_id, kind, label)
      SELECT clinic_id, gen_random_uuid(), id, 'text', 'Any allergies?' FROM app.service WHERE clinic_id = $1`,
    "a room that is needed": `WITH d AS (INSERT INTO app.service_need (clinic_id, id, service_id)
      SELECT clinic_id, gen_random_uuid(), id FROM app.service WHERE clinic_id = $1 RETURNING id) SELECT * FROM d`,
  };
  const simple = async (clinic: Awaited<ReturnType<typeof rulesClinic>>) => {
    const { clinicId, serviceId } = clinic;
    const q = { clinicId, serviceId, who: "any", window: { from: 0, to: 1 } };
    const loaded = await t.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) => loadQuestion(db, q));
    return loaded && isSimple(loaded.service);
  };

  test("one practitioner's plain time", async () => {
    expect(await simple(await rulesClinic(t))).toBe(true);
  });

  test.each(Object.entries(changes))("not %s", async (_, sql) => {
    const clinic = await rulesClinic(t);
    await clinic.sql(sql);
    expect(await simple(clinic)).toBe(false);
  });
});

async function otherService(clinic: Awaited<ReturnType<typeof rulesClinic>>): Promise<string> {
  const [row] = await clinic.sql(
    `INSERT INTO app.service (clinic_id, id, name, minutes) VALUES ($1, gen_random_uuid(), 'Other', 30) RETURNING id`,
  );
  return String(row?.["id"]);
}

/** The nth day from Monday to Friday after today. */
function workingDay(n: number): string {
  let date = dayOf(Date.now(), zone);
  for (let left = n; left > 0; ) {
    date = addDays(date, 1);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday >= 1 && weekday <= 5) left -= 1;
  }
  return date;
}
