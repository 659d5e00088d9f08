import { expect, test } from "vitest";
import { leftWords, minutesLeft } from "./hold-timer.ts";

test("minutes are rounded up, and never below none", () => {
  expect(minutesLeft(600_000, 0)).toBe(10);
  expect(minutesLeft(600_000, 1)).toBe(10);
  expect(minutesLeft(600_000, 540_001)).toBe(1);
  expect(minutesLeft(600_000, 600_000)).toBe(0);
  expect(minutesLeft(600_000, 700_000)).toBe(0);
});

test("the end has words", () => {
  expect(leftWords(3)).toBe("3 min left");
  expect(leftWords(0)).toBe("The hold has ended");
});
