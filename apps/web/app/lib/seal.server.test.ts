import { expect, test } from "vitest";
import { seal, unseal } from "./seal.server.ts";

const secret = "a".repeat(32);
const value = { slug: "sunrise", password: "four words in a row" };

test("what is sealed comes back, and shows nothing on the way", () => {
  const sealed = seal(secret, "sign-up", value);
  expect(unseal(secret, "sign-up", sealed)).toEqual(value);
  expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("four words");
});

test("another secret, another purpose or a changed byte opens nothing", () => {
  const sealed = seal(secret, "sign-up", value);
  expect(unseal("b".repeat(32), "sign-up", sealed)).toBeNull();
  expect(unseal(secret, "other", sealed)).toBeNull();
  const raw = Buffer.from(sealed, "base64url");
  for (let at = 0; at < raw.length; at++) {
    const changed = Buffer.from(raw);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(unseal(secret, "sign-up", changed.toString("base64url"))).toBeNull();
  }
});

test.each(["", "x", "not base64 at all !", "AAAA"])("nonsense (%j) opens nothing", (text) => {
  expect(unseal(secret, "sign-up", text)).toBeNull();
});
