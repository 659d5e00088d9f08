import { randomUUID } from "node:crypto";
import { addDays } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices, type Services } from "../../infra/services.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";
import { getClinicRules, saveClinicRules } from "./clinic-rules.ts";
import { listClosures, removeClosure, saveClosure } from "./closures.ts";
import { getHours, saveHours } from "./hours.ts";
import { previewHours } from "./preview-hours.ts";
import { listServices, saveService } from "./save-service.ts";
import { ServiceSaveIn } from "./service.schema.ts";
import { findServices } from "./services.repo.ts";
import { clockTimes, type RulesClinic, rulesClinic, told } from "./testing/rules-world.ts";

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
const workOf = ({ clinicId, ownerAccountId }: RulesClinic) => ({
  s,
  clinicId,
  actor: ownerAccountId,
  clinic: { zone },
});
const at = (date: string, time: string) => new Date(`${date}T${time}:00+02:00`);
const key = () => randomUUID();
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? String(error),
  );

describe("closures", () => {
  test("shut the clinic, are changed and taken away again", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const closure = { startsAt: at(clinic.monday, "08:00"), endsAt: at(clinic.monday, "11:00"), label: "Stock-taking" };
    const made = await saveClosure(work, { ...closure, key: key() });
    expect(await clinic.times(clinic.monday)).toEqual(["11:00", "11:30"]);
    const endsAt = at(clinic.monday, "10:00");
    expect(await saveClosure(work, { ...closure, id: made.id, endsAt, key: key() })).toEqual({ ...made, endsAt });
    expect(await listClosures(work)).toEqual([{ ...made, endsAt }]);
    const gone = { id: made.id, key: key() };
    expect(await removeClosure(work, gone)).toEqual({ removed: true });
    expect(await removeClosure(work, gone)).toEqual({ removed: true });
    expect(await codeOf(removeClosure(work, { id: made.id, key: key() }))).toBe("not_found");
    expect(await clinic.times(clinic.monday)).toHaveLength(8);
    expect((await told(clinic)).audits).toEqual(["closure.created", "closure.changed", "closure.removed"]);
  });

  test("of another clinic are not found", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const closure = { startsAt: at(clinic.monday, "08:00"), endsAt: at(clinic.monday, "11:00"), label: "Theirs" };
    const { id } = await saveClosure(workOf(other), { ...closure, key: key() });
    expect(await codeOf(saveClosure(workOf(clinic), { ...closure, id, key: key() }))).toBe("not_found");
    expect(await codeOf(removeClosure(workOf(clinic), { id, key: key() }))).toBe("not_found");
    expect(await listClosures(workOf(clinic))).toEqual([]);
  });
});

describe("the clinic's rules", () => {
  const rules = { holidayCountry: "ZA", shareBuffers: true, squeezeInCap: 5, cancelUntilMinutes: 600 };

  test("are saved over what was read, and over nothing newer", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const { version, countries } = await getClinicRules(work);
    expect(countries).toContainEqual({ code: "ZA", name: "South Africa" });
    const saved = await saveClinicRules(work, { ...rules, version, key: key() });
    expect(saved).toMatchObject(rules);
    expect(await codeOf(saveClinicRules(work, { ...rules, squeezeInCap: 1, version, key: key() }))).toBe(
      "changed_meanwhile",
    );
    expect(await getClinicRules(work)).toEqual(saved);
    expect(await told(clinic)).toEqual({ events: ["clinic.rules_changed"], audits: ["clinic.rules_changed"] });
  });

  test("two who save at once over the same end with one of them", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const { version } = await getClinicRules(work);
    const ends = await Promise.all(
      [1, 2, 3, 4].map((squeezeInCap) =>
        codeOf(saveClinicRules(work, { ...rules, squeezeInCap, version, key: key() })),
      ),
    );
    expect(ends.sort()).toEqual(["changed_meanwhile", "changed_meanwhile", "changed_meanwhile", "ok"]);
  });

  test("know only countries that there are", async () => {
    const work = workOf(await rulesClinic(t));
    const { version } = await getClinicRules(work);
    expect(await codeOf(saveClinicRules(work, { ...rules, holidayCountry: "XX", version, key: key() }))).toBe(
      "invalid",
    );
  });
});

