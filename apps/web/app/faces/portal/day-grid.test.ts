import { describe, expect, test } from "vitest";
import { dayRange, placeBookings } from "./day-grid.ts";
import { staffBooking } from "./testing/staff-booking.ts";
import { dateFrom, wallMinutesOf } from "./wall.ts";

const zone = "Africa/Johannesburg";
const date = "2026-11-24";
const at = (id: string, from: string, to: string) =>
  staffBooking({ id, start: new Date(`${date}T${from}:00+02:00`), end: new Date(`${date}T${to}:00+02:00`) });

describe("a day's columns", () => {
  test("show when someone works, and more when a booking lies outside", () => {
    const open = [
      { from: 510, to: 720 },
      { from: 780, to: 990 },
    ];
    expect(dayRange([], open, date, zone)).toEqual({ from: 480, to: 1020 });
    expect(dayRange([at("a", "07:20", "07:40"), at("b", "18:50", "19:10")], open, date, zone)).toEqual({
      from: 420,
      to: 1200,
    });
  });

  test("show eight to five when nobody works", () => {
    expect(dayRange([], [], date, zone)).toEqual({ from: 480, to: 1020 });
  });

  test("give every booking its rows of five minutes", () => {
    const placed = placeBookings([at("b", "10:30", "10:50"), at("a", "08:00", "08:15")], date, zone, {
      from: 480,
      to: 1020,
    });
    expect(placed.map(({ booking, row, span, lanes }) => [booking.id, row, span, lanes])).toEqual([
      ["a", 1, 3, 1],
      ["b", 31, 4, 1],
    ]);
  });

  test("begin with what is left of a visit from the night before", () => {
    const night = staffBooking({
      id: "a",
      start: new Date("2026-11-23T23:30:00+02:00"),
      end: new Date(`${date}T00:30:00+02:00`),
    });
    const range = dayRange([night], [{ from: 480, to: 1020 }], date, zone);
    expect(range).toEqual({ from: 0, to: 1020 });
    expect(placeBookings([night], date, zone, range).map(({ row, span }) => [row, span])).toEqual([[1, 6]]);
  });

  test("put two that overlap beside each other and leave neighbours alone", () => {
    const placed = placeBookings(
      [at("a", "09:00", "09:20"), at("b", "09:10", "09:30"), at("c", "09:30", "09:50")],
      date,
      zone,
      { from: 480, to: 1020 },
    );
    expect(placed.map(({ booking, lane, lanes }) => [booking.id, lane, lanes])).toEqual([
      ["a", 0, 2],
      ["b", 1, 2],
      ["c", 0, 1],
    ]);
  });
});

describe("the clinic's clock", () => {
  test("counts on past midnight", () => {
    expect(wallMinutesOf(Date.parse("2026-11-24T23:30:00+02:00"), date, zone)).toBe(1410);
    expect(wallMinutesOf(Date.parse("2026-11-25T01:00:00+02:00"), date, zone)).toBe(1500);
    expect(wallMinutesOf(Date.parse("2026-11-23T23:00:00+02:00"), date, zone)).toBe(-60);
  });

  test.each([
    ["2026-11-24", "2026-11-24"],
    ["2026-02-30", "2026-01-01"],
    ["tomorrow", "2026-01-01"],
    [null, "2026-01-01"],
  ])("an address asking for %s shows %s", (raw, shown) => {
    expect(dateFrom(raw, "2026-01-01")).toBe(shown);
  });
});
