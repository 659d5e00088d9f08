import { describe, expect, test } from "vitest";
import { formatMinutes, parseMinutes, stepMinutes } from "./minutes.ts";

describe("a time of day as typed", () => {
  test.each([
    ["8", 480],
    ["08", 480],
    ["8:30", 510],
    ["08h30", 510],
    ["0830", 510],
    ["830", 510],
    [" 17.45 ", 1065],
    ["24:00", 1440],
    ["24:01", null],
    ["12:60", null],
    ["noon", null],
    ["", null],
  ])("%s reads as %s", (text, minutes) => {
    expect(parseMinutes(text)).toBe(minutes);
  });

  test("is shown with two digits each", () => {
    expect(formatMinutes(485)).toBe("08:05");
    expect(formatMinutes(1440)).toBe("24:00");
  });

  test("steps land on the grid and stop at midnight", () => {
    expect(stepMinutes(487, 15, 1)).toBe(495);
    expect(stepMinutes(487, 15, -1)).toBe(480);
    expect(stepMinutes(1435, 15, 1)).toBe(1440);
    expect(stepMinutes(0, 15, -1)).toBe(0);
  });
});
