import { type TestDatabase, makeAccount, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServices } from "../../infra/services.ts";
import type { Services } from "../../infra/services.ts";
import { clinicHost, testPassword } from "../../testing/people.ts";
import { testCaller } from "../../testing/test-caller.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";

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

let count = 0;
function form(over: Record<string, unknown> = {}) {
  const n = ++count;
  return {
    clinicName: `Baobab Rooms ${n}`,
    slug: `baobab-${n}`,
    name: "Sipho Dlamini",
    email: `sipho-${n}@people.example`,
    password: testPassword,
    key: `sign-up-key-${n}`,
    ...over,
  };
}

async function signUp(input: ReturnType<typeof form>, ip = `10.3.${count}.1`): Promise<unknown> {
  const call = await testCaller(s, { host: s.env.baseDomain, ip });
  return call.public.signUp.start(input).catch((error: unknown) => refusalOf(error) ?? error);
}

async function clinicOf(slug: string) {
  const rows = await t.admin("select id, name, status from platform.clinic where slug = $1", [slug]);
  return rows[0] as { id: string; name: string; status: string };
}

test("a clinic works the minute it has signed up", async () => {
  const input = form({ practitioner: { name: "Dr Sipho Dlamini", registrationNumber: "MP0123456" } });
  expect(await signUp(input)).toEqual({ slug: input.slug });
  const clinic = await clinicOf(input.slug);
  expect(clinic).toMatchObject({ name: input.clinicName, status: "practice" });
  const rows = async (sql: string) => t.admin(sql, [clinic.id]);
  expect(await rows("select name, registration_number, approval from app.practitioner where clinic_id = $1")).toEqual([
    { name: "Dr Sipho Dlamini", registration_number: "MP0123456", approval: "waiting" },
  ]);
  expect(
    await rows(
      "select count(*)::int as n, min(from_minute) as opens, max(to_minute) as shuts from app.opening_hours where clinic_id = $1",
    ),
  ).toEqual([{ n: 10, opens: 480, shuts: 1020 }]);
  expect(
    await rows(
      "select s.name, s.minutes from app.service s join app.service_practitioner sp on sp.clinic_id = s.clinic_id and sp.service_id = s.id where s.clinic_id = $1",
    ),
  ).toEqual([{ name: "Consultation", minutes: 20 }]);
  expect(await rows("select role from auth.member where clinic_id = $1")).toEqual([{ role: "owner" }]);
  expect(await rows("select type, live from app.event where clinic_id = $1 order by seq")).toEqual([
    { type: "clinic.signed_up", live: true },
    { type: "account.verification_requested", live: false },
  ]);
  expect(await rows("select action from app.audit_log where clinic_id = $1")).toEqual([{ action: "clinic.signed_up" }]);
});

test("without a practitioner the owner is the first one", async () => {
  const input = form();
  await signUp(input);
  const { id } = await clinicOf(input.slug);
  expect(await t.admin("select name from app.practitioner where clinic_id = $1", [id])).toEqual([
    { name: "Sipho Dlamini" },
  ]);
});

test("twelve people want one address at the same moment: one gets it, the others get ideas", async () => {
  const inputs = Array.from({ length: 12 }, () => form({ slug: "marula-house", clinicName: "Marula House" }));
  const answers = await Promise.all(inputs.map((input, n) => signUp(input, `10.4.0.${n}`)));
  expect(answers.filter((answer) => JSON.stringify(answer) === JSON.stringify({ slug: "marula-house" }))).toHaveLength(
    1,
  );
  const lost = answers.filter((answer) => (answer as { code?: string }).code === "slug_taken") as {
    detail: { ideas: string[] };
  }[];
  expect(lost).toHaveLength(11);
  for (const { detail } of lost) {
    expect(detail.ideas).toHaveLength(3);
    expect(detail.ideas).not.toContain("marula-house");
  }
  expect(await t.admin("select count(*)::int as n from platform.clinic where slug = 'marula-house'")).toEqual([
    { n: 1 },
  ]);
  const orphans = await t.admin(
    "select count(*)::int as n from app.practitioner p where not exists (select from platform.clinic c where c.id = p.clinic_id)",
  );
  expect(orphans).toEqual([{ n: 0 }]);
});

test("the same request twice, even at once, makes one clinic and gets one answer", async () => {
  const input = form();
  const answers = await Promise.all([signUp(input, "10.5.0.1"), signUp(input, "10.5.0.2")]);
  expect(answers).toEqual([{ slug: input.slug }, { slug: input.slug }]);
  expect(await signUp(input)).toEqual({ slug: input.slug });
  const { id } = await clinicOf(input.slug);
  expect(
    await t.admin("select count(*)::int as n from app.event where clinic_id = $1 and type = 'clinic.signed_up'", [id]),
  ).toEqual([{ n: 1 }]);
});

