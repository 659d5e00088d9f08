import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { cents } from "./cents.ts";
import { formatMoney } from "./format-money.ts";

describe("money", () => {
  it("is whole cents and nothing else", () => {
    expect(cents(45_000)).toBe(45_000);
    expect(() => cents(0.5)).toThrow(RangeError);
    expect(() => cents(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
  });

  it("reads as R10 in a sentence and as R1 250.00 in a table", () => {
    expect(formatMoney(1000)).toBe("R10");
    expect(formatMoney(1050)).toBe("R10.50");
    expect(formatMoney(5)).toBe("R0.05");
    expect(formatMoney(0)).toBe("R0");
    expect(formatMoney(-3900)).toBe("-R39");
    expect(formatMoney(843_000)).toBe("R8 430");
    expect(formatMoney(125_000, "table")).toBe("R1 250.00");
    expect(formatMoney(123_456_789, "table")).toBe("R1 234 567.89");
    expect(formatMoney(99_900, "table")).toBe("R999.00");
  });

  it("loses no cent", () => {
    holdsFor(
      "money survives its format",
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (amount) => {
        const back = Math.round(Number(formatMoney(amount, "table").replaceAll(/[R ]/g, "")) * 100);
        expect(back).toBe(amount === 0 ? 0 : amount);
      }),
    );
  });
});
