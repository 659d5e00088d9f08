import { randomUUID } from "node:crypto";
import { addDays, dayOf } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices, type Services } from "../../infra/services.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";
import { publicHolidays } from "./holidays.ts";
import { getHours, getRoomHours, saveRoomHours } from "./hours.ts";
import { previewRoomHours } from "./preview-hours.ts";
import { listRooms, saveRoom } from "./rooms.ts";
import { type RulesClinic, rulesClinic, told } from "./testing/rules-world.ts";

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
const key = () => randomUUID();
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? String(error),
  );

describe("rooms and devices", () => {
  const room = {
    kind: "room",
    name: "Room 1",
    active: true,
    dayCount: 8,
    dayMinutes: null,
    weekCount: null,
    weekMinutes: null,
  } as const;

  test("are made once for a key, changed, listed with the services that need them, announced and audited", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const input = { ...room, key: key() };
    const made = await saveRoom(work, input);
    expect(made).toEqual({ ...room, id: made.id, services: [], ownHours: false });
    expect(await saveRoom(work, input)).toEqual(made);
    expect(await codeOf(saveRoom(work, { ...input, name: "Room 9" }))).toBe("key_reused");
    await clinic.need([made.id]);
    const changed = await saveRoom(work, { ...room, id: made.id, name: "Room 2", dayCount: null, key: key() });
    expect(await listRooms(work)).toEqual([{ ...made, name: "Room 2", dayCount: null, services: ["Consultation"] }]);
    expect(changed.name).toBe("Room 2");
    expect(await told(clinic)).toEqual({
      events: ["room.changed", "room.changed"],
      audits: ["room.created", "room.changed"],
    });
  });

  test("keep the limits that are not sent, and lose those that are taken away", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const made = await saveRoom(work, { ...room, weekMinutes: 600, key: key() });
    const { kind, name } = room;
    const changed = await saveRoom(work, { id: made.id, kind, name, active: false, weekMinutes: null, key: key() });
    expect(changed).toEqual({ ...made, active: false, weekMinutes: null });
    const plain = await saveRoom(work, { kind, name: "Room 3", active: true, key: key() });
    expect(plain).toMatchObject({ dayCount: null, dayMinutes: null, weekCount: null, weekMinutes: null });
  });

  test("of another clinic, or a practitioner, are not found", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const theirs = await other.resource("room", "Theirs");
    for (const id of [theirs, newId(), clinic.practitionerId]) {
      expect(await codeOf(saveRoom(workOf(clinic), { ...room, id, key: key() }))).toBe("not_found");
    }
    expect(await listRooms(workOf(clinic))).toEqual([]);
    const own = await clinic.resource("room", "Own");
    expect(await codeOf(saveRoom(workOf(clinic), { ...room, id: own, kind: "device", key: key() }))).toBe("invalid");
  });
});

