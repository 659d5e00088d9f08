import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRunRecord } from "./run-record.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulsecal-run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a second start of one state folder is refused in one sentence while the first runs", async () => {
  const first = await openRunRecord(folder, 3000);
  await expect(openRunRecord(folder, 3000)).rejects.toThrow(
    `PulseCal already runs from this clone (process ${process.pid}, port 3000): stop it first, or set PULSECAL_STATE_DIR for a second one.`,
  );
  first.close();
  (await openRunRecord(folder, 3000)).close();
});

test("what a killed start left running is ended by the next one", async () => {
  const ended = join(folder, "ended");
  const part = `process.on("SIGTERM", () => { fs.writeFileSync(${JSON.stringify(ended)}, ""); process.exit(); });
    console.log("up"); setInterval(() => {}, 1000);`;
  const script = `
    import { spawn } from "node:child_process";
    import { openRunRecord } from ${JSON.stringify(join(import.meta.dirname, "run-record.ts"))};
    const record = await openRunRecord(${JSON.stringify(folder)}, 3000);
    const part = spawn(process.execPath, ["-e", ${JSON.stringify(part)}], { detached: true, stdio: ["ignore", "inherit", "inherit"] });
    record.add("part", part.pid);
    setInterval(() => {}, 1000);`;
  const start = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(start.stdout, "data");
  start.kill("SIGKILL");
  await once(start, "exit");
  expect(existsSync(ended)).toBe(false);

  (await openRunRecord(folder, 3000)).close();
  expect(existsSync(ended)).toBe(true);
}, 30_000);

test("a record whose process id now belongs to another program is no obstacle", async () => {
  const file = join(folder, "run.json");
  const parts = [{ name: "web", pid: process.pid, since: "another time" }];
  writeFileSync(file, JSON.stringify({ pid: process.pid, since: "another time", webPort: 3000, parts }));
  (await openRunRecord(folder, 3000)).close();
  expect(existsSync(file)).toBe(false);
});
