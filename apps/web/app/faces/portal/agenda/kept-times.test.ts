import { expect, test } from "vitest";
import { keepTimes } from "./kept-times.ts";

const time = (start: number) => ({ value: String(start), start });
const shown = (list: ReturnType<typeof keepTimes>) => list.map(({ start, taken }) => (taken ? -start : start));

test("a time that is gone keeps its box, one that is new gets one, one that is back is free again", () => {
  const first = keepTimes([], [time(1), time(2), time(4)]);
  expect(shown(first)).toEqual([1, 2, 4]);
  const second = keepTimes(first, [time(1), time(3), time(4)]);
  expect(shown(second)).toEqual([1, -2, 3, 4]);
  expect(shown(keepTimes(second, [time(2), time(3)]))).toEqual([-1, 2, 3, -4]);
});
