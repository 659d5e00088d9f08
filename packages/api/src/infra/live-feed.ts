import { setTimeout as delay } from "node:timers/promises";
import { isAfter } from "./cursor.ts";
import type { Position } from "./cursor.ts";

/** An event row as the live readers see it. */
export type FeedRow = Position & {
  id: string;
  clinicId: string;
  type: string;
  payload: Record<string, unknown>;
  at: Date;
  clinic?: { slug: string; name: string };
};

/**
 * Rows after a position that lie below the horizon, oldest first; without a position the newest such row alone. Below
 * the horizon every transaction has ended, so nothing can appear there any more; that is why reading only there misses
 * nothing.
 */
export type ReadFeed = (after: Position | null, limit: number) => Promise<{ horizon: bigint; rows: FeedRow[] }>;

export type FeedOptions = {
  read: ReadFeed;
  /** rows kept in memory for reconnects */
  ringSize: number;
  /** rows one subscriber may have waiting before it is told to start over */
  queueSize: number;
  batchSize: number;
  safetyPollMs: number;
  onError(error: unknown): void;
  /** the last subscriber has left */
  onEmpty(): void;
};

/**
 * Everything that is not below the horizon yet. Good for as long as the server runs: numbers of transactions that were
 * undone need not be on disk when it crashes, and it then gives them out again, to events below such a place.
 */
export function atHorizon(horizon: bigint): Position {
  return { tx: horizon, seq: 0n };
}

/** The place of the newest row, which a crash does not move: its transaction is on disk. */
export async function newestPlace(read: ReadFeed): Promise<Position> {
  const { rows } = await read(null, 1);
  const [newest] = rows;
  return newest ? { tx: newest.tx, seq: newest.seq } : { tx: 0n, seq: 0n };
}

type Subscriber = { queue: FeedRow[]; lost: boolean; wake: () => void };

/**
 * One reader of one feed, shared by all its subscribers in this process: it reads new rows once and hands them out.
 * It lives while it has subscribers.
 */