describe("a service with every rule", () => {
  test("is kept as it was saved, with what it needs in the place of what it needed", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const [one, two] = [await clinic.resource("room", "Room 1"), await clinic.resource("room", "Room 2")];
    const nurse = await clinic.resource("practitioner", "Nurse");
    const fields = {
      name: "Scan",
      minutes: 30,
      bufferBefore: 5,
      bufferAfter: 10,
      intervalMinutes: 15,
      noticeMinutes: 0,
      horizonDays: 30,
      priceCents: 90_000,
      active: true,
      practitionerIds: [clinic.practitionerId],
      otherMinutes: [60, 45],
      alignment: "clock" as const,
      alignmentOffset: 5,
      horizonKind: "range" as const,
      horizonFrom: clinic.monday,
      horizonUntil: addDays(clinic.monday, 30),
      seats: 1,
      dayCount: 4,
      dayMinutes: 200,
      weekCount: 10,
      weekMinutes: 600,
      needsApproval: true,
      needs: [
        { count: 1, of: [one, two], minutes: 40, bufferBefore: 0, bufferAfter: 15 },
        { count: 1, of: [nurse], minutes: null, bufferBefore: null, bufferAfter: null },
      ],
    };
    const made = await saveService(work, { ...fields, key: key() });
    const [first, second] = made.needs;
    expect(made).toEqual({
      ...fields,
      id: made.id,
      version: made.version,
      otherMinutes: [45, 60],
      needs: [
        { ...fields.needs[0], id: first?.id },
        { ...fields.needs[1], id: second?.id },
      ],
    });
    const changed = await saveService(work, { ...fields, id: made.id, needs: fields.needs.slice(1), key: key() });
    expect(changed.needs.map(({ of }) => of)).toEqual([[nurse]]);
    const { version: _, ...stored } = changed;
    expect(await s.db.withTenant(work, (db) => findServices(db, clinic.clinicId, made.id))).toEqual([stored]);

    // Whoever sends a part leaves the rest alone.
    const { name, minutes, bufferBefore, bufferAfter, intervalMinutes, noticeMinutes, horizonDays } = fields;
    const plain = { name, minutes, bufferBefore, bufferAfter, intervalMinutes, noticeMinutes, horizonDays };
    const { priceCents, active, practitionerIds } = fields;
    const part = { ...plain, priceCents, active, practitionerIds, id: made.id };
    const kept = await saveService(work, { ...part, active: false, dayCount: null, key: key() });
    expect(kept).toEqual({ ...changed, active: false, dayCount: null, version: kept.version });
    const far = { horizonUntil: addDays(clinic.monday, 740) };
    expect(await codeOf(saveService(work, { ...part, ...far, key: key() }))).toBe("invalid");
    const days = { horizonFrom: null, horizonUntil: null };
    expect(await codeOf(saveService(work, { ...part, ...days, key: key() }))).toBe("invalid");
    const counted = await saveService(work, { ...part, ...days, horizonKind: "days", needs: [], key: key() });
    expect(counted).toMatchObject({ ...days, horizonKind: "days", needs: [], otherMinutes: [45, 60] });
  });

  test("is not saved over one that somebody else saved since, where that is asked for", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const [before] = await listServices(work);
    if (!before) throw new Error("a clinic of the tests has a service");
    const { needs: _, version, ...fields } = before;
    const save = (over: { name: string }) => saveService(work, { ...fields, ...over, version, key: key() });
    const ends = await Promise.all(["One", "Two", "Three"].map((name) => codeOf(save({ name }))));
    expect(ends.toSorted()).toEqual(["changed_meanwhile", "changed_meanwhile", "ok"]);
    const [after] = await listServices(work);
    expect(await codeOf(saveService(work, { ...fields, name: "Four", version: after?.version, key: key() }))).toBe(
      "ok",
    );
  });

  test("that is new and sent with the plain fields alone is a plain one", async () => {
    const work = workOf(await rulesClinic(t));
    const plain = { name: "Check-up", minutes: 20, bufferBefore: 0, bufferAfter: 0, intervalMinutes: 20 };
    const rest = { noticeMinutes: 0, horizonDays: 30, priceCents: 0, active: true, practitionerIds: [] };
    const saved = await saveService(work, { ...plain, ...rest, key: key() });
    expect(saved).toMatchObject({ seats: 1, otherMinutes: [], alignment: "clock", needs: [], dayCount: null });
  });

  test("cannot need what another clinic has, or more than it names", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const theirs = await other.resource("room", "Theirs");
    const room = await clinic.resource("room", "Room 1");
    const service = { name: "Scan", minutes: 30, bufferBefore: 0, bufferAfter: 0, intervalMinutes: 15 };
    const rest = { noticeMinutes: 0, horizonDays: 30, priceCents: 0, active: true, practitionerIds: [] };
    const save = (need: { count: number; of: string[] }) =>
      codeOf(saveService(workOf(clinic), ServiceSaveIn.parse({ ...service, ...rest, needs: [need], key: key() })));
    expect(await save({ count: 1, of: [theirs] })).toBe("not_found");
    expect(await save({ count: 1, of: [newId()] })).toBe("not_found");
    expect(await save({ count: 2, of: [room] })).toBe("invalid");
    expect(await save({ count: 1, of: [room, room] })).toBe("invalid");
    expect(await save({ count: 1, of: [room] })).toBe("ok");
    const rooms = await Promise.all(Array.from({ length: 10 }, (_, n) => clinic.resource("room", `Ward ${n}`)));
    const four = Array.from({ length: 4 }, () => ({ count: 10, of: rooms }));
    const everything = ServiceSaveIn.parse({ ...service, ...rest, needs: four, key: key() });
    expect(await codeOf(saveService(workOf(clinic), everything))).toBe("invalid");
  });
});

