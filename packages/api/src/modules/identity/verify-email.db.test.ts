import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServices } from "../../infra/services.ts";
import type { Services } from "../../infra/services.ts";
import { hashToken, randomToken } from "../../infra/tokens.ts";
import { clinicHost, signUpClinic, testPassword } from "../../testing/people.ts";
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

/** The token of a letter for that account and clinic, as the mail handler makes it. */
async function letter(accountId: string, clinicId: string, life = "24 hours"): Promise<string> {
  const token = randomToken();
  await t.admin(
    "insert into auth.email_token (id, account_id, purpose, clinic_id, created_at, expires_at) values ($1, $2, 'verify_email', $3, now() - interval '1 day', now() + $4::interval)",
    [hashToken(token), accountId, clinicId, life],
  );
  return token;
}

async function press(slug: string, token: string): Promise<unknown> {
  const call = await testCaller(s, { host: clinicHost(s, slug) });
  return call.public.account.verifyEmail({ token }).catch((error: unknown) => refusalOf(error)?.code ?? error);
}

test("pressing the button of the letter confirms the address, once", async () => {
  const clinic = await signUpClinic(s, t);
  const token = await letter(clinic.accountId, clinic.clinicId);
  expect(await press(clinic.slug, token)).toEqual({ email: clinic.email, slug: clinic.slug });
  expect(await press(clinic.slug, token)).toBe("link_expired");
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  expect(await call.public.account.signIn({ email: clinic.email, password: testPassword })).toEqual({
    name: "Thandi Mokoena",
  });
});

test("of two presses at the same moment one wins", async () => {
  const clinic = await signUpClinic(s, t);
  const token = await letter(clinic.accountId, clinic.clinicId);
  const both = await Promise.all([press(clinic.slug, token), press(clinic.slug, token)]);
  expect(both.filter((answer) => answer === "link_expired")).toHaveLength(1);
});

test("an old, an unknown and another clinic's token all get the same answer", async () => {
  const clinic = await signUpClinic(s, t);
  const other = await makeClinic(t);
  const old = await letter(clinic.accountId, clinic.clinicId, "-1 minute");
  const good = await letter(clinic.accountId, clinic.clinicId);
  expect(await press(clinic.slug, old)).toBe("link_expired");
  expect(await press(clinic.slug, randomToken())).toBe("link_expired");
  expect(await press(other.slug, good)).toBe("link_expired");
});

test("who signs up first with somebody else's address gains nothing when its owner signs up and confirms", async () => {
  const email = "victim@people.example";
  const attacker = await signUpClinic(s, t, { email });
  const apex = await testCaller(s, { host: s.env.baseDomain, ip: "10.1.1.1" });
  const mine = {
    clinicName: "Own Rooms",
    slug: "own-rooms",
    name: "Nomsa",
    email,
    password: "rain over the table mountain",
    key: "victim-key-1",
  };
  await apex.public.signUp.start(mine);
  const [row] = await t.admin("select id from platform.clinic where slug = 'own-rooms'");
  const ownClinic = String(row?.["id"]);

  // The first letter, of the sign-up that somebody else made, confirms nothing any more.
  expect(await press(attacker.slug, await letter(attacker.accountId, attacker.clinicId))).toBe("link_expired");
  expect(await press("own-rooms", await letter(attacker.accountId, ownClinic))).toEqual({ email, slug: "own-rooms" });
  const call = await testCaller(s, { host: clinicHost(s, "own-rooms") });
  const withTheirs = await call.public.account
    .signIn({ email, password: testPassword })
    .catch((error: unknown) => refusalOf(error)?.code);
  expect(withTheirs).toBe("invalid_credentials");
  expect(await call.public.account.signIn({ email, password: mine.password })).toEqual({ name: "Nomsa" });
});

test("asking for another letter answers the same for everybody and writes one event for the one who waits", async () => {
  const clinic = await signUpClinic(s, t);
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  expect(await call.public.account.resendVerification({ email: "nobody@people.example" })).toEqual({});
  expect(await call.public.account.resendVerification({ email: clinic.email })).toEqual({});
  const events = await t.admin(
    "select payload from app.event where clinic_id = $1 and type = 'account.verification_requested'",
    [clinic.clinicId],
  );
  expect(events).toEqual([{ payload: { accountId: clinic.accountId } }, { payload: { accountId: clinic.accountId } }]);
});

test("one mailbox is not flooded: the sixth letter within the hour is refused", async () => {
  const clinic = await signUpClinic(s, t);
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug), ip: "10.2.2.2" });
  for (let n = 0; n < 5; n++) await call.public.account.resendVerification({ email: "often@people.example" });
  const sixth = await call.public.account
    .resendVerification({ email: "often@people.example" })
    .catch((error: unknown) => refusalOf(error)?.code);
  expect(sixth).toBe("rate_limited");
});
