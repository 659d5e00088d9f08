import { expect, test } from "vitest";
import { clearedCookie, readCookie, sessionCookie } from "./cookies.ts";

const token = "a".repeat(40);

test("with TLS a session cookie is host-only, secure and out of reach of scripts", () => {
  const cookie = sessionCookie("staff", "https", token);
  expect(cookie).toBe(`__Host-pc_staff=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure`);
  expect(cookie).not.toMatch(/domain/i);
});

test("without TLS it keeps every flag that works there", () => {
  expect(sessionCookie("platform", "http", token)).toBe(
    `pc_platform=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200`,
  );
});

test("signing out takes the cookie away", () => {
  expect(clearedCookie("staff", "http")).toContain("pc_staff=; ");
  expect(clearedCookie("staff", "http")).toContain("Max-Age=0");
});

test("a cookie is read by its exact name", () => {
  expect(readCookie(`a=1; pc_staff=${token}; b=2`, "staff", "http")).toBe(token);
  expect(readCookie(`xpc_staff=${token}`, "staff", "http")).toBeNull();
  expect(readCookie(null, "staff", "http")).toBeNull();
});

test("with TLS a cookie without the prefix, which a sister host could plant, is not read", () => {
  expect(readCookie(`pc_staff=${token}`, "staff", "https")).toBeNull();
});

test("two cookies of one name count as none", () => {
  expect(readCookie(`pc_staff=${token}; pc_staff=${"b".repeat(40)}`, "staff", "http")).toBeNull();
});