describe("hours of a room", () => {
  const mornings = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from: 480, to: 600 }));
  const roomOf = async (clinic: RulesClinic) => {
    const roomId = await clinic.resource("room", "Room 1");
    await clinic.need([roomId]);
    const { version } = await getRoomHours(workOf(clinic), roomId);
    return { roomId, version };
  };

  test("are there at any hour until it has some, and are announced and audited like the room", async () => {
    const clinic = await rulesClinic(t);
    const work = workOf(clinic);
    const { roomId, version } = await roomOf(clinic);
    expect(await clinic.times(clinic.monday)).toHaveLength(8);
    const input = { roomId, weekly: mornings, overrides: [], version, key: key() };
    const saved = await saveRoomHours(work, input);
    expect(saved).toMatchObject({ weekly: mornings, timetables: [] });
    expect(await saveRoomHours(work, input)).toEqual(saved);
    expect(await getRoomHours(work, roomId)).toEqual(saved);
    expect(await clinic.times(clinic.monday)).toEqual(["08:00", "08:30", "09:00", "09:30"]);
    expect(await clinic.why(clinic.monday, "11:00")).toEqual(["closed"]);
    expect(await listRooms(work)).toMatchObject([{ id: roomId, ownHours: true }]);
    expect(await told(clinic)).toEqual({ events: ["room.changed"], audits: ["hours.saved"] });
    const again = { roomId, weekly: [], overrides: [], version: saved.version, key: key() };
    await saveRoomHours(work, again);
    expect(await listRooms(work)).toMatchObject([{ id: roomId, ownHours: false }]);
    expect(await clinic.times(clinic.monday)).toHaveLength(8);
  });

  test("that somebody else saved in the meantime are not overwritten", async () => {
    const clinic = await rulesClinic(t);
    const { roomId, version } = await roomOf(clinic);
    const save = (to: number) => {
      const weekly = mornings.map((window) => ({ ...window, to }));
      return codeOf(saveRoomHours(workOf(clinic), { roomId, weekly, overrides: [], version, key: key() }));
    };
    expect((await Promise.all([save(600), save(660), save(690)])).toSorted()).toEqual([
      "changed_meanwhile",
      "changed_meanwhile",
      "ok",
    ]);
  });

  test("that differ on one date leave every other date as it was, holidays too", async () => {
    const clinic = await rulesClinic(t, { horizonDays: 365 });
    const { roomId, version } = await roomOf(clinic);
    await clinic.sql("UPDATE app.clinic_profile SET holiday_country = 'ZA' WHERE clinic_id = $1");
    const today = dayOf(Date.now(), zone);
    const year = Number(today.slice(0, 4));
    const holiday = publicHolidays("ZA", year, year + 1).find(({ date }) => date > addDays(today, 1))?.date ?? "";
    const closed = addDays(clinic.monday, 7);
    await clinic.sql(
      `INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
      VALUES ($1, gen_random_uuid(), $2, $3, '[{"from": 600, "to": 660}]')`,
      [clinic.practitionerId, holiday],
    );
    const overrides = [
      { date: clinic.monday, windows: [{ from: 540, to: 600 }] },
      { date: closed, windows: [] },
    ];
    await saveRoomHours(workOf(clinic), { roomId, weekly: [], overrides, version, key: key() });
    expect(await clinic.times(clinic.monday)).toEqual(["09:00", "09:30"]);
    expect(await clinic.times(closed)).toEqual([]);
    expect(await clinic.times(addDays(closed, 1))).toHaveLength(8);
    expect(await clinic.times(holiday)).toEqual(["10:00", "10:30"]);
  });

  test("are previewed for the service that needs the room, whoever gives it", async () => {
    const clinic = await rulesClinic(t);
    const { roomId } = await roomOf(clinic);
    const preview = (id: string) =>
      previewRoomHours(workOf(clinic), { roomId: id, weekly: mornings, overrides: [], from: clinic.monday });
    expect((await preview(roomId)).map(({ count, was }) => [count, was])).toEqual(Array(7).fill([4, 8]));
    await clinic.book(addDays(clinic.monday, 1), "11:00", { resources: [clinic.practitionerId, roomId] });
    expect((await preview(roomId)).map(({ outside }) => outside)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    const unused = await clinic.resource("device", "Scanner");
    expect((await preview(unused)).map(({ count, was }) => [count, was])).toEqual(Array(7).fill([0, 0]));
  });

  test("of another clinic, or of a practitioner, are not found", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    const work = workOf(clinic);
    const theirs = await other.resource("room", "Theirs");
    for (const roomId of [theirs, newId(), clinic.practitionerId]) {
      const rules = { roomId, weekly: mornings, overrides: [] };
      expect(await codeOf(getRoomHours(work, roomId))).toBe("not_found");
      expect(await codeOf(previewRoomHours(work, { ...rules, from: clinic.monday }))).toBe("not_found");
      expect(await codeOf(saveRoomHours(work, { ...rules, version: "none", key: key() }))).toBe("not_found");
    }
    const own = await clinic.resource("room", "Own");
    expect(await codeOf(getHours(work, own))).toBe("not_found");
  });
});
