import { randomInt } from "node:crypto";
import superjson from "superjson";
import { expect, test } from "vitest";
import { transformer } from "./transformer.ts";

/** Random values as answers have them, and now and then something only superjson knows. */
function someValue(next: (most: number) => number, depth: number): unknown {
  const kind = next(depth > 3 ? 9 : 12);
  if (kind < 3) return new Date(next(2 ** 31) * 1000);
  if (kind < 5) return next(1000) - 500;
  if (kind === 5) return ["", "text", "a.b", "ünï"][next(4)];
  if (kind === 6) return next(2) === 0;
  if (kind === 7) return next(5) === 0 ? undefined : null;
  if (kind === 8) return next(40) === 0 ? [5n, Number.NaN, -0, new Map([[1, 2]]), new Date(Number.NaN)][next(5)] : "x";
  if (kind === 9) return Array.from({ length: next(5) }, () => someValue(next, depth + 1));
  const names = ["start", "id", "left", "0", next(60) === 0 ? "a.b" : "days"];
  return Object.fromEntries(names.slice(next(5)).map((name) => [name, someValue(next, depth + 1)]));
}

/** mulberry32 */
function random(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % most;
  };
}

test("writes what superjson writes, for any value", () => {
  const seed = randomInt(2 ** 31);
  const next = random(seed);
  for (let i = 0; i < 3000; i++) {
    const value = someValue(next, 0);
    expect(transformer.serialize(value), `seed ${seed}, value ${i}`).toEqual(superjson.serialize(value));
  }
});

test("an object in two places is read as two equal ones, and one that holds itself is left to superjson", () => {
  const start = new Date("2026-11-24T08:00:00Z");
  const twice = { a: { start }, b: [{ start }], c: start };
  expect(transformer.deserialize(transformer.serialize(twice))).toEqual(twice);
  const loop: Record<string, unknown> = { start };
  loop["self"] = loop;
  const read = transformer.deserialize(transformer.serialize(loop)) as typeof loop;
  expect(read["self"]).toBe(read);
});

test("reads what superjson wrote", () => {
  const value = { at: new Date(0), more: [1n, undefined, new Set(["x"])] };
  expect(transformer.deserialize(superjson.serialize(value))).toEqual(value);
});

test("no text is read that the database could not keep", () => {
  const sent = superjson.serialize({ name: "Tha\0ndi \ud83d", list: ["\udc00", "🙂"], at: new Date(0) });
  expect(transformer.deserialize(JSON.parse(JSON.stringify(sent)))).toEqual({
    name: "Thandi \ufffd",
    list: ["\ufffd", "🙂"],
    at: new Date(0),
  });
});
