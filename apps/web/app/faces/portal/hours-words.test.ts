import { expect, test } from "vitest";
import { stageOf, timetableText } from "./hours-words.ts";

const today = "2026-11-22";
const said = { name: "Timetable 1", today, zone: "Africa/Johannesburg" };

test.each([
  ["2026-12-01", "2027-01-15", "ahead", "Tue 1 Dec to Fri 15 Jan 2027"],
  ["2026-11-22", "", "now", "From Sun 22 Nov"],
  ["2026-10-01", "2026-11-22", "now", "Thu 1 Oct to Sun 22 Nov"],
  ["", "2026-11-21", "over", "To Sat 21 Nov"],
  ["", "", null, "Timetable 1"],
])("a timetable from %j to %j is %j and called %j", (from, until, stage, text) => {
  expect(stageOf({ from, until }, today)).toBe(stage);
  expect(timetableText({ from, until }, said)).toBe(text);
});
