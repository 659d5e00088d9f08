import { describe, expect, test } from "vitest";
import { isRetryable, isSlotTaken, isUnavailable, isUniqueViolation, sqlStateOf } from "./errors.ts";

const wrapped = (originalCode: string, extra: object = {}) =>
  Object.assign(new Error("database error"), {
    code: "P2039",
    meta: { driverAdapterError: { cause: { originalCode, ...extra } } },
  });

describe("what an error means", () => {
  test("the server's code is found wherever it was wrapped", () => {
    expect(sqlStateOf(wrapped("23P01"))).toBe("23P01");
    expect(sqlStateOf(new Error("outer", { cause: wrapped("40001") }))).toBe("40001");
    expect(sqlStateOf(Object.assign(new Error("plain"), { code: "55P03" }))).toBe("55P03");
    expect(sqlStateOf(Object.assign(new Error("prisma only"), { code: "P2025" }))).toBeUndefined();
    expect(sqlStateOf("not an error")).toBeUndefined();
  });

  test("each kind is told from the others", () => {
    expect(isSlotTaken(wrapped("23P01"))).toBe(true);
    expect(isSlotTaken(wrapped("23505"))).toBe(false);
    for (const code of ["40001", "40P01", "55P03"]) expect(isRetryable(wrapped(code))).toBe(true);
    expect(isRetryable(Object.assign(new Error("conflict"), { code: "P2034" }))).toBe(true);
    expect(isRetryable(wrapped("23P01"))).toBe(false);
    for (const code of ["57P01", "57P03", "08006", "53300"]) expect(isUnavailable(wrapped(code))).toBe(true);
    expect(isUnavailable(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }))).toBe(true);
    expect(isUnavailable(new Error("Connection terminated unexpectedly"))).toBe(true);
    const lost = { meta: { driverAdapterError: { cause: { kind: "ConnectionClosed" } } } };
    expect(isUnavailable(Object.assign(new Error("reset"), { code: "P2010", ...lost }))).toBe(true);
    expect(isUnavailable(wrapped("42501"))).toBe(false);
    expect(isUnavailable(undefined)).toBe(false);
  });

  test("a unique violation may be asked for by its constraint", () => {
    const error = wrapped("23505", { constraint: { index: "clinic_slug_key" } });
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, "slug")).toBe(true);
    expect(isUniqueViolation(error, "email")).toBe(false);
    expect(isUniqueViolation(wrapped("23503"))).toBe(false);
  });
});