export class LiveFeed {
  #options: FeedOptions;
  #subscribers = new Set<Subscriber>();
  #ring: FeedRow[] = [];
  /** the newest row handed out, or where we began; null before the first read */
  #position: Position | null = null;
  /** no further rows lay up to here at the last read */
  #covered: Position | null = null;
  /** rows after this are all in the ring */
  #ringFloor: Position | null = null;
  /** the newest transaction somebody told us about */
  #wanted = 0n;
  #poked = false;
  #running = false;
  #poll: NodeJS.Timeout | null = null;
  #closed = new AbortController();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get position(): Position | null {
    return this.#position;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Reads until the horizon has passed `tx`; a poke during a read causes one more. */
  poke(tx?: bigint): void {
    if (this.#closed.signal.aborted || this.#subscribers.size === 0) return;
    if (tx !== undefined && tx > this.#wanted) this.#wanted = tx;
    this.#poked = true;
    if (this.#running) return;
    this.#running = true;
    void this.#run().finally(() => {
      this.#running = false;
      if (this.#poked) this.poke();
    });
  }

  /** Rows after `after` (or from now on), then every new one. Yields "resync" when the gap cannot be filled. */
  async *subscribe(after: Position | null, signal: AbortSignal): AsyncGenerator<FeedRow | "resync", void, void> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const me: Subscriber = { queue: [], lost: false, wake: () => undefined };
    // Listening starts before the past is read, or events of the moment between would be lost.
    this.#subscribers.add(me);
    this.#startPolling();
    const onStop = () => me.wake();
    stop.addEventListener("abort", onStop);
    try {
      const joined = await this.#join();
      let seen = after ?? joined;
      if (after) {
        const past = await this.#between(after, joined);
        if (past === "too_far") {
          seen = joined;
          yield "resync";
        } else {
          seen = past.from;
          for (const row of past.rows) {
            seen = row;
            yield row;
          }
        }
      }
      while (!stop.aborted) {
        const rows = await next(me, stop);
        if (me.lost) {
          me.lost = false;
          me.queue = [];
          // From here on only what is handed out after this moment; the subscriber reads the present by itself.
          seen = this.#position ?? seen;
          yield "resync";
          continue;
        }
        for (const row of rows) {
          if (!isAfter(row, seen)) continue;
          seen = row;
          yield row;
        }
      }
    } finally {
      stop.removeEventListener("abort", onStop);
      this.#leave(me);
    }
  }

  close(): void {
    this.#closed.abort();
    if (this.#poll) clearInterval(this.#poll);
  }

  /** The place everything new is counted from; the first subscriber makes it. */
  async #join(): Promise<Position> {
    if (this.#position) return this.#position;
    const newest = await newestPlace(this.#options.read);
    if (!this.#position) {
      this.#position = newest;
      this.#ringFloor = newest;
    }
    this.poke();
    return this.#position;
  }

  /** The rows somebody at `after` is owed now, and the place from which later ones count. */
  async #between(after: Position, joined: Position): Promise<{ rows: FeedRow[]; from: Position } | "too_far"> {
    const position = this.#position ?? joined;
    const covered = this.#covered ?? position;
    const known = this.#ringFloor && !isAfter(this.#ringFloor, after) && !isAfter(after, covered);
    // Between our newest row and what we have covered lies nothing, so who stands there may as well stand at the row.
    if (known && isAfter(after, position)) return { rows: [], from: position };
    if (known) return { rows: this.#ring.filter((row) => isAfter(row, after)), from: after };
    const { horizon, rows } = await this.#options.read(after, this.#options.queueSize + 1);
    // A position above the horizon comes from a database that was restored from an older copy, or crashed.
    if (after.tx > horizon || rows.length > this.#options.queueSize) return "too_far";
    return { rows, from: after };
  }

  async #run(): Promise<void> {
    let pause = 5;
    while (!this.#closed.signal.aborted && this.#subscribers.size > 0) {
      this.#poked = false;
      if (!this.#position) return;
      let horizon: bigint;
      try {
        const read = await this.#options.read(this.#position, this.#options.batchSize);
        horizon = read.horizon;
        this.#deliver(read.rows);
        if (read.rows.length === this.#options.batchSize) continue;
        this.#covered = atHorizon(horizon);
      } catch (error) {
        this.#options.onError(error);
        // The safety poll tries again; hammering a database that is away helps nobody.
        this.#poked = false;
        return;
      }
      if (horizon > this.#wanted && !this.#poked) return;
      if (horizon > this.#wanted) {
        pause = 5;
        continue;
      }
      // A transaction older than the announced one is still open, maybe in another database of the same server.
      await delay(pause, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, 200);
    }
  }

  #deliver(rows: FeedRow[]): void {
    const last = rows.at(-1);
    if (!last) return;
    this.#position = last;
    this.#covered = last;
    this.#ring.push(...rows);
    const surplus = this.#ring.length - this.#options.ringSize;
    if (surplus > 0) {
      const dropped = this.#ring.splice(0, surplus).at(-1);
      if (dropped) this.#ringFloor = dropped;
    }
    for (const subscriber of this.#subscribers) {
      if (subscriber.lost) continue;
      if (subscriber.queue.length + rows.length > this.#options.queueSize) {
        subscriber.lost = true;
        subscriber.queue = [];
      } else subscriber.queue.push(...rows);
      subscriber.wake();
    }
  }

  #startPolling(): void {
    // Spread over the interval, so that a node with many clinics does not ask for all of them at once.
    const every = this.#options.safetyPollMs * (0.8 + Math.random() * 0.4);
    this.#poll ??= setInterval(() => this.poke(), every).unref();
  }

  #leave(me: Subscriber): void {
    this.#subscribers.delete(me);
    if (this.#subscribers.size > 0) return;
    if (this.#poll) clearInterval(this.#poll);
    this.#poll = null;
    this.#options.onEmpty();
  }
}

/** The rows waiting for a subscriber, as soon as there is one; empty when it is told to stop or has lost its place. */
async function next(me: Subscriber, stop: AbortSignal): Promise<FeedRow[]> {
  if (me.queue.length === 0 && !me.lost && !stop.aborted) {
    await new Promise<void>((resolve) => {
      me.wake = resolve;
    });
  }
  const rows = me.queue;
  me.queue = [];
  return rows;
}
