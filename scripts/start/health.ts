import { setTimeout as pause } from "node:timers/promises";
import type { Child } from "../services/child.ts";
import { Trouble } from "../services/trouble.ts";

const EVERY_MS = 50;

/** Waits until a part answers its health address; fails with its last lines when it ends or takes too long. */
export async function untilHealthy(part: Child, url: string, timeoutMs: number): Promise<void> {
  let over = false;
  void part.exited.then(() => {
    over = true;
  });
  for (const giveUp = Date.now() + timeoutMs; Date.now() < giveUp && !over; await pause(EVERY_MS)) {
    if (await answers(url)) return;
  }
  throw new Trouble(
    `${part.name} ${over ? "ended while it started" : `did not answer after ${timeoutMs / 1000} s`}:\n${part.tail()}`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
