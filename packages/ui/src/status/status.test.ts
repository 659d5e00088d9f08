import { expect, test } from "vitest";
import { statuses, statusOf } from "./status.ts";

const different = (values: readonly string[]) => new Set(values).size;

test("no two states share a mark or a word, in either audience's words, so grey print tells them apart", () => {
  const all = Object.values(statuses);
  expect(all).toHaveLength(11);
  expect(different(all.map(({ shape }) => shape))).toBe(11);
  expect(different(all.map(({ word }) => word))).toBe(11);
  expect(different(all.map(({ patientWord }) => patientWord))).toBe(11);
});

test("a state from a newer server is shown by its own name", () => {
  expect(statusOf("rescheduled")).toMatchObject({ word: "rescheduled", patientWord: "rescheduled", family: "grey" });
});
