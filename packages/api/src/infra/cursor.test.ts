import { expect, test } from "vitest";
import { isAfter, readCursor, writeCursor } from "./cursor.ts";

const secret = "a secret of thirty-two bytes or more";
const clinic = "0197a1c0-0000-7000-8000-000000000001";
const position = { tx: 123_456_789_012n, seq: 42n };
const issued = 1_790_000_000_000;

test("a cursor reads back as the position it was written for", () => {
  const cursor = writeCursor(secret, clinic, position, issued);
  expect(readCursor(secret, clinic, cursor)).toEqual({ position, issuedAt: issued });
});

test("another clinic's cursor is refused", () => {
  const cursor = writeCursor(secret, clinic, position, issued);
  expect(readCursor(secret, "0197a1c0-0000-7000-8000-000000000002", cursor)).toBeNull();
});

test("a cursor with any character changed is refused", () => {
  const cursor = writeCursor(secret, clinic, position, issued);
  for (let at = 0; at < cursor.length; at++) {
    const changed = cursor.slice(0, at) + (cursor[at] === "a" ? "b" : "a") + cursor.slice(at + 1);
    expect(readCursor(secret, clinic, changed), changed).toBeNull();
  }
});

test("what is no cursor at all is refused", () => {
  for (const text of ["", "1", "1.2.3", "x".repeat(5000), "1.a.b.c.d", "1.-1.0.0.aaaaaaaaaaaaaaaaaaaaaa"]) {
    expect(readCursor(secret, clinic, text)).toBeNull();
  }
});

test("positions order by transaction, then by row", () => {
  expect(isAfter({ tx: 2n, seq: 1n }, { tx: 1n, seq: 9n })).toBe(true);
  expect(isAfter({ tx: 1n, seq: 2n }, { tx: 1n, seq: 1n })).toBe(true);
  expect(isAfter({ tx: 1n, seq: 1n }, { tx: 1n, seq: 1n })).toBe(false);
});
