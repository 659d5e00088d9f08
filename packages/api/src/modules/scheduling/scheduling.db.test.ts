import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dayOf } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type MadeClinic, makeBooking, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import type { Work } from "../../infra/in-tx.ts";
import { closeServices, type Services } from "../../infra/services.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";
import { clinicHome } from "./clinic-home.ts";
import { getHours, saveHours } from "./hours.ts";
import { previewHours } from "./preview-hours.ts";
import { saveService } from "./save-service.ts";
import { nextTimes, searchTimes } from "./search-times.ts";
import { findPractitioners, findServices } from "./services.repo.ts";

const zone = "Africa/Johannesburg";
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

type ClinicWork = Work & { clinic: { zone: string; status: string } };
const workOf = (clinic: MadeClinic): ClinicWork => ({
  s,
  clinicId: clinic.clinicId,
  actor: clinic.ownerAccountId,
  role: "owner",
  requestId: "test",
  clinic: { zone, status: "live" },
});
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? error,
  );
const dayFrom = (days: number) => dayOf(Date.now() + days * 86_400_000, zone);
const everyDay = (from: number, to: number) =>
  ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from, to }));

async function search(
  work: ClinicWork,
  clinic: MadeClinic,
  from: string | null,
  days: number,
  who: string | null = null,
) {
  const found = await s.db.withTenant(work, (db) =>
    searchTimes(db, {
      clinicId: clinic.clinicId,
      zone,
      serviceId: clinic.serviceId,
      practitionerId: who,
      from,
      days,
      today: dayFrom(0),
    }),
  );
  if (!found) throw new Error("nothing found");
  return found;
}

describe("opening hours", () => {
  test("are replaced whole, announced, audited, and offered from the next search on", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    const before = await getHours(work, clinic.practitionerId);
    expect(before.weekly).toEqual(everyDay(480, 1020));
    const override = { date: dayFrom(2), windows: [{ from: 600, to: 660 }] };
    const closed = { date: dayFrom(3), windows: [] };
    const saved = await saveHours(work, {
      practitionerId: clinic.practitionerId,
      weekly: everyDay(540, 600),
      overrides: [closed, override],
      version: before.version,
      key: randomUUID(),
    });
    expect(saved).toMatchObject({ weekly: everyDay(540, 600), overrides: [override, closed], leaveCount: 0 });
    expect(saved.version).not.toBe(before.version);
    expect(await getHours(work, clinic.practitionerId)).toEqual(saved);
    const { days } = await search(work, clinic, dayFrom(1), 3);
    expect(days.map((day) => day.times.length)).toEqual([3, 3, 0]);
    const rows = await t.admin("SELECT type, payload FROM app.event WHERE clinic_id = $1", [clinic.clinicId]);
    expect(rows).toEqual([{ type: "hours.changed", payload: { resourceId: clinic.practitionerId } }]);
    const audits = await t.admin("SELECT actor, action, entity_id FROM app.audit_log WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    expect(audits).toEqual([{ actor: clinic.ownerAccountId, action: "hours.saved", entity_id: clinic.practitionerId }]);
  });

  test("that somebody else saved in the meantime are not overwritten", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    const { version } = await getHours(work, clinic.practitionerId);
    const save = (from: number) =>
      saveHours(work, {
        practitionerId: clinic.practitionerId,
        weekly: everyDay(from, 1000),
        overrides: [],
        version,
        key: randomUUID(),
      });
    const ends = await Promise.all([save(500), save(520), save(540)].map(codeOf));
    expect(ends).toContain("ok");
    expect(ends.filter((end) => end === "changed_meanwhile")).toHaveLength(2);
  });

  test("saved twice with one key are saved once; the key is good for nothing else", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    const { version } = await getHours(work, clinic.practitionerId);
    const input = {
      practitionerId: clinic.practitionerId,
      weekly: everyDay(500, 1000),
      overrides: [],
      version,
      key: randomUUID(),
    };
    const [first, again] = [await saveHours(work, input), await saveHours(work, input)];
    expect(again).toEqual(first);
    expect(await codeOf(saveHours(work, { ...input, weekly: [] }))).toBe("key_reused");
    const [row] = await t.admin("SELECT count(*)::int AS n FROM app.event WHERE clinic_id = $1", [clinic.clinicId]);
    expect(row).toEqual({ n: 1 });
  });

  test("name a date only once", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    const { version } = await getHours(work, clinic.practitionerId);
    const overrides = [
      { date: dayFrom(2), windows: [] },
      { date: dayFrom(2), windows: [] },
    ];
    expect(
      await codeOf(
        Promise.resolve().then(() =>
          saveHours(work, { practitionerId: clinic.practitionerId, weekly: [], overrides, version, key: randomUUID() }),
        ),
      ),
    ).toBe("invalid");
  });

  test("can be previewed beside the present ones, without saving", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    await makeBooking(t, clinic, { startsAt: new Date(`${dayFrom(10)}T08:00:00+02:00`) });
    const overrides = [{ date: dayFrom(11), windows: [{ from: 1380, to: 60 }] }];
    const preview = await previewHours(work, {
      practitionerId: clinic.practitionerId,
      weekly: everyDay(480, 540),
      overrides,
      from: dayFrom(10),
    });
    // the second day's window runs past midnight, so its last hour belongs to the third
    expect(preview.map(({ count, was }) => [count, was])).toEqual([
      [2, 26],
      [3, 27],
      [6, 27],
      [3, 27],
      [3, 27],
      [3, 27],
      [3, 27],
    ]);
    expect(preview[0]?.times[0]).toBe(new Date(`${dayFrom(10)}T08:20:00+02:00`).toISOString());
    expect((await getHours(work, clinic.practitionerId)).weekly).toEqual(everyDay(480, 1020));
  });

  test("of another clinic's practitioner are not found", async () => {
    const [clinic, other] = [await makeClinic(t), await makeClinic(t)];
    const work = workOf(clinic);
    const input = { practitionerId: other.practitionerId, weekly: [], overrides: [], version: "x", key: randomUUID() };
    const ends = [
      getHours(work, other.practitionerId),
      saveHours(work, input),
      previewHours(work, { ...input, from: dayFrom(1) }),
      getHours(work, newId()),
    ];
    expect(await Promise.all(ends.map(codeOf))).toEqual(["not_found", "not_found", "not_found", "not_found"]);
  });
});

