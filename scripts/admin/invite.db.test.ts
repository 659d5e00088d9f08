import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invite } from "./invite.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const newHash = async (): Promise<string> => "$argon2id$new";
const neverAsked = async (): Promise<string> => {
  throw new Error("a password was asked for");
};

async function account(email: string): Promise<unknown> {
  const rows = await t.admin(
    `select platform_role, password_hash, email_verified_at is not null as verified,
       (select count(*)::int from auth.session s where s.account_id = a.id) as sessions
     from auth.account a where email = $1`,
    [email],
  );
  return rows[0];
}

test("an unknown address becomes an account of the console, and the audit says so", async () => {
  expect(await invite(t.db, { email: "ops@example.org", role: "support" }, newHash)).toBe("made");
  expect(await account("ops@example.org")).toMatchObject({
    platform_role: "support",
    password_hash: "$argon2id$new",
    verified: true,
  });
  expect(await t.admin("select action, reason from platform.audit")).toEqual([
    { action: "platform.invited", reason: "invited from the command line" },
  ]);
});

test("a confirmed account keeps its password and its sessions", async () => {
  expect(await invite(t.db, { email: "ops@example.org", role: "admin" }, neverAsked)).toBe("promoted");
  expect(await account("ops@example.org")).toMatchObject({ platform_role: "admin", password_hash: "$argon2id$new" });
});

test("whoever signed up with the address before it was confirmed is shut out", async () => {
  const id = "01a1ffe1-0000-7000-8000-000000000001";
  await t.admin(
    "insert into auth.account (id, email, name, password_hash) values ($1, 'boss@example.org', 'x', '$argon2id$theirs')",
    [id],
  );
  await t.admin(
    `insert into auth.session (id, account_id, kind, expires_at, absolute_expires_at)
     values (repeat('a', 64), $1, 'platform', now() + interval '1 day', now() + interval '1 day')`,
    [id],
  );
  expect(await invite(t.db, { email: "boss@example.org", role: "admin" }, newHash)).toBe("taken over");
  expect(await account("boss@example.org")).toEqual({
    platform_role: "admin",
    password_hash: "$argon2id$new",
    verified: true,
    sessions: 0,
  });
});
