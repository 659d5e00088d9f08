import { expect, test } from "vitest";
import { canComeWords } from "./can-come-words.ts";

const span = (weekday: number, from: number, to: number) => ({ weekday, from, to });

test("when somebody can come reads in one line", () => {
  expect(canComeWords([])).toBe("Any time");
  expect(canComeWords([span(3, 0, 1440)])).toBe("Wed, any time");
  expect(canComeWords([1, 2, 3, 4, 5, 6, 7].map((day) => span(day, 0, 720)))).toBe("Every day, mornings");
  expect(canComeWords([span(2, 1020, 1440), span(1, 0, 720), span(1, 1020, 1440), span(2, 0, 720)])).toBe(
    "Mon and Tue, mornings and evenings",
  );
  expect(canComeWords([span(1, 0, 720), span(2, 570, 600)])).toBe("Mon, mornings; Tue, 09:30 to 10:00");
});