describe("services", () => {
  const fields = {
    name: "Check-up",
    minutes: 30,
    bufferBefore: 0,
    bufferAfter: 5,
    intervalMinutes: 15,
    noticeMinutes: 60,
    horizonDays: 30,
    priceCents: 45_000,
    active: true,
    otherMinutes: [],
    alignment: "clock" as const,
    alignmentOffset: 0,
    horizonKind: "days" as const,
    horizonFrom: null,
    horizonUntil: null,
    seats: 1,
    dayCount: null,
    dayMinutes: null,
    weekCount: null,
    weekMinutes: null,
    needsApproval: false,
    needs: [],
  };

  test("are made, changed, given to people, announced and audited", async () => {
    const clinic = await makeClinic(t);
    const work = workOf(clinic);
    const input = { ...fields, practitionerIds: [clinic.practitionerId], key: randomUUID() };
    const made = await saveService(work, input);
    expect(made).toEqual({ ...fields, id: made.id, version: made.version, practitionerIds: [clinic.practitionerId] });
    expect(await saveService(work, input)).toEqual(made);
    const changed = await saveService(work, {
      ...fields,
      id: made.id,
      name: "Long check-up",
      minutes: 45,
      practitionerIds: [],
      key: randomUUID(),
    });
    expect(changed).toMatchObject({ id: made.id, name: "Long check-up", minutes: 45, practitionerIds: [] });
    const all = await s.db.withTenant(work, (db) => findServices(db, clinic.clinicId));
    expect(all.map((service) => service.name).sort()).toEqual(["Consultation", "Long check-up"]);
    const rows = await t.admin("SELECT payload FROM app.event WHERE clinic_id = $1 AND type = 'service.changed'", [
      clinic.clinicId,
    ]);
    expect(rows).toEqual([{ payload: { serviceId: made.id } }, { payload: { serviceId: made.id } }]);
    const audits = await t.admin("SELECT action FROM app.audit_log WHERE clinic_id = $1 ORDER BY at, id", [
      clinic.clinicId,
    ]);
    expect(audits.map((row) => row["action"])).toEqual(["service.created", "service.changed"]);
  });

  test("and practitioners of another clinic are not found", async () => {
    const [clinic, other] = [await makeClinic(t), await makeClinic(t)];
    const work = workOf(clinic);
    expect(
      await codeOf(saveService(work, { ...fields, id: other.serviceId, practitionerIds: [], key: randomUUID() })),
    ).toBe("not_found");
    expect(
      await codeOf(saveService(work, { ...fields, practitionerIds: [other.practitionerId], key: randomUUID() })),
    ).toBe("not_found");
    expect(await s.db.withTenant(work, (db) => findPractitioners(db, clinic.clinicId))).toHaveLength(1);
  });
});

