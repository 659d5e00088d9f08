import { expect, test } from "vitest";
import { warningIn } from "./redis-policy.ts";

test("only a Redis that may drop queued work is warned about", () => {
  expect(warningIn("maxmemory:0\r\nmaxmemory_policy:noeviction\r\n")).toBeNull();
  expect(warningIn("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n")).toContain("allkeys-lru");
  expect(warningIn("")).toBeNull();
});
