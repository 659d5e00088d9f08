import { expect, test } from "vitest";
import { leftOutside } from "./left-outside.ts";

const zone = "Africa/Johannesburg";
const week = (from: number, to: number) => ({
  weekly: ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from, to })),
  overrides: [],
});
const visit = (from: string, to: string) => ({ from: Date.parse(`${from}+02:00`), to: Date.parse(`${to}+02:00`) });
const busy = [
  visit("2026-11-23T09:00", "2026-11-23T09:20"),
  visit("2026-11-23T11:50", "2026-11-23T12:10"),
  visit("2026-11-24T23:50", "2026-11-25T00:10"),
];
const left = (before: ReturnType<typeof week> | null, after: ReturnType<typeof week> | null) =>
  leftOutside({ zone, holidays: [], before, after, busy }, "2026-11-23", 3);

test("visits that new hours cut off are counted on the day they begin", () => {
  expect(left(week(480, 1020), week(480, 720))).toEqual([1, 0, 0]);
  expect(left(week(480, 1020), week(600, 720))).toEqual([2, 0, 0]);
  expect(left(week(1320, 120), week(480, 1020))).toEqual([0, 1, 0]);
});

test("visits that lay outside before, and hours that only grow, leave nothing outside", () => {
  expect(left(week(480, 720), week(480, 720))).toEqual([0, 0, 0]);
  expect(left(week(480, 720), week(480, 1020))).toEqual([0, 0, 0]);
});

test("a room at any hour has every visit inside", () => {
  expect(left(null, week(480, 720))).toEqual([1, 1, 0]);
  expect(left(week(480, 720), null)).toEqual([0, 0, 0]);
});
