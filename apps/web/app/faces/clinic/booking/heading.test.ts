import { bookingTransitions } from "@pulsecal/core";
import { expect, test } from "vitest";
import { headingOf } from "./heading.ts";

const end = new Date("2026-11-24T08:20:00Z");
const before = new Date("2026-11-24T07:00:00Z");

test("every state of a booking has a heading of its own", () => {
  const states = Object.keys(bookingTransitions) as (keyof typeof bookingTransitions)[];
  const titles = states.map((state) => headingOf({ state, end }, before).title);
  expect(new Set(titles).size).toBe(states.length);
});

test("only a confirmed booking ahead says You are booked", () => {
  expect(headingOf({ state: "confirmed", end }, before).title).toBe("You are booked");
  expect(headingOf({ state: "confirmed", end }, end).title).toBe("This visit is over");
  for (const state of ["held", "awaiting_payment", "requested"] as const)
    expect(headingOf({ state, end }, before).title).not.toContain("booked");
});
