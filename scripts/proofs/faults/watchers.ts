import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { ask } from "./ask.ts";
import type { Part } from "./part.ts";
import type { Clinic, World } from "./world.ts";

/** A place in a clinic's events, as a live cursor carries it. */
export type Place = { tx: bigint; seq: bigint };

export type Heard = Place & { type: string; bookingId: string | null };

/** Somebody of a clinic's staff who watches its events, dials again when cut off, and goes on from the last id. */
export type Watcher = {
  clinic: Clinic;
  name: string;
  /** everything after this place is owed */
  from: Place;
  heard: Heard[];
  redials: number;
  /** Cuts its own line. */
  stumble(): void;
  close(): void;
};

/** A patient who watches the free times of a day. */
export type TimesWatcher = { clinic: Clinic; date: string; free: Set<string>; redials: number; close(): void };

type Frame = {
  id?: number | null;
  method?: string;
  error?: unknown;
  result?: { type: string; id?: string; data?: { json?: { data?: unknown } } };
};

type Line = { stumble(): void; close(): void };

/** Reads the two numbers of a cursor; its signature is the product's own affair. */
export function placeIn(cursor: string): Place {
  const [, tx = "", seq = ""] = cursor.split(".");
  const number = (text: string): bigint =>
    text.split("").reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  return { tx: number(tx), seq: number(seq) };
}

/** A place right now, from a page a patient would read; owed is everything after it. */
async function cursorOf(world: World, clinic: Clinic, node: Part): Promise<string> {
  const reply = await ask(node, {
    slug: clinic.slug,
    baseDomain: world.baseDomain,
    path: "public.booking.times",
    query: true,
    input: { serviceId: clinic.serviceId, who: "any" },
  });
  if (reply.status !== 200) throw new Error(`no times from ${node.name}: ${JSON.stringify(reply)}`);
  return (reply.data as { cursor: string }).cursor;
}

/** Starts watching a clinic's events at this node first. */
export async function watchEvents(world: World, clinic: Clinic, first: Part, name: string): Promise<Watcher> {
  let last = await cursorOf(world, clinic, first);
  const heard: Heard[] = [];
  const watcher: Watcher = {
    clinic,
    name,
    heard,
    from: placeIn(last),
    redials: -1,
    stumble: () => line.stumble(),
    close: () => line.close(),
  };
  const line = keepListening(world, clinic, first, {
    path: "staff.live.events",
    cookie: clinic.cookie,
    resume: () => last,
    onDial: () => {
      watcher.redials += 1;
    },
    onData: (id, data) => {
      last = id;
      const { type, booking } = data as { type: string; booking?: { id: string } | null };
      heard.push({ ...placeIn(id), type, bookingId: booking?.id ?? null });
    },
  });
  return watcher;
}

/** Starts watching a day's free times at this node first. */
export function watchTimes(world: World, clinic: Clinic, first: Part, date: string): TimesWatcher {
  let last: string | undefined;
  const free = new Set<string>();
  const watcher: TimesWatcher = { clinic, date, free, redials: -1, close: () => line.close() };
  const line = keepListening(world, clinic, first, {
    path: "public.live.times",
    input: { serviceId: clinic.serviceId, who: "any", date },
    resume: () => last,
    onDial: () => {
      watcher.redials += 1;
    },
    onData: (id, data) => {
      last = id;
      const said = data as { kind: "snapshot" | "delta"; free: string[]; taken: string[] };
      if (said.kind === "snapshot") free.clear();
      for (const time of said.free) free.add(time);
      for (const time of said.taken) free.delete(time);
    },
  });
  return watcher;
}

type Subscription = {
  path: string;
  cookie?: string;
  input?: Record<string, unknown>;
  resume(): string | undefined;
  onDial(): void;
  onData(id: string, data: unknown): void;
};

/** One subscription over /ws for as long as it is wanted: cut off or turned away, it dials the other node. */
function keepListening(world: World, clinic: Clinic, first: Part, s: Subscription): Line {
  let over = false;
  let socket: WebSocket | null = null;
  const host = `${clinic.slug}.${world.baseDomain}`;
  const order = first === world.webs[0] ? world.webs : [world.webs[1], world.webs[0]];

  function listenOnce(node: Part): Promise<void> {
    return new Promise((ended) => {
      const headers = { host, ...(s.cookie ? { cookie: s.cookie } : {}) };
      const dialled = new WebSocket(`ws://127.0.0.1:${node.port}/ws`, {
        headers,
        origin: `http://${host}`,
        handshakeTimeout: 3_000,
      });
      socket = dialled;
      dialled.on("error", () => dialled.terminate());
      dialled.on("close", () => ended());
      dialled.on("open", () => {
        s.onDial();
        const params = { path: s.path, input: { json: s.input }, lastEventId: s.resume() };
        dialled.send(JSON.stringify({ id: 1, method: "subscription", params }));
      });
      dialled.on("message", (raw) => {
        if (dialled.readyState !== dialled.OPEN) return; // cut by us: what lay in the pipe was never read
        const text = (raw as Buffer).toString("utf8"); // one message arrives as one Buffer
        if (text === "PING") return dialled.send("PONG");
        if (!text.startsWith("{")) return;
        const frame = JSON.parse(text) as Frame;
        if (frame.method === "reconnect" || frame.error || frame.result?.type === "stopped") return dialled.close();
        if (frame.result?.type === "data" && frame.result.id !== undefined)
          s.onData(frame.result.id, frame.result.data?.json?.data);
      });
    });
  }

  async function listen(): Promise<void> {
    for (let attempt = 0; !over; attempt += 1) {
      await listenOnce(order[attempt % 2] ?? first);
      if (!over) await pause(20 + Math.random() * 100);
    }
  }
  void listen();
  return {
    stumble: () => socket?.terminate(),
    close: () => {
      over = true;
      socket?.terminate();
    },
  };
}
