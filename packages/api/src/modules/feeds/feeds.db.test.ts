import { randomUUID } from "node:crypto";
import { type MadeClinic, makeBooking, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { convertIcsCalendar } from "ts-ics";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Caller } from "../../caller.ts";
import { closeServices, type Services } from "../../infra/services.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import { clinicHost, staffCookie } from "../../testing/people.ts";
import { testCaller } from "../../testing/test-caller.ts";
import { testServices } from "../../testing/test-services.ts";
import { shredPatient } from "../records/index.ts";
import { handleFeed } from "./index.ts";

let t: TestDatabase;
let s: Services;
let clinic: MadeClinic;
let staff: Caller;
let reception: { cookie: string; accountId: string };

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
});
afterAll(async () => {
  await closeServices(s);
  await t.close();
});

beforeEach(async () => {
  clinic = await makeClinic(t, { name: "Sunrise Clinic" });
  reception = await staffCookie(s, t, clinic.clinicId, "reception");
  staff = await callerOf(reception.cookie);
});

const callerOf = (cookies?: string) => testCaller(s, { host: clinicHost(s, clinic.slug), cookies });
const daysAhead = (days: number) => new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + days * 86_400_000);
const key = () => randomUUID();

/** Reads an address as a calendar program does. */
const read = (address: string | null, headers: Record<string, string> = {}, method = "GET") =>
  handleFeed(s, new Request(address ?? "", { method, headers: { host: new URL(address ?? "").host, ...headers } }), {
    ip: "127.0.0.1",
  });

async function eventsAt(address: string | null) {
  const response = await read(address);
  expect(response.status).toBe(200);
  return convertIcsCalendar(undefined, await response.text()).events ?? [];
}

/** A booking whose link opens it. */
async function visit(over: Parameters<typeof makeBooking>[2] = {}) {
  const made = await makeBooking(t, clinic, { startsAt: daysAhead(2), patientName: "Thandi Mokoena", ...over });
  const token = bookingToken(s.env.secret, clinic.clinicId, made.bookingId);
  await t.admin("UPDATE app.booking SET token_hash = $2 WHERE id = $1", [made.bookingId, hashToken(token)]);
  return { ...made, token };
}

const makeAddress = async () =>
  (await staff.staff.feeds.create({ practitionerId: clinic.practitionerId, key: key() })).address;

describe("a practitioner's calendar", () => {
  test("is read back by a calendar program, with initials and nothing more of a patient", async () => {
    const { bookingId, startsAt } = await visit();
    const address = await makeAddress();
    const response = await read(address);
    expect(response.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const ics = await response.text();
    expect(ics).not.toMatch(/Thandi|Mokoena|Consultation/);
    const { name, events = [] } = convertIcsCalendar(undefined, ics);
    expect(name).toBe("Dr Test, Sunrise Clinic");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      uid: `${bookingId}@${s.env.baseDomain}`,
      summary: "T. M. TST4",
      status: "CONFIRMED",
    });
    expect(events[0]?.start.date).toEqual(startsAt);
  });

  test("follows a visit that is moved, then cancelled, under one UID with a growing SEQUENCE", async () => {
    const { bookingId } = await visit();
    const address = await makeAddress();
    const seen = [];
    seen.push((await eventsAt(address))[0]);
    await t.admin(
      "UPDATE app.booking SET starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour', sequence = 1 WHERE id = $1",
      [bookingId],
    );
    seen.push((await eventsAt(address))[0]);
    await t.admin("UPDATE app.booking SET state = 'cancelled', sequence = 2 WHERE id = $1", [bookingId]);
    seen.push((await eventsAt(address))[0]);
    expect(new Set(seen.map((event) => event?.uid)).size).toBe(1);
    // ts-ics leaves a SEQUENCE of 0 out
    expect(seen.map((event) => [event?.sequence ?? 0, event?.status])).toEqual([
      [0, "CONFIRMED"],
      [1, "CONFIRMED"],
      [2, "CANCELLED"],
    ]);
    await t.admin("UPDATE app.booking SET updated_at = now() - interval '31 days' WHERE id = $1", [bookingId]);
    expect(await eventsAt(address)).toEqual([]);
  });

  test("shows neither holds nor another practitioner's visits nor another clinic's", async () => {
    await visit({ state: "held" });
    const other = await makeClinic(t);
    await makeBooking(t, other, { startsAt: daysAhead(3) });
    expect(await eventsAt(await makeAddress())).toEqual([]);
  });

  test("costs nothing to read again while nothing changed", async () => {
    const { bookingId } = await visit();
    const address = await makeAddress();
    const etag = (await read(address)).headers.get("etag") ?? "";
    const same = await read(address, { "if-none-match": `W/${etag}` });
    expect([same.status, await same.text()]).toEqual([304, ""]);
    expect(await (await read(address, {}, "HEAD")).text()).toBe("");
    await t.admin("UPDATE app.booking SET state = 'cancelled', sequence = 1 WHERE id = $1", [bookingId]);
    expect((await read(address, { "if-none-match": etag })).status).toBe(200);
  });
});

