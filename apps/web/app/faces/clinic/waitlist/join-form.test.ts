import { expect, test } from "vitest";
import { emptyWish, readWish, wishErrors, wishInput } from "./join-form.ts";

const wish = { ...emptyWish, name: "Lerato Dube", email: "lerato@example.com" };

test("nothing ticked is any time", () => {
  expect(wishInput(wish)).toMatchObject({ canCome: [], notBefore: undefined, notAfter: undefined });
});

test("a part of the day alone is that part of every day, a day alone is the whole of it", () => {
  expect(wishInput({ ...wish, parts: ["morning"] }).canCome).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: 0, to: 720 })),
  );
  expect(wishInput({ ...wish, days: ["3"] }).canCome).toEqual([{ weekday: 3, from: 0, to: 1440 }]);
});

test("days and parts together are those parts of those days, no more than the list keeps", () => {
  expect(wishInput({ ...wish, days: ["1", "2"], parts: ["morning", "evening"] }).canCome).toEqual([
    { weekday: 1, from: 0, to: 720 },
    { weekday: 1, from: 1020, to: 1440 },
    { weekday: 2, from: 0, to: 720 },
    { weekday: 2, from: 1020, to: 1440 },
  ]);
  const all = { days: ["1", "2", "3", "4", "5", "6", "7"], parts: ["morning", "afternoon", "evening"] };
  expect(wishInput({ ...wish, ...all }).canCome).toHaveLength(21);
});

test("a form's ticks are read, and made-up ones are not", () => {
  const form = new FormData();
  for (const [name, value] of [
    ["name", " Lerato "],
    ["days", "1"],
    ["days", "9"],
    ["parts", "evening"],
    ["parts", "night"],
  ] as const)
    form.append(name, value);
  expect(readWish(form)).toMatchObject({ name: "Lerato", days: ["1"], parts: ["evening"] });
});

test("a last day before the first is an error at its field", () => {
  const turned = { ...wish, notBefore: "2026-12-02", notAfter: "2026-12-01" };
  expect(wishErrors(turned).map(({ id }) => id)).toEqual(["notAfter"]);
  expect(wishErrors({ ...turned, notAfter: "2026-12-02" })).toEqual([]);
  expect(wishErrors(emptyWish).map(({ id }) => id)).toEqual(["name", "phone"]);
});
