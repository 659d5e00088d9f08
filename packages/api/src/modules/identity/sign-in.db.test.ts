import { type TestDatabase, makeAccount, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServices } from "../../infra/services.ts";
import type { Services } from "../../infra/services.ts";
import { hashToken } from "../../infra/tokens.ts";
import {
  clinicHost,
  consoleHost,
  platformCookie,
  sessionCookieOf,
  signUpClinic,
  staffCookie,
  testPassword,
} from "../../testing/people.ts";
import type { SignedUp } from "../../testing/people.ts";
import { visit } from "../../testing/test-caller.ts";
import { testServices } from "../../testing/test-services.ts";
import { refusalOf } from "../../trpc/error-map.ts";
import { hashPassword } from "./passwords.ts";

let t: TestDatabase;
let s: Services;
let clinic: SignedUp;
let host: string;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
  clinic = await signUpClinic(s, t);
  host = clinicHost(s, clinic.slug);
  await t.admin("update auth.account set email_verified_at = now() where id = $1", [clinic.accountId]);
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

let address = 0;
/** Each test comes from an address of its own, since tries are counted per address. */
const freshIp = () => `10.0.0.${++address}`;

async function signIn(
  over: Partial<{ host: string; email: string; password: string; cookies: string; ip: string }> = {},
) {
  const visitor = await visit(s, { host: over.host ?? host, cookies: over.cookies, ip: over.ip ?? freshIp() });
  const answer = await visitor.call.public.account.signIn({
    email: over.email ?? clinic.email,
    password: over.password ?? testPassword,
  });
  return { ...visitor, answer };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error: unknown) => refusalOf(error)?.code ?? error,
  );

