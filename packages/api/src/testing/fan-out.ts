import { initTRPC, tracked } from "@trpc/server";
import { getWSConnectionHandler, jsonEncoder } from "@trpc/server/adapters/ws";
import type { Encoder } from "@trpc/server/adapters/ws";
import { on } from "node:events";
import { EventEmitter } from "node:events";
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
    join(rooms, room, client);
  });
  return {
    broadcast({ room, cursor, data }) {
      const text = JSON.stringify({ id: cursor, data });
      for (const client of rooms.get(room) ?? []) client.send(text);
    },
  };
}

function join<Key, Seat extends WebSocket>(rooms: Map<Key, Set<Seat>>, key: Key, client: Seat): void {
  const seats = rooms.get(key) ?? new Set();
  rooms.set(key, seats.add(client));
  client.once("close", () => seats.delete(client));
}

type Item = { cursor: string; data: unknown };

function trpcFanOut(mode: "stock" | "memo" | "splice", wss: WebSocketServer): FanOut {
  const events = new EventEmitter().setMaxListeners(0);
  const texts = mode === "memo" ? memoOfTexts() : null;
  const t = initTRPC
    .context<{ client: WebSocket }>()
    .create({ transformer: texts?.transformer ?? superjson, isDev: false });
  const router = t.router({
    watch: t.procedure.input(z.strictObject({ room: z.string() })).subscription(async function* ({ input, signal }) {
      const stop = signal ?? new AbortController().signal;
      yield tracked("0", { kind: "snapshot", room: input.room });
      // Spliced frames come from the room; the generator only keeps the subscription open.
      const name = mode === "splice" ? "nothing" : input.room;
      try {
        for await (const [item] of on(events, name, { signal: stop }))
          yield tracked((item as Item).cursor, (item as Item).data);
      } catch (error) {
        if (!stop.aborted) throw error;
      }
    }),
  });
  const rooms = new Map<string, Map<WebSocket, string>>();
  wss.on("connection", (client, request) => {
    const encoder = mode === "splice" ? joiningEncoder(rooms, client) : (texts?.encoder ?? jsonEncoder);
    getWSConnectionHandler({ wss, router, createContext: () => ({ client }), experimental_encoder: encoder })(
      client,
      request,
    );
  });
  return {
    broadcast({ room, cursor, data }) {
      if (mode !== "splice") return void events.emit(room, { cursor, data } satisfies Item);
      sendSpliced(rooms.get(room) ?? new Map(), { cursor, data });
    },
  };
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
