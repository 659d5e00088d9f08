import { initTRPC, tracked } from "@trpc/server";
import { getWSConnectionHandler, jsonEncoder } from "@trpc/server/adapters/ws";
import type { Encoder } from "@trpc/server/adapters/ws";
import type { Server } from "node:http";
import superjson from "superjson";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { z } from "zod";

/**
 * Ways to bring one message to every socket of a room, to be measured against each other:
 * - raw: `ws.send` of a text, no tRPC;
 * - stock: tRPC as it comes, one generator per subscriber, the message transformed and written once per subscriber;
 * - memo: the same generators, but a message is transformed and written once and only the subscription's id is put in;
 * - splice: tRPC subscribes and sends the first message; what follows goes from the room to the sockets as a frame made
 *   once in tRPC's envelope, past the generators.
 */
export const fanOutModes = ["raw", "stock", "memo", "splice"] as const;
export type FanOutMode = (typeof fanOutModes)[number];

export type FanOutMessage = { room: string; cursor: string; data: unknown };
export type FanOut = { broadcast(message: FanOutMessage): void };

/** Serves rooms on /ws of a server, in one of the ways; raw sockets name theirs by `?room=`. */
export function serveFanOut(mode: FanOutMode, server: Server): FanOut {
  const wss = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false, maxPayload: 64 * 1024 });
  return mode === "raw" ? rawFanOut(wss) : trpcFanOut(mode, wss);
}

function rawFanOut(wss: WebSocketServer): FanOut {
  const rooms = new Map<string, Set<WebSocket>>();
  wss.on("connection", (client, request) => {
    const room = new URL(request.url ?? "", "ws://x").searchParams.get("room") ?? "";
    const clients = rooms.get(room) ?? new Set();
    rooms.set(room, clients.add(client));
    client.once("close", () => clients.delete(client));
  });
  return {
    broadcast({ room, cursor, data }) {
      const text = JSON.stringify({ id: cursor, data });
      for (const client of rooms.get(room) ?? []) client.send(text);
    },
  };
}

type Item = { cursor: string; data: unknown };
type Seat = { queue: Item[]; wake: () => void };

function trpcFanOut(mode: "stock" | "memo" | "splice", wss: WebSocketServer): FanOut {
  const texts = mode === "memo" ? memoOfTexts() : null;
  const transformer = texts?.transformer ?? superjson;
  const t = initTRPC.context<{ client: WebSocket }>().create({ transformer, isDev: false });
  const listeners = new Map<string, Set<Seat>>();
  const sockets = new Map<string, Map<WebSocket, string>>();
  const router = t.router({
    watch: t.procedure.input(z.strictObject({ room: z.string() })).subscription(async function* ({ input, signal }) {
      yield tracked("0", { kind: "snapshot", room: input.room });
      // Spliced frames come from the room; the generator only keeps the subscription open.
      const room = mode === "splice" ? "nothing" : input.room;
      for await (const item of hear(listeners, room, signal ?? new AbortController().signal))
        yield tracked(item.cursor, item.data);
    }),
  });
  wss.on("connection", (client, request) => {
    const encoder = mode === "splice" ? joiningEncoder(sockets, client) : (texts?.encoder ?? jsonEncoder);
    const createContext = () => ({ client });
    getWSConnectionHandler({ wss, router, createContext, experimental_encoder: encoder })(client, request);
  });
  return {
    broadcast({ room, cursor, data }) {
      if (mode === "splice") return sendSpliced(sockets.get(room) ?? new Map<WebSocket, string>(), { cursor, data });
      for (const seat of listeners.get(room) ?? []) {
        seat.queue.push({ cursor, data });
        seat.wake();
      }
    },
  };
}

/** What a room's watchers are given today: a queue of their own each. */
async function* hear(rooms: Map<string, Set<Seat>>, room: string, signal: AbortSignal): AsyncGenerator<Item> {
  const seat: Seat = { queue: [], wake: () => undefined };
  const seats = rooms.get(room) ?? new Set();
  rooms.set(room, seats.add(seat));
  signal.addEventListener("abort", () => seat.wake());
  while (!signal.aborted) {
    const item = seat.queue.shift();
    if (item) yield item;
    else
      await new Promise<void>((resolve) => {
        seat.wake = resolve;
      });
  }
  seats.delete(seat);
}

/** tRPC's own result for a tracked message, without the beginning that carries the subscription's id. */
function tailOf({ cursor: id, data }: Item): string {
  return `,"result":${JSON.stringify({ type: "data", id, data: superjson.serialize({ id, data }) })}}`;
}

/** One frame per distinct subscription id: browsers count them from one, so a room has a handful. */
function sendSpliced(seats: Map<WebSocket, string>, item: Item): void {
  const tail = tailOf(item);
  const frames = new Map<string, Buffer>();
  for (const [client, id] of seats) {
    let frame = frames.get(id);
    if (!frame) frames.set(id, (frame = Buffer.from(`{"id":${id}${tail}`)));
    client.send(frame, { binary: false });
  }
}

type Outgoing = {
  id?: unknown;
  result?: { type?: string; data?: { json?: { data?: { kind?: string; room?: string } } } };
};

/** Puts a socket in its room when the first message of its subscription leaves, so that nothing overtakes that. */
function joiningEncoder(rooms: Map<string, Map<WebSocket, string>>, client: WebSocket): Encoder {
  return {
    decode: (data) => jsonEncoder.decode(data),
    encode(message) {
      const { id, result } = message as Outgoing;
      const first = result?.type === "data" ? result.data?.json?.data : undefined;
      if (first?.kind === "snapshot" && first.room !== undefined) {
        const seats = rooms.get(first.room) ?? new Map<WebSocket, string>();
        rooms.set(first.room, seats.set(client, JSON.stringify(id)));
        client.once("close", () => seats.delete(client));
      }
      return jsonEncoder.encode(message);
    },
  };
}

/** A transformer and an encoder that know a message they have seen: both are tRPC's public options. */
function memoOfTexts() {
  const serialized = new WeakMap<object, { id: unknown; output: object }>();
  const tails = new WeakMap<object, string>();
  function serialize(value: unknown): object {
    const { id, data } = (typeof value === "object" && value !== null ? value : {}) as { id?: unknown; data?: unknown };
    if (typeof data !== "object" || data === null) return superjson.serialize(value);
    const known = serialized.get(data);
    if (known && known.id === id) return known.output;
    const output = superjson.serialize(value);
    serialized.set(data, { id, output });
    return output;
  }
  const encoder: Encoder = {
    decode: (data) => jsonEncoder.decode(data),
    encode(message) {
      const { id, result } = message as { id?: unknown; result?: { type?: string; data?: unknown } };
      if (result?.type !== "data" || typeof result.data !== "object" || result.data === null)
        return jsonEncoder.encode(message);
      let tail = tails.get(result.data);
      if (tail === undefined) tails.set(result.data, (tail = `,"result":${JSON.stringify(result)}}`));
      return `{"id":${JSON.stringify(id)}${tail}`;
    },
  };
  const output = { serialize, deserialize: (value: never): unknown => superjson.deserialize(value) };
  return { encoder, transformer: { input: superjson, output } };
}
