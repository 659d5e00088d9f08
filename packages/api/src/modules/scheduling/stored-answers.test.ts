import { expect, test } from "vitest";
import { hashInput, replay } from "./stored-answers.ts";

const start = new Date("2026-11-24T08:30:00Z");

test("an input has one name, whatever the order of its fields, its key, or fields left out", () => {
  const name = hashInput("a secret", "booking.book", { who: "any", start, key: "first-key" });
  expect(
    hashInput("a secret", "booking.book", { key: "other-key", start: new Date(start), who: "any", email: undefined }),
  ).toBe(name);
});

test("another input or another procedure has another name", () => {
  const names = [
    hashInput("a secret", "booking.book", { who: "any", start }),
    hashInput("a secret", "booking.hold", { who: "any", start }),
    hashInput("a secret", "booking.book", { who: "any", start: new Date(start.getTime() + 1) }),
    hashInput("a secret", "booking.book", { who: "any", start, list: [1, 2] }),
    hashInput("a secret", "booking.book", { who: "any", start, list: [2, 1] }),
    hashInput("a secret", "booking.book", { who: "any", start, list: [{ a: null }] }),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test("who does not have the secret cannot tell an input from its name", () => {
  const input = { phone: "+27821234567", start };
  expect(hashInput("a secret", "booking.book", input)).not.toBe(hashInput("another", "booking.book", input));
});

test("a stored answer is given again only for the same input", () => {
  expect(replay(null, "x")).toBeNull();
  expect(replay({ inputHash: "x", answer: { bookingId: "1" } }, "x")).toEqual({ bookingId: "1" });
  expect(() => replay({ inputHash: "y", answer: {} }, "x")).toThrow();
});
