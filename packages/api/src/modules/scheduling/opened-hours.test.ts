import { describe, expect, test } from "vitest";
import { spansLeft } from "./opened-hours.ts";

describe("spans without others", () => {
  const span = (from: number, to: number) => ({ from, to });

  test("are what lies before, between and after them", () => {
    expect(spansLeft([span(0, 10), span(20, 30)], [span(2, 4), span(8, 22)])).toEqual([
      span(0, 2),
      span(4, 8),
      span(22, 30),
    ]);
  });

  test("are whole where nothing meets them, and nothing where all is covered", () => {
    expect(spansLeft([span(0, 10)], [span(10, 20)])).toEqual([span(0, 10)]);
    expect(spansLeft([span(0, 10)], [span(0, 4), span(4, 10)])).toEqual([]);
  });
});
