import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Child, launch } from "../../services/child.ts";
import { root } from "../../services/folders.ts";

/** A web node or a worker: a real process that can be struck. */
export type Part = {
  name: string;
  port: number;
  /** Starts it and waits until it says it is ready. */
  start(): Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** SIGSTOP and SIGCONT: a process that does nothing for a while and does not know it. */
  freeze(): void;
  thaw(): void;
  ready(): Promise<boolean>;
  runs(): boolean;
  /** Its last lines when it ended though nobody asked it to; null otherwise. */
  crashed(): string | null;
};

export type PartOptions = {
  name: string;
  script: string;
  port: number;
  env: Record<string, string>;
  logs: string;
};

const READY_MS = 60_000;

/** Describes a part; `start` runs it. */
export function describePart(o: PartOptions): Part {
  let child: Child | null = null;
  let crash: string | null = null;

  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child) process.kill(child.pid, name);
    } catch {
      // It has ended by itself.
    }
  };
  const ready = async (): Promise<boolean> => {
    try {
      const response = await fetch(`http://127.0.0.1:${o.port}/health/ready`, { signal: AbortSignal.timeout(3_000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  };
  const ended = async (): Promise<number | null> => {
    const asked = child;
    child = null;
    return (await asked?.exited)?.code ?? null;
  };
  return {
    name: o.name,
    port: o.port,
    ready,
    runs: () => child !== null,
    crashed: () => crash,
    async start() {
      const started = launch({
        name: o.name,
        command: process.execPath,
        args: [o.script],
        cwd: root,
        env: o.env,
        logFile: join(o.logs, `${o.name}-${Date.now()}.log`),
        lastResort: "SIGKILL",
      });
      child = started;
      crash = null;
      let over = false;
      void started.exited.then(() => {
        over = true;
        if (child !== started) return;
        child = null;
        crash = started.tail();
      });
      const giveUp = Date.now() + READY_MS;
      while (!(await ready())) {
        if (over || Date.now() > giveUp) throw new Error(`${o.name} did not become ready:\n${started.tail()}`);
        await pause(50); // another process' readiness is no event for us
      }
    },
    async kill() {
      signal("SIGKILL");
      await ended();
    },
    async terminate() {
      signal("SIGTERM");
      return ended();
    },
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
  };
}