describe("looking for times", () => {
  test("an empty stretch names the next day with times, however far inside the horizon", async () => {
    const clinic = await makeClinic(t, { hours: null });
    const work = workOf(clinic);
    const { version } = await getHours(work, clinic.practitionerId);
    const overrides = [{ date: dayFrom(45), windows: [{ from: 600, to: 640 }] }];
    await saveHours(work, { practitionerId: clinic.practitionerId, weekly: [], overrides, version, key: randomUUID() });
    const found = await search(work, clinic, null, 7);
    expect(found.days.every((day) => day.times.length === 0)).toBe(true);
    expect(found).toMatchObject({ nextDay: dayFrom(45), previousDay: null, nextPage: dayFrom(7) });
  });

  test("pages stop at the horizon and never go before today", async () => {
    const clinic = await makeClinic(t, { horizonDays: 10 });
    const work = workOf(clinic);
    expect(await search(work, clinic, dayFrom(-30), 7)).toMatchObject({ previousDay: null, nextPage: dayFrom(7) });
    const last = await search(work, clinic, dayFrom(7), 7);
    expect(last).toMatchObject({ previousDay: dayFrom(0), nextPage: null, nextDay: null });
    expect(last.days.filter((day) => day.times.length > 0).map((day) => day.date)).toEqual([7, 8, 9, 10].map(dayFrom));
    expect(await search(work, clinic, dayFrom(400), 7)).toMatchObject({ nextPage: null, nextDay: null });
  });

  /** The first times from today on, and how often the database was read for them. */
  async function firstTimes(clinic: MadeClinic) {
    let reads = 0;
    const { clinicId, serviceId } = clinic;
    const times = await s.db.withTenant(workOf(clinic), (db) =>
      nextTimes(
        {
          $queryRaw: ((...args: Parameters<typeof db.$queryRaw>) => {
            reads += 1;
            return db.$queryRaw(...args);
          }) as typeof db.$queryRaw,
        },
        { clinicId, zone, serviceId, practitionerId: null, from: dayFrom(0) },
      ),
    );
    return { times, reads };
  }

  const setRange = (clinic: MadeClinic, from: string, until: string) =>
    t.admin(
      "UPDATE app.service SET horizon_kind = 'range', horizon_from = $2, horizon_until = $3 WHERE clinic_id = $1",
      [clinic.clinicId, from, until],
    );

  test("ends after a bounded number of reads when there is nothing", async () => {
    const clinic = await makeClinic(t, { hours: null, horizonDays: 365 });
    const nothing = await firstTimes(clinic);
    expect(nothing.times).toEqual([]);
    expect(nothing.reads).toBeLessThanOrEqual(14);
    await setRange(clinic, dayFrom(0), "2149-12-31");
    const far = await firstTimes(clinic);
    expect(far.times).toEqual([]);
    expect(far.reads).toBeLessThanOrEqual(14);
  });

  test("finds the first time of a range that begins long after today, without looking before it", async () => {
    const clinic = await makeClinic(t);
    await setRange(clinic, dayFrom(500), dayFrom(510));
    const { times, reads } = await firstTimes(clinic);
    expect(times[0] && dayOf(times[0].start, zone)).toBe(dayFrom(500));
    expect(reads).toBe(2);
  });
});

describe("the clinic's front page", () => {
  test("has the next time, the state of the doors and how to reach it", async () => {
    const clinic = await makeClinic(t, { hours: { from: 0, to: 1440 } });
    const home = await clinicHome(workOf(clinic));
    expect(home).toMatchObject({
      name: "Test Clinic",
      status: "live",
      bookable: true,
      open: true,
      address: "1 Test Street",
      phone: "+27 21 555 0100",
    });
    expect(home.next).toMatchObject({
      serviceId: clinic.serviceId,
      practitionerId: clinic.practitionerId,
      serviceName: "Consultation",
      practitionerName: "Dr Test",
    });
    expect((home.next?.start.getTime() ?? 0) - Date.now()).toBeLessThan(21 * 60_000);
  });

  test("closed all week: the next opening and the first time after it", async () => {
    const clinic = await makeClinic(t, { hours: null });
    const work = workOf(clinic);
    const { version } = await getHours(work, clinic.practitionerId);
    await saveHours(work, {
      practitionerId: clinic.practitionerId,
      weekly: [],
      overrides: [{ date: dayFrom(9), windows: [{ from: 540, to: 600 }] }],
      version,
      key: randomUUID(),
    });
    // the front page reads the rules of its own week; what lies behind it is found by the search
    const home = await clinicHome(work);
    expect(home).toMatchObject({ open: false, openUntil: null, bookable: true });
    expect(home.next?.start).toEqual(new Date(`${dayFrom(9)}T09:00:00+02:00`));
  });

  test("before approval offers no time", async () => {
    const clinic = await makeClinic(t, { status: "practice" });
    expect(await clinicHome(workOf(clinic))).toMatchObject({ status: "practice", bookable: false, next: null });
  });
});
