import { afterEach, describe, expect, test, vi } from "vitest";
import { newId } from "./ids.ts";

describe("newId", () => {
  afterEach(() => vi.useRealTimers());

  test("is a uuid v7 with the time in front", () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
  });

  test("always grows and never repeats, within a millisecond and when the clock steps back", () => {
    vi.useFakeTimers({ now: Date.now() + 1_000, toFake: ["Date"] });
    const ids = Array.from({ length: 20_000 }, () => newId());
    vi.setSystemTime(Date.now() - 60_000);
    ids.push(...Array.from({ length: 20_000 }, () => newId()));
    expect(new Set(ids).size).toBe(40_000);
    expect(ids).toEqual([...ids].sort());
  });
});
