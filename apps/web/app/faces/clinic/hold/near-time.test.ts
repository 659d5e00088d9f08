import { expect, test } from "vitest";
import { nearValue, readNear } from "./near-time.ts";

test("a near time survives the way through the form", () => {
  const near = { start: new Date("2026-11-24T08:30:00Z"), practitionerId: "0194" };
  expect(readNear(nearValue(near))).toEqual(near);
});

test.each(["", "tomorrow 0194", "2026-11-24T08:30:00Z"])("%j is no choice", (value) => {
  expect(readNear(value)).toBeNull();
});