describe("hours with timetables and limits", () => {
  const everyDay = (from: number, to: number) =>
    ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from, to }));

  test("are replaced whole where they are sent, and stay where they are not", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const { practitionerId } = clinic;
    const before = await getHours(work, practitionerId);
    const limits = { dayCount: 6, dayMinutes: null, weekCount: null, weekMinutes: 900 };
    const timetables = [
      { from: addDays(clinic.monday, 7), until: null, weekly: everyDay(600, 660) },
      { from: clinic.monday, until: addDays(clinic.monday, 6), weekly: everyDay(540, 600) },
    ];
    const { weekly, overrides } = before;
    const input = { practitionerId, weekly, overrides, timetables, limits, version: before.version, key: key() };
    const saved = await saveHours(work, input);
    expect(saved).toMatchObject({ limits, timetables: timetables.toReversed() });
    expect(saved.version).not.toBe(before.version);
    expect(await getHours(work, practitionerId)).toEqual(saved);
    expect(await clinic.times(clinic.monday)).toEqual(["09:00", "09:30"]);
    expect(await clinic.times(addDays(clinic.monday, 8))).toEqual(["10:00", "10:30"]);
    const kept = await saveHours(work, { practitionerId, weekly: [], overrides, version: saved.version, key: key() });
    expect(kept).toMatchObject({ weekly: [], limits, timetables: saved.timetables });
  });

  test("are previewed with closures and public holidays, before anybody is approved", async () => {
    const clinic = await rulesClinic(t);
    const { practitionerId, monday } = clinic;
    await clinic.sql("UPDATE app.practitioner SET approval = 'waiting' WHERE clinic_id = $1");
    const closed = { startsAt: at(monday, "08:00"), endsAt: at(monday, "11:00"), label: "Training" };
    await saveClosure(workOf(clinic), { ...closed, key: key() });
    const timetables = [{ from: addDays(monday, 1), until: addDays(monday, 1), weekly: everyDay(600, 660) }];
    const preview = await previewHours(workOf(clinic), {
      practitionerId,
      weekly: everyDay(480, 720),
      overrides: [],
      timetables,
      from: monday,
    });
    expect(preview.slice(0, 3).map(({ count, was }) => [count, was])).toEqual([
      [2, 2],
      [2, 8],
      [8, 8],
    ]);
    expect(preview[0]?.times).toEqual(clockTimes("11:00", "12:00", 30).map((time) => at(monday, time).toISOString()));
  });

  test("are previewed with the visits that they would leave outside", async () => {
    const clinic = await rulesClinic(t);
    const { practitionerId, monday } = clinic;
    await clinic.book(monday, "11:30");
    await clinic.book(monday, "08:00");
    const weekly = everyDay(480, 660);
    const preview = await previewHours(workOf(clinic), { practitionerId, weekly, overrides: [], from: monday });
    expect(preview.map(({ outside }) => outside)).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  test("are previewed with the limits that are typed, counted over whole weeks", async () => {
    const clinic = await rulesClinic(t);
    const { practitionerId, monday } = clinic;
    await clinic.book(monday, "08:00");
    const { weekly, overrides } = await getHours(workOf(clinic), practitionerId);
    const counts = async (limits: Partial<Record<"dayCount" | "weekCount", number>>) => {
      const typed = { dayCount: null, dayMinutes: null, weekCount: null, weekMinutes: null, ...limits };
      const input = { practitionerId, weekly, overrides, limits: typed, from: addDays(monday, 3) };
      return (await previewHours(workOf(clinic), input)).map(({ count }) => count);
    };
    expect(await counts({})).toEqual([8, 8, 8, 8, 8, 8, 8]);
    // the booking on Monday uses up the week that the preview begins in the middle of
    expect(await counts({ weekCount: 1 })).toEqual([0, 0, 0, 0, 8, 8, 8]);
    await clinic.book(addDays(monday, 4), "09:00");
    expect(await counts({ dayCount: 1 })).toEqual([8, 0, 8, 8, 8, 8, 8]);
  });
});
