import { expect, test } from "vitest";
import { dayParts, list, plural, soon } from "./format.ts";

const zone = "Africa/Johannesburg";
const now = new Date("2026-11-24T08:00:00Z"); // Tue 24 Nov, 10:00 there

test.each([
  ["2026-11-24T12:15:00Z", "today 14:15"],
  ["2026-11-24T22:30:00Z", "tomorrow 00:30"],
  ["2026-11-25T06:00:00Z", "tomorrow 08:00"],
  ["2026-11-30T06:15:00Z", "Mon 30 Nov, 08:15"],
])("%s is %s", (at, words) => {
  expect(soon(new Date(at), now, zone)).toBe(words);
});

test("a calendar day has the same name in every zone", () => {
  expect(dayParts("2026-11-24")).toEqual({
    weekday: "Tue",
    day: "24",
    name: "Tuesday 24 November",
    short: "Tue 24 Nov",
  });
});

test("lists and counts read like sentences", () => {
  expect(list(["10:15"])).toBe("10:15");
  expect(list(["10:15", "10:45"])).toBe("10:15 and 10:45");
  expect(list(["10:15", "10:45", "11:00"])).toBe("10:15, 10:45 and 11:00");
  expect(plural(1, "time")).toBe("1 time");
  expect(plural(0, "time")).toBe("0 times");
});
