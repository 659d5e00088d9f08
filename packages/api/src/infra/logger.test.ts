import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
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

/** A process that logs as ours do. */
function logging(lines: string) {
  const script = `import { createLogger } from ${JSON.stringify(fileURLToPath(new URL("./logger.ts", import.meta.url)))};
    const log = createLogger("info");
    ${lines}`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

test("lines that were gathered leave when the process does, in order, and a fatal one at once", async () => {
  const child = logging('log.info("first"); log.info("second"); process.exit(0);');
  expect((await text(child.stdout)).match(/first|second/g)).toEqual(["first", "second"]);
  const dying = logging('log.info("before"); log.fatal("the end"); process.kill(process.pid, "SIGKILL");');
  expect((await text(dying.stdout)).match(/before|the end/g)).toEqual(["before", "the end"]);
});

test("a process whose reader has gone logs on and ends as it is asked to", async () => {
  const child = logging(
    'log.info("started"); process.on("SIGTERM", () => { log.info("leaving"); process.exit(0); }); setInterval(() => log.info("still here"), 20);',
  );
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
