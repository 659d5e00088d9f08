import { bookingStates } from "@pulsecal/core";
import { expect, test } from "vitest";
import { answerText, nextStates, problemText, restOf } from "./words.ts";

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

test("the rest of a series is what lies ahead from a booking on and has not run its course", () => {
  const day = 24 * 3_600_000;
  const one = (n: number, state: (typeof bookingStates)[number]) => ({
    bookingId: `booking ${n}`,
    start: new Date(+start + n * day),
    end: new Date(+start + n * day + 20 * 60_000),
    state,
  });
  const series = [one(0, "completed"), one(1, "confirmed"), one(2, "cancelled"), one(3, "requested")];
  const rest = (from: number, now: number) =>
    restOf(series, { start: new Date(from) }, now).map(({ bookingId }) => bookingId);
  expect(rest(+start, before)).toEqual(["booking 1", "booking 3"]);
  expect(rest(+start + 2 * day, before)).toEqual(["booking 3"]);
  // What has begun meanwhile is not cancelled with it.
  expect(rest(+start, +start + day + 1)).toEqual(["booking 3"]);
});

test("an answer reads as it was meant: yes or no, a day with its year, words as they are", () => {
  expect(answerText({ kind: "yes_no", answer: false })).toBe("No");
  expect(answerText({ kind: "date", answer: "1988-03-12" })).toBe("Sat 12 Mar 1988");
  expect(answerText({ kind: "date", answer: "long ago" })).toBe("long ago");
  expect(answerText({ kind: "number", answer: 3 })).toBe("3");
});
