import { describe, expect, it } from "vitest";
import { judgeCruise } from "./arrows.ts";

describe("the arrow check", () => {
  it("fails when it read no modules at all", () => {
    expect(judgeCruise({ summary: { totalCruised: 0, violations: [] } }).ok).toBe(false);
  });

  it("fails on one upward import and names it", () => {
    const report = judgeCruise({
      summary: {
        totalCruised: 300,
        violations: [{ rule: { name: "core-imports-none-of-ours" }, from: "a.ts", to: "b.ts" }],
      },
    });
    expect(report.ok).toBe(false);
    expect(report.output).toContain("core-imports-none-of-ours: a.ts -> b.ts");
  });

  it("passes a tree that was read and has no violation", () => {
    expect(judgeCruise({ summary: { totalCruised: 300, violations: [] } }).ok).toBe(true);
  });
});
