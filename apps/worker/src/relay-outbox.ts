import { type Logger, nextDueIn, relayDue, type RelayServices, sweepUndone, undoneAfterMs } from "@pulsecal/api/worker";
import type { Redis } from "ioredis";

export type RelayOptions = RelayServices & {
  /** a connection of its own: it only listens */
  listener: Redis;
  wakeChannel: string;
  log: Logger;
  /** longest pause between two looks at the table; wake-ups may be lost with Redis */
  idleMs?: number;
  sweepEveryMs?: number;
  undoneAfterMs?: number;
};

export type Relay = {
  /** when a round last went through; null before the first */
  lastRound(): number | null;
  /** resolves when the first round went through */
  firstRound: Promise<void>;
  stop(): Promise<void>;
};

const batch = 200;

/** Keeps moving due events to the queue: at each wake-up, when the next event falls due, and on a timer. */
export function startRelay(o: RelayOptions): Relay {
  const { idleMs = 5_000, sweepEveryMs = 15_000 } = o;
  const bell = newBell();
  let stopped = false;
  let lastRound: number | null = null;
  let lastSweep = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let tellFirst = () => {};
  const firstRound = new Promise<void>((resolve) => {
    tellFirst = resolve;
  });

  o.listener.subscribe(o.wakeChannel).catch((error: unknown) => o.log.warn({ err: error }, "no wake-ups, timer only"));
  const ring = () => bell.ring();
  o.listener.on("message", ring);
  // Wake-ups sent while the connection was down are gone.
  o.listener.on("ready", ring);

  async function round(): Promise<number> {
    while (!stopped && (await relayDue(o, batch)) === batch);
    if (performance.now() - lastSweep >= sweepEveryMs) {
      const swept = await sweepUndone(o, o.undoneAfterMs ?? undoneAfterMs);
      lastSweep = performance.now();
      if (swept > 0) o.log.warn({ events: swept }, "events not done in time were offered again");
    }
    return Math.min(idleMs, sweepEveryMs, (await nextDueIn(o.db)) ?? idleMs);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      let waitMs: number;
      try {
        waitMs = await round();
        lastRound = Date.now();
        tellFirst();
        failures = 0;
      } catch (error) {
        failures += 1;
        waitMs = Math.min(250 * 2 ** Math.min(failures, 6), idleMs);
        if (failures === 1 || failures % 20 === 0) o.log.error({ err: error, failures }, "relay round failed");
      }
      if (!stopped) await bell.wait(waitMs);
    }
  }

  const running = run();
  return {
    lastRound: () => lastRound,
    firstRound,
    async stop() {
      stopped = true;
      bell.ring();
      o.listener.off("message", ring);
      o.listener.off("ready", ring);
      await running;
    },
  };
}

/** A bell remembers a ring that comes while nobody waits. */
function newBell() {
  let rung = false;
  let answer: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      answer?.();
    },
    async wait(ms: number): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          answer = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      answer = null;
      rung = false;
    },
  };
}
