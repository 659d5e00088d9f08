import { formatMinutes } from "@pulsecal/ui/app";
import { describe, expect, test } from "vitest";
import type { Calendar } from "./agenda/calendar.ts";
import { closedStretches, doctorDay, whereabouts } from "./open-hours.ts";

const at = (time: string) => new Date(`2026-11-24T${time}:00+02:00`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });

const calendar: Calendar = {
  zone: "Africa/Johannesburg",
  practitioners: [
    { id: "mokoena", open: [span("13:00", "17:00"), span("08:00", "12:00")] },
    { id: "naidoo", open: [span("08:00", "12:00")] },
  ],
  leave: [{ id: "1", practitionerId: "mokoena", kind: "leave", label: null, ...span("10:00", "11:00") }],
  closures: [{ id: "2", label: "Stocktaking", from: at("16:00"), to: new Date("2026-11-26T00:00:00+02:00") }],
  holidays: [],
};

describe("a doctor's day", () => {
  const day = doctorDay(calendar, "mokoena", "2026-11-24");
  const at = (minute: number) => whereabouts(day, minute, formatMinutes);

  test("is their hours in order, and what they are away for", () => {
    expect(day).toEqual({
      open: [
        { from: 480, to: 720 },
        { from: 780, to: 1020 },
      ],
      away: [
        { from: 600, to: 660, text: "On leave" },
        { from: 960, to: 2880, text: "Closed" },
      ],
    });
    expect(doctorDay(calendar, "naidoo", "2026-11-24").away).toEqual([{ from: 960, to: 2880, text: "Closed" }]);
    expect(doctorDay(calendar, "stranger", "2026-11-24").open).toEqual([]);
  });

  test("says whether they are free, away and until when, or not in at all", () => {
    expect([479, 480, 600, 659, 660, 720, 970].map(at)).toEqual([
      "Not in",
      "Free",
      "On leave to 11:00",
      "On leave to 11:00",
      "Free",
      "Not in",
      "Closed",
    ]);
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
