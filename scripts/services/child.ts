import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Identity } from "./folders.ts";
import { Trouble } from "./trouble.ts";

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Launch = {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  as?: Identity | null;
  /** Written to the child's standard input, which is closed after it. */
  input?: string;
  logFile?: string;
  /** Shows its output as it comes. */
  echo?: boolean;
  /** How the child is told to end, and what it gets when this process ends without waiting for it. */
  stopSignal?: NodeJS.Signals;
  lastResort?: NodeJS.Signals;
};

export type Child = {
  name: string;
  pid: number;
  exited: Promise<Exit>;
  /** Resolves when a line of its output matches; fails when the child ends first or the time is up. */
  untilLine(pattern: RegExp, timeoutMs: number): Promise<void>;
  tail(): string;
  stop(graceMs?: number): Promise<void>;
};

const TAIL_LINES = 40;

/**
 * Starts a process in a group of its own, so that a terminal's Ctrl-C reaches only us and we end the parts in order.
 */
export function launch(o: Launch): Child {
  const child = spawn(o.command, o.args, {
    cwd: o.cwd,
    env: o.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    ...o.as,
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const log = o.logFile ? createWriteStream(o.logFile, { mode: 0o600 }) : null;
  log?.on("error", () => {}); // a full disk must not end the run; the tail is kept in memory
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      log?.write(`${line}\n`);
      if (o.echo) process.stdout.write(`${o.name}: ${line}\n`);
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
      for (const listener of listeners) listener(line);
    });
  }
  child.stdin.on("error", () => {}); // it may end before it has read its input
  child.stdin.end(o.input ?? "");

  const exited = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      lines.push(`${o.command}: ${error.message}`);
      resolve({ code: 127, signal: null });
    });
    // Its last lines come with "close"; a grandchild that holds the pipes may delay that for ever.
    child.once("exit", (code, signal) => setTimeout(() => resolve({ code, signal }), 1_000).unref());
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const forget = atExit(() => signalGroup(child, o.lastResort ?? "SIGKILL"));
  void exited.then(() => {
    forget();
    log?.end();
  });

  const tail = (): string => lines.join("\n");
  return {
    name: o.name,
    pid: child.pid ?? 0,
    exited,
    tail,
    untilLine: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          listeners.delete(onLine);
          act();
        };
        const onLine = (line: string): void => {
          if (pattern.test(line)) settle(resolve);
        };
        const fail = (why: string): void => settle(() => reject(new Trouble(`${o.name} ${why}:\n${tail()}`)));
        const timer = setTimeout(() => fail(`was not ready after ${timeoutMs / 1000} s`), timeoutMs);
        listeners.add(onLine);
        void exited.then(() => fail("ended while it started"));
        if (lines.some((line) => pattern.test(line))) settle(resolve);
      }),
    stop: async (graceMs = 15_000) => {
      signalGroup(child, o.stopSignal ?? "SIGTERM");
      const deadline = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
      await exited;
      clearTimeout(deadline);
    },
  };
}

/** Ends a helper process of ours, should this process end before it. */
export function endWithUs(child: ChildProcess): void {
  const forget = atExit(() => child.kill("SIGKILL"));
  child.once("exit", forget);
}

/** Runs `act` when this process ends, unless the returned function was called before. */
export function atExit(act: () => void): () => void {
  const guarded = (): void => {
    try {
      act();
    } catch {
      // The others that wait for the end still have to have their turn.
    }
  };
  process.once("exit", guarded);
  return () => process.removeListener("exit", guarded);
}

// The group outlives its leader while a grandchild runs, so it is signalled even when the leader is gone.
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