describe("an address", () => {
  test("is one per member and calendar, and the database knows only its hash", async () => {
    const mine = await makeAddress();
    expect(await makeAddress()).toBe(mine);
    expect(mine).toMatch(new RegExp(`^http://${clinic.slug}\\..*/feeds/[A-Za-z0-9_-]{22}\\.ics$`));
    const secret = /feeds\/(.+)\.ics/.exec(mine ?? "")?.[1] ?? "";
    const rows = await t.admin("SELECT token_hash FROM app.calendar_feed WHERE clinic_id = $1", [clinic.clinicId]);
    expect(rows).toEqual([{ token_hash: hashToken(secret) }]);
    const manager = await callerOf((await staffCookie(s, t, clinic.clinicId, "manager")).cookie);
    const [seen] = await manager.staff.feeds.list();
    expect(seen).toMatchObject({ practitionerId: clinic.practitionerId, address: null, others: 1 });
    await manager.staff.feeds.create({ practitionerId: clinic.practitionerId, key: key() });
    expect((await staff.staff.feeds.list())[0]).toMatchObject({ address: mine, others: 1 });
  });

  test("that is revoked is gone: 404, for programs that cached it too; the next one is another", async () => {
    await visit();
    const address = await makeAddress();
    const etag = (await read(address)).headers.get("etag") ?? "";
    const after = await staff.staff.feeds.revoke({ practitionerId: clinic.practitionerId, key: key() });
    expect(after.address).toBeNull();
    const gone = await read(address, { "if-none-match": etag });
    expect([gone.status, gone.headers.get("cache-control")]).toEqual([404, "no-store"]);
    const next = await makeAddress();
    expect(next).not.toBe(address);
    expect((await read(next)).status).toBe(200);
    expect((await read(address)).status).toBe(404);
  });

  test("made and revoked under a key is made and revoked once", async () => {
    const once = { practitionerId: clinic.practitionerId, key: key() };
    const first = await staff.staff.feeds.create(once);
    await staff.staff.feeds.revoke({ practitionerId: clinic.practitionerId, key: key() });
    expect((await staff.staff.feeds.create(once)).address).toBeNull();
    expect(first.address).not.toBeNull();
    const log = await t.admin("SELECT action FROM app.audit_log WHERE clinic_id = $1 ORDER BY at, id", [
      clinic.clinicId,
    ]);
    expect(log.map((row) => row["action"])).toEqual(["calendar.created", "calendar.revoked"]);
  });

  test("ends with its maker's membership", async () => {
    const address = await makeAddress();
    await t.admin("DELETE FROM auth.member WHERE account_id = $1", [reception.accountId]);
    expect((await read(address)).status).toBe(404);
  });

  test("of others is ended by those who lead the clinic, and by nobody else", async () => {
    const address = await makeAddress();
    const all = { practitionerId: clinic.practitionerId, all: true };
    const nurse = await callerOf((await staffCookie(s, t, clinic.clinicId, "practitioner")).cookie);
    await expect(nurse.staff.feeds.revoke({ ...all, key: key() })).rejects.toThrow("Your role does not allow this.");
    expect((await read(address)).status).toBe(200);
    const owner = await callerOf((await staffCookie(s, t, clinic.clinicId, "owner")).cookie);
    expect((await owner.staff.feeds.revoke({ ...all, key: key() })).others).toBe(0);
    expect((await read(address)).status).toBe(404);
  });

  test("works on its clinic's host only, and nothing else tells it from one that never was", async () => {
    const address = await makeAddress();
    const other = await makeClinic(t);
    const elsewhere = address?.replace(clinic.slug, other.slug) ?? "";
    const never = address?.replace(/feeds\/.{22}/, `feeds/${"A".repeat(22)}`) ?? "";
    const short = address?.replace(/feeds\/.{22}/, "feeds/abc") ?? "";
    for (const wrong of [elsewhere, never, short, `${address}/more`]) {
      const response = await read(wrong);
      expect([response.status, await response.text()], wrong).toEqual([404, ""]);
    }
    await t.admin("UPDATE platform.clinic SET status = 'suspended' WHERE id = $1", [clinic.clinicId]);
    expect((await read(address)).status).toBe(404);
    expect((await read(never, {}, "POST")).status).toBe(405);
  });
});

describe("a patient's calendar", () => {
  const guest = () => callerOf();

  test("shows their own visits and those they book for, and nobody else's", async () => {
    const own = await visit();
    const child = await visit({ startsAt: daysAhead(3), patientName: "Neo" });
    await visit({ startsAt: daysAhead(4), patientName: "Thandi Mokoena" });
    await t.admin("UPDATE app.patient SET guardian_id = $2 WHERE id = $1", [child.patientId, own.patientId]);
    const { address } = await (await guest()).patient.feeds.create({ token: own.token, key: key() });
    const events = await eventsAt(address);
    expect(events.map((event) => event.summary)).toEqual(["Visit at Sunrise Clinic", "Visit at Sunrise Clinic (Neo)"]);
    expect(events[0]?.description).toContain(`/b/${own.token}`);
    // the guardian holds the link of a dependant's visit: it is the same calendar
    expect((await (await guest()).patient.feeds.get({ token: child.token })).address).toBe(address);
  });

  test("is opened and closed by the link of a booking", async () => {
    const { token } = await visit();
    const call = await guest();
    expect(await call.patient.feeds.get({ token })).toEqual({ address: null });
    const { address } = await call.patient.feeds.create({ token, key: key() });
    expect(await call.patient.feeds.create({ token, key: key() })).toEqual({ address });
    expect(await call.patient.feeds.revoke({ token, key: key() })).toEqual({ address: null });
    expect((await read(address)).status).toBe(404);
  });

  test("is gone when the patient is erased", async () => {
    const { token, patientId } = await visit();
    const { address } = await (await guest()).patient.feeds.create({ token, key: key() });
    await shredPatient({ s, clinicId: clinic.clinicId, actor: "system:test" }, patientId);
    expect((await read(address)).status).toBe(404);
  });

  test("has nobody to be for while a time is only held", async () => {
    const { token, bookingId } = await visit({ state: "held" });
    await t.admin("UPDATE app.booking SET patient_id = NULL WHERE id = $1", [bookingId]);
    await expect((await guest()).patient.feeds.create({ token, key: key() })).rejects.toThrow(
      "We could not find that.",
    );
  });
});
