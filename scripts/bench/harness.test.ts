import { describe, expect, it } from "vitest";
import { figure, interleave, median, ratios } from "./harness.ts";

describe("the bench harness", () => {
  it("takes the middle of an odd and the mean of the two middles of an even list", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it("judges a figure by its goal in either direction", () => {
    expect(figure("a", "x", [1.9, 2.1, 1.8], "<= 2.0").met).toBe(true);
    expect(figure("a", "x", [0.3, 0.4, 0.5], ">= 0.45").met).toBe(false);
    expect(figure("a", "x", [1]).met).toBeNull();
  });

  it("runs both sides in every round and throws the warm-up away", async () => {
    const calls: string[] = [];
    const side = (name: string, p50: number) => async () => {
      calls.push(name);
      return { p50, p99: p50, rate: 1 / p50, cpu: p50 };
    };
    const samples = await interleave(2, { ours: side("ours", 2), raw: side("raw", 1) });
    expect(calls).toEqual(["ours", "raw", "raw", "ours", "ours", "raw"]);
    expect(ratios(samples.ours, samples.raw, (sample) => sample.p50)).toEqual([2, 2]);
  });
});
