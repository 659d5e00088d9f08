import { newId } from "@pulsecal/db";
import { makeAccount } from "@pulsecal/db/testing";
import type { TestDatabase } from "@pulsecal/db/testing";
import { randomBytes } from "node:crypto";
import type { Services } from "../infra/services.ts";
import { cookieName } from "../modules/identity/index.ts";
import { testCaller } from "./test-caller.ts";

export const testPassword = "a quiet morning in spring";

export type SignedUp = { slug: string; clinicId: string; email: string; accountId: string; password: string };

/** A clinic made through the public sign-up. */
export async function signUpClinic(
  s: Services,
  t: TestDatabase,
  over: Partial<{ slug: string; email: string; name: string }> = {},
): Promise<SignedUp> {
  const tag = randomBytes(5).toString("hex");
  const slug = over.slug ?? `acacia-${tag}`;
  const email = over.email ?? `owner-${tag}@people.example`;
  const caller = await testCaller(s, { host: s.env.baseDomain });
  const input = {
    clinicName: "Acacia Rooms",
    slug,
    name: over.name ?? "Thandi Mokoena",
    email,
    password: testPassword,
    key: `key-${tag}`,
  };
  await caller.public.signUp.start(input);
  const [row] = await t.admin(
    "select c.id, a.id as account from platform.clinic c, auth.account a where c.slug = $1 and a.email = $2",
    [slug, email],
  );
  return { slug, clinicId: String(row?.["id"]), email, accountId: String(row?.["account"]), password: testPassword };
}

/** A staff session as sign-in makes it, for a member with that role; returns the Cookie header. */
export async function staffCookie(
  s: Services,
  t: TestDatabase,
  clinicId: string,
  role: string,
): Promise<{ cookie: string; accountId: string }> {
  const accountId = await makeAccount(t);
  await t.db.withTx({ clinicId, actor: accountId }, (tx) =>
    tx.member.createMany({ data: { clinicId, id: newId(), accountId, role } }),
  );
  return { accountId, cookie: await sessionCookieOf(s, accountId, clinicId) };
}

/** A session of an account that is already a member. */
export async function sessionCookieOf(s: Services, accountId: string, clinicId: string): Promise<string> {
  const { token } = await s.sessions.start("staff", accountId, clinicId);
  return `${cookieName("staff", s.env.scheme)}=${token}`;
}

/** A session on the console. */
export async function platformCookie(
  s: Services,
  t: TestDatabase,
  role: "admin" | "support" = "admin",
): Promise<{ cookie: string; accountId: string }> {
  const accountId = await makeAccount(t, { platformRole: role });
  const { token } = await s.sessions.start("platform", accountId, null);
  return { accountId, cookie: `${cookieName("platform", s.env.scheme)}=${token}` };
}

export function clinicHost(s: Services, slug: string): string {
  return `${slug}.${s.env.baseDomain}`;
}

export function consoleHost(s: Services): string {
  return `admin.${s.env.baseDomain}`;
}
