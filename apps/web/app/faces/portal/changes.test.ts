import { describe, expect, test } from "vitest";
import { changeLine, isShown, markOf, mergeBookings } from "./changes.ts";
import { staffBooking } from "./testing/staff-booking.ts";

const zone = "Africa/Johannesburg";
const booking = staffBooking;

describe("bookings that arrive while a page is open", () => {
  test("go in by their time and replace what was read", () => {
    const read = [booking({ id: "a" }), booking({ id: "b", start: new Date("2026-11-24T10:00:00Z") })];
    const early = booking({ id: "c", start: new Date("2026-11-24T06:00:00Z") });
    const cancelled = booking({ id: "a", state: "cancelled" });
    const merged = mergeBookings(
      read,
      new Map([
        ["c", early],
        ["a", cancelled],
      ]),
      () => true,
    );
    expect(merged.map((one) => [one.id, one.state])).toEqual([
      ["c", "confirmed"],
      ["a", "cancelled"],
      ["b", "confirmed"],
    ]);
  });

  test("stay out when they belong to another day", () => {
    expect(mergeBookings([], new Map([["x", booking({ id: "x" })]]), () => false)).toEqual([]);
  });

  test("are New until they are confirmed, and Changed after that", () => {
    expect(markOf("booking.held", undefined)).toBe("New");
    expect(markOf("booking.confirmed", "held")).toBe("New");
    expect(markOf("booking.confirmed", undefined)).toBe("New");
    expect(markOf("booking.confirmed", "requested")).toBe("Changed");
    expect(markOf("booking.moved", "confirmed")).toBe("Changed");
    expect(markOf("booking.cancelled", "confirmed")).toBe("Cancelled");
    expect(markOf("booking.cancelled", undefined)).toBeNull();
    expect(markOf("booking.expired", "held")).toBeNull();
    expect(markOf("hours.changed", undefined)).toBeNull();
  });

  test("no longer take up their time once cancelled or lapsed", () => {
    expect(["held", "confirmed", "cancelled", "expired"].map((state) => isShown({ state }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("the line about a change", () => {
  test("leaves the day out when it is the day on screen", () => {
    expect(changeLine("booking.confirmed", booking({ id: "a" }), zone, "Tue 24 Nov")).toBe(
      "10:30 Pillay booked by patient, Dr Mokoena",
    );
    expect(changeLine("booking.cancelled", booking({ id: "a" }), zone, "Mon 23 Nov")).toBe(
      "Tue 24 Nov, 10:30 Pillay cancelled, Dr Mokoena",
    );
  });

  test("tells an answer to a request, and that a patient keeps the time the clinic gave", () => {
    const [approved, kept] = ["booking.approved", "booking.kept"].map((type) =>
      changeLine(type, booking({ id: "a" }), zone, "Tue 24 Nov"),
    );
    expect([approved, kept]).toEqual(["10:30 Pillay approved, Dr Mokoena", "Pillay keeps 10:30, Dr Mokoena"]);
  });

  test("names nobody for a held time, and says nothing about events of other kinds", () => {
    expect(changeLine("booking.held", booking({ id: "a", patientName: null }), zone, "Tue 24 Nov")).toBe(
      "10:30 held with Dr Mokoena while someone books",
    );
    expect(changeLine("service.changed", booking({ id: "a" }), zone, null)).toBeNull();
  });
});
