import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import superjson from "superjson";
import { afterEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { backoff, subscribe } from "./live-socket.ts";

/** The real adapter with the API's own settings: what the island says by hand must be what it understands. */
function startServer(port = 0) {
  const t = initTRPC.create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, pulse: { code: error.message } } }),
  });
  const inputs: unknown[] = [];
  const log: { n: number; at: Date }[] = [];
  const waiting = new Set<() => void>();
  const router = t.router({
    ticks: t.procedure
      .input(z.object({ room: z.string(), lastEventId: z.string().optional() }))
      .subscription(async function* ({ input, signal }) {
        inputs.push(input);
        if (input.lastEventId === "stale") throw new TRPCError({ code: "BAD_REQUEST", message: "cursor_invalid" });
        if (input.room === "none") throw new TRPCError({ code: "NOT_FOUND", message: "not_found" });
        let seen = Number(input.lastEventId ?? 0);
        while (!signal?.aborted) {
          for (const entry of log.slice(seen)) {
            seen = entry.n;
            yield tracked(String(entry.n), entry);
          }
          await new Promise<void>((resolve) => {
            waiting.add(resolve);
            signal?.addEventListener("abort", () => resolve());
          });
        }
      }),
  });
  const http = createServer();
  const wss = new WebSocketServer({ server: http, path: "/ws" });
  const handler = applyWSSHandler({ wss, router, keepAlive: { enabled: true, pingMs: 30, pongWaitMs: 200 } });
  return {
    inputs,
    wss,
    handler,
    async listen(): Promise<number> {
      http.listen(port, "127.0.0.1");
      await once(http, "listening");
      return (http.address() as AddressInfo).port;
    },
    emit() {
      log.push({ n: log.length + 1, at: new Date(0) });
      for (const wake of waiting) wake();
      waiting.clear();
    },
    async close(): Promise<void> {
      for (const client of wss.clients) client.terminate();
      wss.close();
      await closed(http);
    },
  };
}

const closed = (http: Server) => new Promise<void>((resolve) => http.close(() => resolve()));

/** A queue whose items can be awaited one by one. */
function inbox<T>() {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    put: (item: T) => {
      const taker = takers.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    take: (): Promise<T> => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(item);
    },
  };
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function connect(server: ReturnType<typeof startServer>, over: { room?: string; cursor?: string | null } = {}) {
  const port = await server.listen();
  const data = inbox<{ n: number }>();
  const line = inbox<boolean>();
  const live = subscribe({
    url: `ws://127.0.0.1:${port}/ws`,
    path: "ticks",
    input: { room: over.room ?? "a" },
    cursor: over.cursor ?? null,
    onData: (item) => data.put(item as { n: number }),
    onLine: line.put,
    wait: () => 5,
  });
  ends.push(() => server.close(), live.stop);
  return { port, data, line, live };
}

test("messages arrive as the server sent them", async () => {
  const server = startServer();
  const { data, line } = await connect(server);
  expect(await line.take()).toBe(true);
  server.emit();
  server.emit();
  expect(await data.take()).toMatchObject({ n: 1 });
  expect(await data.take()).toMatchObject({ n: 2 });
});

test("the cursor of the page is where the socket begins", async () => {
  const server = startServer();
  server.emit();
  server.emit();
  const { data } = await connect(server, { cursor: "1" });
  expect(await data.take()).toMatchObject({ n: 2 });
  expect(server.inputs).toEqual([{ room: "a", lastEventId: "1" }]);
});

test("it answers the keep-alive and is not cut off", async () => {
  const server = startServer();
  const { data, line } = await connect(server);
  await line.take();
  const [client] = server.wss.clients;
  if (!client) throw new Error("nobody connected");
  for (let pongs = 0; pongs < 8; pongs++) {
    const [answer] = await once(client, "message");
    expect(String(answer)).toBe("PONG");
  }
  expect(server.wss.clients.size).toBe(1);
  server.emit();
  expect(await data.take()).toMatchObject({ n: 1 });
});

test("asked to reconnect, it comes back from the last message it saw", async () => {
  const server = startServer();
  const { data, line } = await connect(server);
  expect(await line.take()).toBe(true);
  server.emit();
  await data.take();
  server.handler.broadcastReconnectNotification();
  expect(await line.take()).toBe(false);
  server.emit();
  expect(await line.take()).toBe(true);
  expect(await data.take()).toMatchObject({ n: 2 });
  expect(server.inputs.at(-1)).toEqual({ room: "a", lastEventId: "1" });
});

test("after a restart nothing is missed and nothing repeated", async () => {
  const first = startServer();
  const { port, data, line } = await connect(first);
  await line.take();
  first.emit();
  await data.take();
  await first.close();
  expect(await line.take()).toBe(false);
  const second = startServer(port);
  second.emit();
  second.emit();
  await second.listen();
  ends.push(() => second.close());
  expect(await data.take()).toMatchObject({ n: 2 });
});

test("a cursor the server no longer knows is dropped", async () => {
  const server = startServer();
  server.emit();
  const { data } = await connect(server, { cursor: "stale" });
  expect(await data.take()).toMatchObject({ n: 1 });
  expect(server.inputs).toEqual([{ room: "a", lastEventId: "stale" }, { room: "a" }]);
});

test("what does not exist is not asked for again", async () => {
  const server = startServer();
  const { line, live } = await connect(server, { room: "none" });
  for (let up = true; up; ) up = await line.take();
  live.wake();
  expect(server.inputs).toHaveLength(1);
});

test("waits grow, are random, and end at twenty seconds", () => {
  for (let attempt = 0; attempt < 30; attempt++) {
    const wait = backoff(attempt);
    expect(wait).toBeGreaterThanOrEqual(100);
    expect(wait).toBeLessThanOrEqual(Math.min(20_000, 500 * 2 ** attempt) + 100);
  }
});
