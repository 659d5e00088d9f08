import { expect, test } from "vitest";
import { staffBooking } from "../testing/staff-booking.ts";
import { columnsOf, gridBlocks, gridBookings, hoursShown, meetsDay, type Shown } from "./grid-model.ts";

const zone = "Africa/Johannesburg";
const at = (text: string) => new Date(`${text}:00+02:00`);
const night = staffBooking({ id: "night", start: at("2026-11-23T23:30"), end: at("2026-11-24T00:30") });
const doctors = [{ id: night.practitionerId, name: "Dr Mokoena", active: true }];
const shownAs = (view: Shown["view"], date: string): Shown => ({ view, date, zone, doctors });
const drawn = (shown: Shown) =>
  gridBookings([night], { shown, marks: new Map(), carried: [], mayWrite: true }).map(({ service, canMove }) => [
    service,
    canMove,
  ]);

test("a visit over midnight belongs to both days, and to no other", () => {
  const days = ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"];
  expect(days.map((date) => meetsDay(night, date, zone))).toEqual([false, true, true, false]);
  // Half-open: one that ends at midnight is over when the day begins.
  expect(meetsDay({ ...night, end: at("2026-11-24T00:00") }, "2026-11-24", zone)).toBe(false);
});

test("on the day it ends it is drawn from midnight, and taken up only on its own day", () => {
  expect(hoursShown(["2026-11-24"], zone, [], [night])).toEqual({ from: 0, to: 60 });
  expect(drawn(shownAs("day", "2026-11-24"))).toEqual([["since 23:30, Check-up", false]]);
  expect(drawn(shownAs("day", "2026-11-23"))).toEqual([["Check-up", true]]);
});

test("in a week it stands in the column of its start, and what is left of it blocks the next", () => {
  const shown = shownAs("week", "2026-11-23");
  const dates = ["2026-11-23", "2026-11-24", "2026-11-25"];
  const columns = columnsOf(shown, dates, { from: 0, to: 26 * 60 }, () => undefined);
  const practitioners = [{ id: night.practitionerId, open: [] }];
  const calendar = { zone, practitioners, leave: [], closures: [], holidays: [] };
  const blocks = gridBlocks({ shown, columns, calendar, bookings: [night], services: [] });
  expect(blocks.filter(({ kind }) => kind === "leave")).toEqual([
    { column: "2026-11-24", from: +night.start, to: +night.end, kind: "leave", text: "a visit since 23:30" },
  ]);
});
