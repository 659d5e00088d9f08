import { expect, test } from "vitest";
import { groupTimes, minutesIn, shownDay, windowHref } from "./times-view.ts";

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

test("a time of a session for several people says how many seats are left", () => {
  const [group] = groupTimes([{ ...at("10:30"), left: 3 }], zone, "Tue 24 Nov", []);
  expect(group?.slots[0]).toMatchObject({ name: "Tue 24 Nov, 10:30, 3 seats", note: "3 seats" });
});

test("two free doctors at one time are one time", () => {
  expect(groupTimes([at("10:30", "m"), at("10:30", "n")], zone, "Tue 24 Nov", [])[0]?.slots).toHaveLength(1);
});

test("the window and the day are in the address, with what the picker keeps", () => {
  const place = { path: "/book/s/any" };
  expect(windowHref(place, null)).toBe("/book/s/any");
  expect(windowHref(place, "2026-11-23", "2026-11-24")).toBe("/book/s/any?from=2026-11-23&day=2026-11-24#times");
  expect(windowHref({ ...place, keep: { minutes: "40" } }, "2026-11-23")).toBe(
    "/book/s/any?minutes=40&from=2026-11-23",
  );
});

test("a picker opens on the day asked for, else on the first with times", () => {
  const days = [
    { date: "2026-11-23", times: [] },
    { date: "2026-11-24", times: [1] },
    { date: "2026-11-25", times: [1] },
  ];
  expect(shownDay(days, "2026-11-25")?.date).toBe("2026-11-25");
  expect(shownDay(days, null)?.date).toBe("2026-11-24");
  expect(shownDay(days.slice(0, 1), "2026-12-01")?.date).toBe("2026-11-23");
  expect(shownDay([], null)).toBeNull();
});

test("a length that is none is not asked for", () => {
  expect(minutesIn(new URLSearchParams("minutes=40"))).toBe(40);
  for (const nonsense of ["", "x", "0", "-20", "4.5", "100000"])
    expect(minutesIn(new URLSearchParams({ minutes: nonsense }))).toBeUndefined();
});
