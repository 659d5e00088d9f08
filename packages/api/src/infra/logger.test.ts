import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function recorder() {
  const lines: string[] = [];
  return { lines, log: createLogger("info", { write: (line) => lines.push(line) }) };
}

test("fields that could name a person are kept out, one and two levels down", () => {
  const { lines, log } = recorder();
  log.info(
    {
      email: "thandi@example.test",
      patient: { name: "Thandi", phone: "0821234567" },
      a: { b: { reason: "rash" } },
      bookingId: "b1",
    },
    "done",
  );
  expect(lines.join()).not.toMatch(/thandi|0821234567|rash/i);
  expect(lines.join()).toContain("b1");
});

test("a database error is logged without its message, which may quote a row", () => {
  const { lines, log } = recorder();
  log.error({ err: Object.assign(new Error("Key (email)=(thandi@example.test) exists"), { code: "23505" }) }, "failed");
  expect(lines.join()).not.toContain("thandi");
  expect(lines.join()).toContain("23505");
});

test("an error of ours keeps its message", () => {
  const { lines, log } = recorder();
  log.error({ err: new Error("no such face") }, "failed");
  expect(lines.join()).toContain("no such face");
});

test("line breaks in a value cannot forge a second line", () => {
  const { lines, log } = recorder();
  log.info({ path: '/x\n{"level":"error"}' }, "done");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trim().split("\n")).toHaveLength(1);
});
