import { expect, test } from "vitest";
import { statuses, statusOf } from "./status.ts";

test("no two states share family, shape and word, so grey print tells them apart", () => {
  const shapes = Object.values(statuses).map((status) => status.shape);
  expect(new Set(shapes).size).toBe(11);
  expect(new Set(Object.values(statuses).map((status) => status.word)).size).toBe(11);
});

test("a state from a newer server is shown by its own name", () => {
  expect(statusOf("rescheduled")).toMatchObject({ word: "rescheduled", family: "grey" });
});
