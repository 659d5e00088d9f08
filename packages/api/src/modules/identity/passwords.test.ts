import { expect, test } from "vitest";
import { hashPassword, passwordProblem, verifyPassword } from "./passwords.ts";

const about = ["Sunrise Family Clinic", "Thandi Mokoena", "thandi@sunrise.test", "sunrise"];

test("a phrase of fifteen characters or more is taken, whatever it is made of", () => {
  for (const password of [
    "a quiet morning in spring",
    "Ψυχή μου στο φως",
    "    tea  then  rain   ",
    "kopje-thorn-lamp-42",
  ]) {
    expect(passwordProblem(password, about), password).toBeNull();
  }
});

const refused: [string, string][] = [
  ["fourteen chars", "too_short"],
  ["x".repeat(257), "too_long"],
  ["aaaaaaaaaaaaaaaa", "common"],
  ["123456789012345", "common"],
  ["abcabcabcabcabcabc", "common"],
  ["abcdefghijklmnopqrs", "common"],
  ["passwordpassword1", "common"],
  ["Password Password", "common"],
  ["sunrise clinic 2026!", "about_you"],
  ["pulsecal mokoena 99", "about_you"],
];

test.each(refused)("%s is refused as %s", (password, why) => {
  expect(passwordProblem(password, about)).toBe(why);
});

test("a hash is argon2id at 19 MiB and two passes, and verifies", async () => {
  const stored = await hashPassword("a quiet morning in spring");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, "a quiet morning in spring")).toBe(true);
  expect(await verifyPassword(stored, "a quiet morning in sprinG")).toBe(false);
});

test("nothing is cut off: 72 equal bytes and a NUL byte do not make two passwords one", async () => {
  const long = "k".repeat(72);
  const stored = await hashPassword(`${long} first`);
  expect(await verifyPassword(stored, `${long} other`)).toBe(false);
  const withNul = await hashPassword("morning\0in the spring");
  expect(await verifyPassword(withNul, "morning\0by the spring")).toBe(false);
});

test("the same letters typed on another keyboard are the same password", async () => {
  const stored = await hashPassword("caf\u00e9 under the thorn tree");
  expect(await verifyPassword(stored, "cafe\u0301 under the thorn tree")).toBe(true);
});

test("without an account a check fails, after doing the same work", async () => {
  expect(await verifyPassword(null, "a quiet morning in spring")).toBe(false);
});

test("more than a hundred waiting checks are turned away instead of queued", async () => {
  const stored = await hashPassword("a quiet morning in spring");
  const many = await Promise.allSettled(Array.from({ length: 110 }, () => verifyPassword(stored, "wrong")));
  expect(many.filter((one) => one.status === "rejected")).toHaveLength(8);
}, 30_000);
