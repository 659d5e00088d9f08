import { expect, test } from "vitest";
import { groupTimes, windowHref } from "./times-view.ts";

const zone = "Africa/Johannesburg";
const at = (clock: string, practitionerId = "m") => ({
  start: new Date(`2026-11-24T${clock}:00+02:00`),
  practitionerId,
});

test("times stand under the part of the day they fall in, by the clinic's clock", () => {
  const groups = groupTimes([at("08:00"), at("11:40"), at("12:00"), at("17:00")], zone, "Tue 24 Nov", []);
  expect(groups.map((group) => [group.title, group.slots.map((slot) => slot.time)])).toEqual([
    ["Morning", ["08:00", "11:40"]],
    ["Afternoon", ["12:00"]],
    ["Evening", ["17:00"]],
  ]);
});

test("a time is spoken with its date and doctor", () => {
  const [group] = groupTimes([at("10:30")], zone, "Tue 24 Nov", [{ id: "m", name: "Dr Mokoena" }]);
  expect(group?.slots[0]?.name).toBe("Tue 24 Nov, 10:30 with Dr Mokoena");
});

test("two free doctors at one time are one time", () => {
  expect(groupTimes([at("10:30", "m"), at("10:30", "n")], zone, "Tue 24 Nov", [])[0]?.slots).toHaveLength(1);
});

test("the window and the day are in the address", () => {
  expect(windowHref("/book/s/any", null)).toBe("/book/s/any");
  expect(windowHref("/book/s/any", "2026-11-23", "2026-11-24")).toBe(
    "/book/s/any?from=2026-11-23&day=2026-11-24#times",
  );
});
