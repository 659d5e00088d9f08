import { expect, test } from "vitest";
import { readInvitation } from "./invite.ts";

test("an invitation is an address and a role, admin unless said otherwise", () => {
  expect(readInvitation(["invite", " Thandi@Example.org "])).toEqual({ email: "thandi@example.org", role: "admin" });
  expect(readInvitation(["invite", "a@b.co", "--role", "support"])).toEqual({ email: "a@b.co", role: "support" });
});

test.each([
  [[], /Usage/],
  [["remove", "a@b.co"], /Usage/],
  [["invite", "nobody"], /nobody is no e-mail address/],
  [["invite", "a@b.co", "--role"], /Usage|role/],
  [["invite", "a@b.co", "--role", "owner"], /role must be admin or support/],
  [["invite", "a@b.co", "--role", "admin", "more"], /Usage/],
])("%j is refused", (args, why) => {
  expect(() => readInvitation(args)).toThrow(why);
});
