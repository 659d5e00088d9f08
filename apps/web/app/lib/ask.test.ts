import { describe, expect, test } from "vitest";
import { nextPath } from "./ask.server.ts";

describe("the way on after signing in", () => {
  test.each([
    ["/portal/agenda?date=2026-11-24", "/portal/agenda?date=2026-11-24"],
    ["/portal", "/portal"],
    ["/portalx", "/portal"],
    ["/book", "/portal"],
    ["//evil.example/portal", "/portal"],
    ["https://evil.example", "/portal"],
    ["/portal/..\\..\\evil", "/portal"],
    [null, "/portal"],
  ])("%s leads to %s in the portal", (raw, path) => {
    expect(nextPath(raw, "portal")).toBe(path);
  });

  test.each([
    ["/approvals?clinic=1", "/approvals?clinic=1"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["", "/"],
  ])("%s leads to %s in the console", (raw, path) => {
    expect(nextPath(raw, "console")).toBe(path);
  });
});
