import { describe, expect, test } from "vitest";
import { closedStretches, openStretches } from "./open-hours.ts";

// 2026-11-24 is a Tuesday.
const rules = {
  weekly: [
    { weekday: 1 as const, from: 1080, to: 120 },
    { weekday: 2 as const, from: 480, to: 720 },
    { weekday: 2 as const, from: 780, to: 1020 },
    { weekday: 2 as const, from: 700, to: 740 },
  ],
  overrides: [{ date: "2026-12-01", windows: [] }],
};

describe("a doctor's hours on a date", () => {
  test("join what touches and begin with last night's late hours", () => {
    expect(openStretches(rules, "2026-11-24")).toEqual([
      { from: 0, to: 120 },
      { from: 480, to: 740 },
      { from: 780, to: 1020 },
    ]);
  });

  test("end after midnight when they do", () => {
    expect(openStretches(rules, "2026-11-23")).toEqual([{ from: 1080, to: 1560 }]);
  });

  test("are none on a date that is closed, and on days without hours", () => {
    expect(openStretches(rules, "2026-12-01")).toEqual([{ from: 0, to: 120 }]);
    expect(openStretches(rules, "2026-11-26")).toEqual([]);
  });
});

test("the rest of the day is closed", () => {
  const range = { from: 420, to: 1080 };
  expect(
    closedStretches(
      [
        { from: 480, to: 720 },
        { from: 780, to: 1200 },
      ],
      range,
    ),
  ).toEqual([
    { from: 420, to: 480 },
    { from: 720, to: 780 },
  ]);
  expect(closedStretches([], range)).toEqual([range]);
  expect(closedStretches([{ from: 0, to: 2000 }], range)).toEqual([]);
});