test("the same key with other details is somebody else's request", async () => {
  const input = form();
  await signUp(input);
  expect(await signUp({ ...input, clinicName: "Another name" })).toMatchObject({ code: "slug_taken" });
});

test("a known address gets the same answer as a new one, and keeps its password", async () => {
  const email = "known@people.example";
  const known = await makeAccount(t, { email, name: "Known Person" });
  await t.admin(
    "update auth.account set password_hash = '$argon2id$v=19$m=19456,t=2,p=1$a2VlcA$a2VlcA' where id = $1",
    [known],
  );
  const [fresh, again] = [form(), form({ email })];
  expect(await signUp(fresh)).toEqual({ slug: fresh.slug });
  expect(await signUp(again)).toEqual({ slug: again.slug });
  const account = await t.admin("select name, password_hash from auth.account where id = $1", [known]);
  expect(account).toEqual([{ name: "Known Person", password_hash: "$argon2id$v=19$m=19456,t=2,p=1$a2VlcA$a2VlcA" }]);
  const { id } = await clinicOf(again.slug);
  expect(await t.admin("select account_id from auth.member where clinic_id = $1", [id])).toEqual([
    { account_id: known },
  ]);
});

test("two sign-ups for one new address at once make one account that owns both clinics", async () => {
  const email = "twice@people.example";
  const [a, b] = [form({ email }), form({ email })];
  expect(await Promise.all([signUp(a, "10.6.0.1"), signUp(b, "10.6.0.2")])).toEqual([
    { slug: a.slug },
    { slug: b.slug },
  ]);
  const owned = await t.admin(
    "select count(*)::int as n from auth.member m join auth.account a on a.id = m.account_id where a.email = $1",
    [email],
  );
  expect(owned).toEqual([{ n: 2 }]);
});

const refused: [string, Record<string, unknown>, string][] = [
  ["a reserved address", { slug: "admin" }, "slug_invalid"],
  ["an address of two letters", { slug: "ab" }, "slug_invalid"],
  ["a short password", { password: "short" }, "password_weak"],
  ["a password made of the clinic's name", { clinicName: "Protea", password: "protea protea 2026" }, "password_weak"],
];

test.each(refused)("%s is refused", async (_, change, code) => {
  expect(await signUp(form(change))).toMatchObject({ code });
});

test("fields nobody asked for are refused, whatever they would set", async () => {
  for (const extra of [{ status: "live" }, { clinicId: "x" }, { role: "admin" }, { platformRole: "admin" }]) {
    const error = await signUp(form(extra));
    expect(error).toMatchObject({ code: "BAD_REQUEST" });
  }
});

test("a password of a megabyte is refused before any work", async () => {
  expect(await signUp(form({ password: "x".repeat(1_000_000) }))).toMatchObject({ code: "BAD_REQUEST" });
});

test("an address is checked while it is typed", async () => {
  await makeClinic(t, { slug: "taken-already" });
  const call = await testCaller(s, { host: s.env.baseDomain });
  expect(await call.public.signUp.checkSlug({ slug: "free-for-now" })).toEqual({ free: true, ideas: [] });
  expect(await call.public.signUp.checkSlug({ slug: "taken-already", name: "Taken Already" })).toMatchObject({
    free: false,
    why: "taken",
  });
  const reserved = await call.public.signUp.checkSlug({ slug: "admin", name: "Aloe" });
  expect(reserved).toMatchObject({ free: false, why: "reserved" });
  expect(reserved.ideas).toHaveLength(3);
});

test("sign-up answers on the apex only", async () => {
  const { slug } = await makeClinic(t);
  const call = await testCaller(s, { host: clinicHost(s, slug) });
  const error = await call.public.signUp.start(form()).catch(refusalOf);
  expect(error).toMatchObject({ code: "not_found" });
});

test("the directory shows live clinics by name and nothing else", async () => {
  await makeClinic(t, { name: "Kudu Health", slug: "kudu-health" });
  await makeClinic(t, { name: "Kudu Practice", slug: "kudu-practice", status: "practice" });
  await makeClinic(t, { name: "Kudu Paused", slug: "kudu-paused", status: "suspended" });
  const call = await testCaller(s, { host: s.env.baseDomain });
  expect(await call.public.directory.find({ q: "kUdU" })).toEqual([{ slug: "kudu-health", name: "Kudu Health" }]);
  expect(await call.public.directory.find({ q: "%" })).toEqual(await call.public.directory.find({}));
  expect(await call.public.directory.find({ q: "no such clinic anywhere" })).toEqual([]);
});
