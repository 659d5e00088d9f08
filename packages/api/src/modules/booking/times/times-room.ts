import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { Logger } from "../../../infra/logger.ts";

/** What watchers of a day's times receive: the whole day first, then only what changed. ISO instants. */
export type TimesMessage = { kind: "snapshot" | "delta"; date: string; taken: string[]; free: string[]; count: number };
export type TimesItem = TrackedEnvelope<TimesMessage>;

/** A day's free times as they stand at a cursor. */
export type TimesState = {
  free: string[];
  cursor: string;
  /** whose bookings and hours matter here */
  people: ReadonlySet<string>;
  /** the service has limits of its own, so that a booking with anybody counts */
  anybody: boolean;
  /** days before and after within which a booking can change what is offered */
  reachDays: number;
  /** when the first free time stops being offered by itself; null when nothing is free */
  nextChangeAt: number | null;
};

export type RoomEvent = { cursor: string; type: string; payload: Record<string, unknown> };

export type RoomOptions = {
  date: string;
  serviceId: string;
  span: { from: number; to: number };
  load(): Promise<TimesState>;
  events(after: string, signal: AbortSignal): AsyncIterable<RoomEvent>;
  now(): number;
  log: Logger;
  onEmpty(): void;
};

type Seat = { queue: TimesItem[]; wake: () => void };

/** A watcher that has fallen this far behind is given the whole day again instead. */
const longestQueue = 32;
const retryMs = 1000;
const dayMs = 86_400_000;
/** Events that change when a person or a room is there at all. */
const resourceChanges = new Set(["hours.changed", "leave.changed", "room.changed"]);
const longestTimerMs = 60 * 60_000;

/**
 * One day's times of one service, shared by everybody on this node who looks at it: an event that concerns it is looked
 * up once, and all watchers get the same message object. It lives while somebody watches.
 */
export class TimesRoom {
  #options: RoomOptions;
  #seats = new Set<Seat>();
  #state: TimesState | null = null;
  #failure: { error: unknown } | null = null;
  #stop = new AbortController();
  #dirty: string | null = null;
  #refreshing = false;
  #timer: NodeJS.Timeout | null = null;
  #running = false;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#seats.size;
  }

  /** The day as it is, then every change, until the signal ends it. */
  async *watch(signal: AbortSignal): AsyncGenerator<TimesItem, void, void> {
    const seat: Seat = { queue: [], wake: () => undefined };
    const onAbort = () => seat.wake();
    this.#seats.add(seat);
    signal.addEventListener("abort", onAbort);
    if (this.#state) seat.queue.push(snapshot(this.#options.date, this.#state));
    if (!this.#running) void this.#run();
    try {
      while (!signal.aborted) {
        const item = seat.queue.shift();
        if (item) yield item;
        else if (this.#failure) throw this.#failure.error;
        else if (this.#stop.signal.aborted) return;
        else
          await new Promise<void>((resolve) => {
            seat.wake = resolve;
          });
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#seats.delete(seat);
      if (this.#seats.size === 0) this.close();
    }
  }

  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    if (this.#timer) clearTimeout(this.#timer);
    this.#options.onEmpty();
    for (const seat of this.#seats) seat.wake();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      this.#state = await this.#options.load();
      this.#send(snapshot(this.#options.date, this.#state));
      this.#setTimer();
      for await (const event of this.#options.events(this.#state.cursor, this.#stop.signal)) {
        if (this.#concerns(event)) this.#refresh(event.cursor);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failure = { error };
    }
    this.close();
  }

  #concerns({ type, payload }: RoomEvent): boolean {
    const people = this.#state?.people;
    if (type === "resync" || type.startsWith("clinic.")) return true;
    if (type === "closure.changed") return true;
    if (type === "service.changed") return payload["serviceId"] === this.#options.serviceId;
    if (resourceChanges.has(type)) return people?.has(String(payload["resourceId"])) === true;
    return this.#meets(payload, "") || (type === "booking.moved" && this.#meets(payload, "from"));
  }

  /** Whether a booking's place lies near this day and on somebody who matters here; a move names two of them. */
  #meets(payload: Record<string, unknown>, prefix: "" | "from"): boolean {
    const name = (field: string) => (prefix ? `${prefix}${field[0]?.toUpperCase()}${field.slice(1)}` : field);
    const [resourceIds, blockedFrom, blockedTo] = ["resourceIds", "blockedFrom", "blockedTo"].map(
      (field) => payload[name(field)],
    );
    if (!Array.isArray(resourceIds) || typeof blockedFrom !== "string" || typeof blockedTo !== "string") return false;
    const { from, to } = this.#options.span;
    // A blocked range before the day can still end in it, and a service's own buffer can reach out of it: a day of slack costs one look.
    const slack = (this.#state?.reachDays ?? 1) * dayMs;
    const near = Date.parse(blockedFrom) < to + slack && Date.parse(blockedTo) > from - slack;
    if (!near || this.#state?.anybody) return near;
    return resourceIds.some((id) => this.#state?.people.has(String(id)) === true);
  }

  /** Looks again; events that come while it looks cost one more look together. */
  #refresh(cursor: string): void {
    this.#dirty = cursor;
    if (!this.#refreshing) void this.#refreshUntilClean();
  }

  async #refreshUntilClean(): Promise<void> {
    this.#refreshing = true;
    while (this.#dirty !== null && !this.#stop.signal.aborted) {
      const cursor = this.#dirty;
      this.#dirty = null;
      try {
        const next = await this.#options.load();
        this.#change({ ...next, cursor });
      } catch (error) {
        this.#options.log.warn({ err: error }, "live times could not be read");
        this.#dirty ??= cursor;
        this.#wakeIn(retryMs, cursor);
        break;
      }
    }
    this.#refreshing = false;
  }

  #change(next: TimesState): void {
    const was = new Set(this.#state?.free);
    const is = new Set(next.free);
    const taken = [...was].filter((time) => !is.has(time));
    const free = next.free.filter((time) => !was.has(time));
    this.#state = next;
    this.#setTimer();
    if (taken.length === 0 && free.length === 0) return;
    this.#send(tracked(next.cursor, { kind: "delta", date: this.#options.date, taken, free, count: next.free.length }));
  }

  #send(item: TimesItem): void {
    for (const seat of this.#seats) {
      if (seat.queue.length >= longestQueue && this.#state) seat.queue = [snapshot(this.#options.date, this.#state)];
      else seat.queue.push(item);
      seat.wake();
    }
  }

  /** Times stop being offered when their notice begins; nothing is written then, so the clock says it. */
  #setTimer(): void {
    const at = this.#state?.nextChangeAt ?? null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (at !== null && this.#state) this.#wakeIn(Math.max(at - this.#options.now(), 0) + 50, this.#state.cursor);
  }

  #wakeIn(ms: number, cursor: string): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(cursor), Math.min(ms, longestTimerMs)).unref();
  }
}

function snapshot(date: string, state: TimesState): TimesItem {
  return tracked(state.cursor, { kind: "snapshot", date, taken: [], free: state.free, count: state.free.length });
}