test("the owner signs in on the clinic's host and is recognised there", async () => {
  const { cookies, setCookies, answer } = await signIn({ email: ` ${clinic.email.toUpperCase()} ` });
  expect(answer).toEqual({ name: "Thandi Mokoena" });
  expect(setCookies).toHaveLength(1);
  expect(setCookies[0]).toMatch(/^pc_staff=[a-z2-7]{40}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  const { call } = await visit(s, { host, cookies: cookies() });
  expect(await call.staff.me()).toMatchObject({
    email: clinic.email,
    role: "owner",
    clinic: { slug: clinic.slug, zone: "Africa/Johannesburg" },
  });
});

test("the database keeps only the hash of a session, and the hash does not sign anybody in", async () => {
  const { cookies } = await signIn();
  const token = cookies().split("=")[1] ?? "";
  const rows = await t.admin("select id from auth.session where account_id = $1", [clinic.accountId]);
  const ids = rows.map((row) => row["id"]);
  expect(ids).toContain(hashToken(token));
  expect(ids).not.toContain(token);
  const { call } = await visit(s, { host, cookies: `pc_staff=${hashToken(token)}` });
  expect(await codeOf(call.staff.me())).toBe("unauthenticated");
});

test("a wrong password, an unknown address, a stranger to the clinic and a disabled account all get the same answer", async () => {
  const stranger = await makeAccount(t, { email: "stranger@people.example" });
  await t.admin("update auth.account set password_hash = $2 where id = $1", [
    stranger,
    await hashPassword(testPassword),
  ]);
  const disabled = await signUpClinic(s, t);
  await t.admin("update auth.account set email_verified_at = now(), disabled_at = now() where id = $1", [
    disabled.accountId,
  ]);
  const tries = [
    signIn({ password: "not this one, not at all" }),
    signIn({ email: "nobody@people.example" }),
    signIn({ email: "stranger@people.example" }),
    signIn({ host: clinicHost(s, disabled.slug), email: disabled.email }),
    signIn({ host: consoleHost(s) }),
  ];
  expect(await Promise.all(tries.map(codeOf))).toEqual(Array(5).fill("invalid_credentials"));
});

test("the right password before the address is confirmed is told so; a wrong one is not", async () => {
  const waiting = await signUpClinic(s, t);
  const at = { host: clinicHost(s, waiting.slug), email: waiting.email };
  expect(await codeOf(signIn(at))).toBe("email_unverified");
  expect(await codeOf(signIn({ ...at, password: "not this one, not at all" }))).toBe("invalid_credentials");
});

test("nobody signs in on the apex", async () => {
  expect(await codeOf(signIn({ host: s.env.baseDomain }))).toBe("not_found");
});

test("a session is planted before sign-in: the new one has another id and the old one is dead", async () => {
  const planted = await sessionCookieOf(s, clinic.accountId, clinic.clinicId);
  const { cookies } = await signIn({ cookies: planted });
  expect(cookies()).not.toBe(planted);
  const { call } = await visit(s, { host, cookies: planted });
  expect(await codeOf(call.staff.me())).toBe("unauthenticated");
});

test("after signing out the session is dead and the cookie taken away", async () => {
  const { cookies } = await signIn();
  const held = cookies();
  const leaving = await visit(s, { host, cookies: held });
  await leaving.call.public.account.signOut();
  expect(leaving.setCookies).toEqual(["pc_staff=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
  const { call } = await visit(s, { host, cookies: held });
  expect(await codeOf(call.staff.me())).toBe("unauthenticated");
});

test("a session of one clinic is nothing on another clinic's host, the apex or the console", async () => {
  const other = await makeClinic(t);
  const { cookies } = await signIn();
  const elsewhere = await visit(s, { host: clinicHost(s, other.slug), cookies: cookies() });
  expect(await codeOf(elsewhere.call.staff.me())).toBe("unauthenticated");
  const onConsole = await visit(s, { host: consoleHost(s), cookies: cookies().replace("pc_staff", "pc_platform") });
  expect(await codeOf(onConsole.call.platform.me())).toBe("unauthenticated");
  const onApex = await visit(s, { host: s.env.baseDomain, cookies: cookies() });
  expect(await codeOf(onApex.call.staff.me())).toBe("not_found");
});

test("a platform session is nothing on a clinic's host, even under the staff cookie's name", async () => {
  const { cookie } = await platformCookie(s, t);
  const { call } = await visit(s, { host, cookies: cookie.replace("pc_platform", "pc_staff") });
  expect(await codeOf(call.staff.me())).toBe("unauthenticated");
});

test("a platform admin signs in on the console", async () => {
  const id = await makeAccount(t, { email: "ada@platform.example", name: "Ada", platformRole: "admin" });
  await t.admin("update auth.account set password_hash = $2 where id = $1", [id, await hashPassword(testPassword)]);
  const { cookies } = await signIn({ host: consoleHost(s), email: "ada@platform.example" });
  const { call } = await visit(s, { host: consoleHost(s), cookies: cookies() });
  expect(await call.platform.me()).toEqual({ name: "Ada", email: "ada@platform.example", role: "admin" });
});

test("a removed member, a changed role and a disabled account count from the next request", async () => {
  const { cookie, accountId } = await staffCookie(s, t, clinic.clinicId, "manager");
  const me = async () => (await visit(s, { host, cookies: cookie })).call.staff.me();
  expect((await me()).role).toBe("manager");
  await t.admin("update auth.member set role = 'billing' where account_id = $1", [accountId]);
  expect((await me()).role).toBe("billing");
  await t.admin("update auth.account set disabled_at = now() where id = $1", [accountId]);
  expect(await codeOf(me())).toBe("unauthenticated");
  await t.admin("update auth.account set disabled_at = null where id = $1", [accountId]);
  await t.admin("delete from auth.member where account_id = $1", [accountId]);
  expect(await codeOf(me())).toBe("unauthenticated");
});

test("a suspended clinic lets nobody in, a closed one is gone", async () => {
  const { clinicId, slug } = await makeClinic(t);
  const { cookie } = await staffCookie(s, t, clinicId, "owner");
  const me = async () => (await visit(s, { host: clinicHost(s, slug), cookies: cookie })).call.staff.me();
  await t.admin("update platform.clinic set status = 'suspended' where id = $1", [clinicId]);
  expect(await codeOf(me())).toBe("clinic_suspended");
  await t.admin("update platform.clinic set status = 'closed' where id = $1", [clinicId]);
  expect(await codeOf(me())).toMatch(/clinic_suspended|not_found/);
});

test("a session left idle for too long is over, by the database's clock", async () => {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  const hash = hashToken(cookie.split("=")[1] ?? "");
  const me = async () => codeOf((await visit(s, { host, cookies: cookie })).call.staff.me());
  expect(await me()).toBe("ok");
  await t.admin("update auth.session set expires_at = now() - interval '1 second' where id = $1", [hash]);
  expect(await me()).toBe("unauthenticated");
});

test("use keeps a session alive, but never past its absolute limit", async () => {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  const hash = hashToken(cookie.split("=")[1] ?? "");
  const left = async () => {
    const [row] = await t.admin(
      "select extract(epoch from expires_at - now())::int as s, expires_at = absolute_expires_at as capped from auth.session where id = $1",
      [hash],
    );
    return row ?? {};
  };
  await t.admin("update auth.session set expires_at = now() + interval '2 hours' where id = $1", [hash]);
  await visit(s, { host, cookies: cookie });
  expect((await left())["s"]).toBeGreaterThan(11.9 * 3600);
  await t.admin(
    "update auth.session set expires_at = now() + interval '2 hours', absolute_expires_at = now() + interval '3 hours' where id = $1",
    [hash],
  );
  await visit(s, { host, cookies: cookie });
  expect(await left()).toMatchObject({ capped: true });
  expect((await left())["s"]).toBeLessThan(3.1 * 3600);
});

test("ten wrong tries for one account from one address close that door, another address still gets in", async () => {
  const target = await signUpClinic(s, t);
  await t.admin("update auth.account set email_verified_at = now() where id = $1", [target.accountId]);
  const at = { host: clinicHost(s, target.slug), email: target.email };
  const ip = freshIp();
  for (let n = 0; n < 10; n++)
    expect(await codeOf(signIn({ ...at, ip, password: "not this one, not at all" }))).toBe("invalid_credentials");
  expect(await codeOf(signIn({ ...at, ip }))).toBe("rate_limited");
  expect(await codeOf(signIn({ ...at, ip: freshIp() }))).toBe("ok");
});

test("without Redis fewer tries are allowed, not more", async () => {
  const lonely = testServices(t, { redisUrl: "redis://127.0.0.1:1" });
  const codes: unknown[] = [];
  for (let n = 0; n < 7; n++) {
    const { call } = await visit(lonely, { host, ip: "10.9.9.9" });
    codes.push(
      await codeOf(
        call.public.account.signIn({ email: "nobody@people.example", password: "not this one, not at all" }),
      ),
    );
  }
  expect(codes).toEqual([...Array(5).fill("invalid_credentials"), "rate_limited", "rate_limited"]);
  await closeServices(lonely);
});

test("every key we leave in Redis carries our prefix and scope, and no address in clear", async () => {
  await codeOf(signIn({ email: "clear-text@people.example", password: "not this one, not at all" }));
  const keys = await s.redis.keys(`${s.redisPrefix}*`);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).toMatch(new RegExp(`^${s.redisPrefix}:(p|c:\\{)`));
  expect(keys.join()).not.toContain("clear-text");
});
