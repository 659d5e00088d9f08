import { bookingTransitions } from "@pulsecal/core";
import { expect, test } from "vitest";
import { headingOf } from "./heading.ts";

const start = new Date("2026-11-24T08:00:00Z");
const end = new Date("2026-11-24T08:20:00Z");
const before = new Date("2026-11-24T07:00:00Z");

test("every state of a booking has a heading of its own", () => {
  const states = Object.keys(bookingTransitions) as (keyof typeof bookingTransitions)[];
  const titles = states.map((state) => headingOf({ state, start, end }, before).title);
  expect(new Set(titles).size).toBe(states.length);
});

test("only a confirmed booking ahead says You are booked", () => {
  expect(headingOf({ state: "confirmed", start, end }, before).title).toBe("You are booked");
  expect(headingOf({ state: "confirmed", start, end }, end).title).toBe("This visit is over");
  for (const state of ["held", "awaiting_payment", "requested", "declined"] as const)
    expect(headingOf({ state, start, end }, before).title).not.toContain("You are booked");
});

test("a visit the clinic moved says so until it is kept, and not when it is over", () => {
  const moved = { state: "confirmed" as const, start, end, movedFrom: before };
  expect(headingOf(moved, before).title).toBe("The clinic moved your visit");
  expect(headingOf({ ...moved, movedFrom: null }, before).title).toBe("You are booked");
  expect(headingOf(moved, end).title).toBe("This visit is over");
});
