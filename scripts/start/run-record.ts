import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "../services/folders.ts";
import { Trouble } from "../services/trouble.ts";

type Process = { pid: number /** when it began: a process id alone may be another program's by now */; since: string };
type Run = Process & {
  /** null: a command that uses the database for a moment */ webPort: number | null;
  parts: (Process & { name: string })[];
};

export type RunRecord = { add(name: string, pid: number): void; close(): void };

/**
 * Makes this the one running system of the state folder. A second start is refused; what a killed start left running
 * is ended first.
 */
export async function openRunRecord(folder: string, webPort: number | null): Promise<RunRecord> {
  const file = join(makeFolder(folder), "run.json");
  const run: Run = { pid: process.pid, since: beganAt(process.pid) ?? "", webPort, parts: [] };
  while (!create(file, run)) {
    const other = read(file);
    if (other && isSame(other)) {
      const where = other.webPort === null ? "" : `, port ${other.webPort}`;
      throw new Trouble(
        `PulseCal already runs from this clone (process ${other.pid}${where}): stop it first, or set PULSECAL_STATE_DIR for a second one.`,
      );
    }
    for (const part of (other?.parts ?? []).reverse()) await end(part);
    rmSync(file, { force: true });
  }
  const close = (): void => rmSync(file, { force: true });
  process.once("exit", close);
  return {
    add: (name, pid) => {
      run.parts.push({ name, pid, since: beganAt(pid) ?? "" });
      writeFileSync(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    close,
  };
}

function create(file: string, run: Run): boolean {
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(run), { mode: 0o600 });
  try {
    linkSync(whole, file); // appears complete, or not at all when there is one
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}

function read(file: string): Run | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Run;
  } catch {
    return null; // gone since, or damaged
  }
}

async function end(part: Process): Promise<void> {
  for (const [signal, patience] of [
    ["SIGTERM", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (!isSame(part)) return;
    process.kill(-part.pid, signal);
    for (const until = Date.now() + patience; isSame(part) && Date.now() < until; ) {
      await pause(100); // not our child any more: its end is no event for us
    }
  }
}

function isSame(seen: Process): boolean {
  return seen.since !== "" && beganAt(seen.pid) === seen.since;
}

function beganAt(pid: number): string | null {
  try {
    if (process.platform !== "linux")
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    // Fields 3 and 22, counted after the program's name, which may hold spaces. A zombie has ended.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
