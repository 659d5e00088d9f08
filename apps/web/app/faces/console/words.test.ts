import { expect, test } from "vitest";
import { momentText, newsText, sinceText, waitingText } from "./words.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const before = (minutes: number) => new Date(now - minutes * 60_000);

test("how long ago is told in one unit", () => {
  expect([0, 5, 60, 185, 47 * 60, 49 * 60].map((minutes) => sinceText(before(minutes), now))).toEqual([
    "just now",
    "5 min",
    "1 h",
    "3 h",
    "47 h",
    "2 days",
  ]);
  expect(sinceText(before(-3), now)).toBe("just now");
});

test("news of today show the time, older ones the day too", () => {
  expect(momentText(before(30), now)).toBe("13:30");
  expect(momentText(before(24 * 60), now)).toBe("Mon 23 Nov, 14:00");
});

test("events without a word are no news", () => {
  expect(newsText("clinic.signed_up")).toBe("signed up");
  expect(newsText("booking.held")).toBeNull();
});

test("a wait that has just begun is said as such", () => {
  expect(waitingText(before(0), now)).toBe("for less than a minute");
  expect(waitingText(before(20), now)).toBe("for 20 min");
});
