import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import type { Services } from "../infra/services.ts";
import { attachWebSocket } from "../ws.ts";
import type { WebSocketOptions } from "../ws.ts";

export type SocketServer = { port: number; server: Server; close(): Promise<void> };

/** A bare HTTP server with /ws on it, on a free port or a path of a Unix socket. */
export async function socketServer(s: Services, options: WebSocketOptions = {}, path?: string): Promise<SocketServer> {
  const server = createServer((_, response) => response.writeHead(404).end());
  const sockets = attachWebSocket(server, s, options);
  if (path === undefined) server.listen(0, "127.0.0.1");
  else server.listen(path);
  await once(server, "listening");
  const port = path === undefined ? (server.address() as AddressInfo).port : 0;
  return {
    port,
    server,
    async close() {
      await sockets.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

export type Message = {
  id: number | null;
  method?: string;
  error?: { json: { data: { pulse: { code: string } } } };
  result?: { type: string; id?: string; data?: { json: { data?: unknown } } };
};

export type SocketClient = {
  socket: WebSocket;
  closed: Promise<{ code: number; reason: string }>;
  send(message: unknown): void;
  subscribe(id: number, path: string, input?: unknown, lastEventId?: string): void;
  /** the next message that fits, waiting for it */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** every text that came, pings too */
  texts: string[];
};

/** A browser's socket by hand: Host, Origin and Cookie as given. Rejects with the status when it is turned away. */
export async function dial(
  at: SocketServer | string,
  from: { host: string; origin?: string | null; cookie?: string },
): Promise<SocketClient> {
  const url = typeof at === "string" ? `ws+unix:${at}:/ws` : `ws://127.0.0.1:${at.port}/ws`;
  const headers: Record<string, string> = { host: from.host };
  const origin = from.origin === undefined ? `http://${from.host}` : from.origin;
  if (origin !== null) headers["origin"] = origin;
  if (from.cookie) headers["cookie"] = from.cookie;
  const socket = new WebSocket(url, { headers });
  const waiting = new Set<() => void>();
  const inbox: Message[] = [];
  const texts: string[] = [];
  socket.on("message", (data) => {
    const text = Buffer.isBuffer(data) ? data.toString() : "";
    texts.push(text);
    if (text.startsWith("{")) inbox.push(JSON.parse(text));
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("unexpected-response", (request, response) => {
      request.destroy();
      reject(new Error(String(response.statusCode)));
    });
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  return {
    socket,
    closed,
    texts,
    send: (message) => socket.send(JSON.stringify(message)),
    subscribe(id, path, input, lastEventId) {
      socket.send(
        JSON.stringify({ id, method: "subscription", params: { path, input: { json: input }, lastEventId } }),
      );
    },
    next(fits) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const at = inbox.findIndex(fits);
          const found = inbox[at];
          if (!found) return;
          inbox.splice(at, 1);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        void closed.then(({ code }) => reject(new Error(`closed ${code}`)));
        look();
      });
    },
  };
}
