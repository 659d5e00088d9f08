import { bookingStates } from "@pulsecal/core";
import { expect, test } from "vitest";
import { nextStates, problemText } from "./words.ts";

const start = new Date("2026-11-24T08:00:00Z");
const before = +start - 60_000;
const labels = (state: (typeof bookingStates)[number], now: number) =>
  nextStates({ state, start }, now).map(({ label }) => label);

test("only the legal next states are offered", () => {
  expect(labels("requested", before)).toEqual(["Approve", "Decline"]);
  expect(labels("confirmed", before)).toEqual(["Check in"]);
  expect(labels("checked_in", before)).toEqual(["Start visit"]);
  expect(labels("in_consultation", before)).toEqual(["Complete"]);
});

test("nobody has failed to come before the time has begun", () => {
  expect(labels("confirmed", +start)).toEqual(["Check in", "Did not come"]);
});

test("what is over, or still a patient's to decide, offers nothing", () => {
  for (const state of ["held", "awaiting_payment", "completed", "expired", "cancelled", "no_show", "declined"] as const)
    expect(labels(state, +start)).toEqual([]);
});

test("a refusal that nobody has worded still says that nothing was changed", () => {
  expect(problemText("a_new_code")).toContain("Nothing was changed");
});
