import { expect, it } from "vitest";
import { benchSlots } from "./slots.bench.ts";

it("engine and floor give the same starts, and every goal has its figure", () => {
  const figures = benchSlots({ rounds: 1 });
  expect(figures.filter((f) => f.goal !== "").map((f) => f.goal)).toEqual(["<= 5.0", "<= 1.0", "<= 3.0"]);
  for (const f of figures) expect(f.min <= f.median && f.median <= f.max && f.min > 0).toBe(true);
});
