import { describe, expect, test } from "vitest";
import { loginRoles, rolePassword, scramVerifier } from "./role-password.ts";

describe("role passwords", () => {
  test("differ by role and by secret, and are the same on every machine", () => {
    const all = loginRoles.flatMap((role) => [rolePassword("one", role), rolePassword("two", role)]);
    expect(new Set(all).size).toBe(loginRoles.length * 2);
    expect(rolePassword("one", "app_rt")).toBe("hqm9-qk7cJdeOGIvgahVI9HY0Jlxjp5coMH8uwUedrM");
  });

  test("the stored verifier is the one of RFC 7677", () => {
    // Keys computed from the RFC's example: password "pencil", 4096 rounds.
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    expect(scramVerifier("pencil", salt)).toBe(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
    expect(scramVerifier("pencil")).not.toBe(scramVerifier("pencil"));
  });
});
