import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { closeServices } from "../../infra/services.ts";
import type { Services } from "../../infra/services.ts";
import { consoleHost, platformCookie, signUpClinic } from "../../testing/people.ts";
import { testCaller } from "../../testing/test-caller.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";

let t: TestDatabase;
let s: Services;
let cookie: string;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
});

beforeEach(async () => {
  ({ cookie } = await platformCookie(s, t));
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

const key = "approval-key";
const onConsole = () => testCaller(s, { host: consoleHost(s), cookies: cookie });

test("approving opens the clinic, its practitioners, and says so once", async () => {
  const clinic = await signUpClinic(s, t);
  const call = await onConsole();
  const row = await call.platform.clinics.approve({ clinicId: clinic.clinicId, key });
  expect(row).toMatchObject({ id: clinic.clinicId, slug: clinic.slug, status: "live", ownerVerified: false });
  expect(row.approvedAt).toBeInstanceOf(Date);
  expect(await t.admin("select approval from app.practitioner where clinic_id = $1", [clinic.clinicId])).toEqual([
    { approval: "approved" },
  ]);
  const events = () =>
    t.admin("select 1 from app.event where clinic_id = $1 and type = 'clinic.approved'", [clinic.clinicId]);
  expect(await events()).toHaveLength(1);
  const again = await Promise.all(
    [1, 2, 3].map(() => call.platform.clinics.approve({ clinicId: clinic.clinicId, key })),
  );
  expect(again.map((one) => one.status)).toEqual(["live", "live", "live"]);
  expect(await events()).toHaveLength(1);
});

test("an approval that was cut off between its two halves is finished by pressing again", async () => {
  const clinic = await signUpClinic(s, t);
  await t.admin("update platform.clinic set status = 'live', approved_at = now() where id = $1", [clinic.clinicId]);
  await (await onConsole()).platform.clinics.approve({ clinicId: clinic.clinicId, key });
  expect(await t.admin("select approval from app.practitioner where clinic_id = $1", [clinic.clinicId])).toEqual([
    { approval: "approved" },
  ]);
});

test("what an admin did stands in the platform's log and in the clinic's", async () => {
  const clinic = await signUpClinic(s, t);
  await (await onConsole()).platform.clinics.approve({ clinicId: clinic.clinicId, key });
  expect(await t.admin("select action from platform.audit where clinic_id = $1", [clinic.clinicId])).toEqual([
    { action: "clinic.approve" },
  ]);
  const own = await t.admin("select actor from app.audit_log where clinic_id = $1 and actor like 'platform:%'", [
    clinic.clinicId,
  ]);
  expect(own.length).toBeGreaterThan(0);
});

test("a suspended clinic is not opened by approving it", async () => {
  const { clinicId } = await makeClinic(t, { status: "suspended" });
  const refusal = await (await onConsole()).platform.clinics.approve({ clinicId, key }).catch(refusalOf);
  expect(refusal).toMatchObject({ code: "conflict" });
});

test("the overview counts what waits, what is live and what is stuck", async () => {
  const call = await onConsole();
  const before = await call.platform.overview();
  const waiting = await signUpClinic(s, t);
  const { clinicId } = await makeClinic(t);
  await t.admin(
    "insert into app.event (clinic_id, id, type, payload) values ($1, gen_random_uuid(), 'booking.confirmed', '{}')",
    [clinicId],
  );
  await t.admin(
    "insert into app.event (clinic_id, id, type, payload, live, not_before) values ($1, gen_random_uuid(), 'booking.hold_due', '{}', false, now() - interval '1 hour')",
    [clinicId],
  );
  const after = await call.platform.overview();
  expect(after.waiting - before.waiting).toBe(1);
  expect(after.live - before.live).toBe(1);
  expect(after.bookingsLastHour - before.bookingsLastHour).toBe(1);
  expect(after.stuckEvents - before.stuckEvents).toBe(1);
  expect(after.oldestWaiting).toBeInstanceOf(Date);
  expect(after.feed.map((line) => [line.type, line.slug])).toContainEqual(["clinic.signed_up", waiting.slug]);
});

test("the list can be narrowed to those that wait, oldest first", async () => {
  const [first, second] = [await signUpClinic(s, t), await signUpClinic(s, t)];
  await t.admin("update auth.account set email_verified_at = now() where id = $1", [second.accountId]);
  const rows = await (await onConsole()).platform.clinics.list({ status: "practice" });
  expect(rows.every((row) => row.status === "practice")).toBe(true);
  const slugs = rows.map((row) => row.slug);
  expect(slugs.indexOf(first.slug)).toBeLessThan(slugs.indexOf(second.slug));
  expect(rows.find((row) => row.slug === second.slug)).toMatchObject({ ownerVerified: true });
  expect(rows.find((row) => row.slug === first.slug)).toMatchObject({ ownerVerified: false });
});

test("an open console sees a clinic sign up and go live, starting from the overview's place", async () => {
  const call = await onConsole();
  const { cursor } = await call.platform.overview();
  const stream = (await call.platform.live.events({ lastEventId: cursor }))[Symbol.asyncIterator]();
  const clinic = await signUpClinic(s, t);
  await call.platform.clinics.approve({ clinicId: clinic.clinicId, key });
  const seen: { type: string; slug?: string }[] = [];
  while (seen.length < 2) {
    const { value } = await stream.next();
    // A tracked value is [id, data, a symbol of tRPC's]. Others' events may come first: the horizon can lag behind.
    const data = (value as unknown as [string, { type: string; slug?: string }])[1];
    if (data.slug === clinic.slug) seen.push(data);
  }
  await stream.return?.();
  expect(seen).toMatchObject([
    { type: "clinic.signed_up", slug: clinic.slug, name: "Acacia Rooms", clinicId: clinic.clinicId },
    { type: "clinic.approved", slug: clinic.slug },
  ]);
});
