import { describe, expect, test } from "vitest";
import { changesFor, isNextGone, nearest, type TimesMessage } from "./times-state.ts";

const message = (over: Partial<TimesMessage>): TimesMessage => ({
  kind: "delta",
  date: "2026-11-24",
  taken: [],
  free: [],
  count: 2,
  ...over,
});
const shown = new Map([
  ["10:00", false],
  ["10:20", false],
  ["10:40", true],
]);

describe("a delta", () => {
  test("marks what is taken and nothing else", () => {
    const change = changesFor(message({ taken: ["10:20"] }), shown, new Set());
    expect(change).toEqual({ take: ["10:20"], give: [], hidden: [], count: 2 });
  });

  test("gives a time back that is shown as taken", () => {
    expect(changesFor(message({ free: ["10:40"] }), shown, new Set()).give).toEqual(["10:40"]);
  });

  test("keeps times that are not on the page behind the link, until they are taken", () => {
    const change = changesFor(message({ free: ["11:00"] }), shown, new Set(["12:00"]));
    expect(change.hidden).toEqual(["12:00", "11:00"]);
    expect(changesFor(message({ taken: ["12:00"] }), shown, new Set(["12:00"])).hidden).toEqual([]);
  });

  test("twice the same changes nothing the second time", () => {
    const taken = new Map([["10:20", true]]);
    expect(changesFor(message({ taken: ["10:20"] }), taken, new Set()).take).toEqual([]);
  });
});

describe("a snapshot", () => {
  test("is the whole truth: what it does not name is taken", () => {
    const change = changesFor(
      message({ kind: "snapshot", free: ["10:00", "10:40", "11:00"] }),
      shown,
      new Set(["12:00"]),
    );
    expect(change).toMatchObject({ take: ["10:20"], give: ["10:40"], hidden: ["11:00"] });
  });
});

test("the nearest free times are named in their order", () => {
  const on = (clock: string) => `2026-11-24T${clock}:00.000Z`;
  expect(nearest(on("10:30"), ["09:00", "10:15", "10:45", "12:00"].map(on))).toEqual([on("10:15"), on("10:45")]);
});

test("the next free time is gone when it is taken, when an earlier one comes, or when the day begins with another", () => {
  const [eight, nine, ten] = ["2026-11-24T08:00:00.000Z", "2026-11-24T09:00:00.000Z", "2026-11-24T10:00:00.000Z"];
  expect(isNextGone(message({ taken: [nine] }), nine)).toBe(true);
  expect(isNextGone(message({ free: [eight] }), nine)).toBe(true);
  expect(isNextGone(message({ taken: [ten], free: [ten] }), nine)).toBe(false);
  expect(isNextGone(message({ kind: "snapshot", free: [nine, ten] }), nine)).toBe(false);
  expect(isNextGone(message({ kind: "snapshot", free: [ten] }), nine)).toBe(true);
  expect(isNextGone(message({ kind: "snapshot" }), nine)).toBe(true);
});
