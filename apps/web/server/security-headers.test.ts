import { expect, test } from "vitest";
import { newNonce, securityHeaders } from "./security-headers.ts";

test("scripts run only with this response's nonce", () => {
  const policy = securityHeaders("abc", "http")["Content-Security-Policy"] ?? "";
  expect(policy).toContain("script-src 'nonce-abc';");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
});

test("a strict transport is asked for only where there is one", () => {
  expect(securityHeaders("abc", "http")).not.toHaveProperty("Strict-Transport-Security");
  expect(securityHeaders("abc", "https")["Strict-Transport-Security"]).toContain("includeSubDomains");
});

test("form posts keep their Origin", () => {
  expect(securityHeaders("abc", "http")["Referrer-Policy"]).toBe("same-origin");
});

test("a nonce is never used twice and has 128 bits", () => {
  const seen = new Set(Array.from({ length: 1_000 }, newNonce));
  expect(seen.size).toBe(1_000);
  for (const nonce of seen) expect(Buffer.from(nonce, "base64")).toHaveLength(16);
});
