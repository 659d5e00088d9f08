import { expect, test } from "vitest";
import { Key } from "./scheduling.schema.ts";

test.each([
  ["0190f1c2-7b3e-7c11-9f0a-2f6f5b1f9c55.room.1", true],
  ["Ärztin 12 €", true],
  ["short", false],
  ["a key with a\u0000", false],
  ["a key with half \ud83d", false],
  ["two lines\nin it", false],
])("%j as a key: %j", (text, good) => {
  expect(Key.safeParse(text).success).toBe(good);
});
