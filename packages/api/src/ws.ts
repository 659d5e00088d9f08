import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Services } from "./infra/services.ts";
import { appRouter } from "./root.ts";
import { makeContext } from "./trpc/context.ts";
import type { SettledCtx } from "./trpc/context.ts";
import { isSameOrigin } from "./trpc/same-origin.ts";
import { guardSocket } from "./ws-guard.ts";
import type { SocketGuard, SocketLimits } from "./ws-guard.ts";
import { recheckSockets } from "./ws-recheck.ts";

export type WebSocketOptions = Partial<
  SocketLimits & {
    /** a socket is asked to dial again after this long */
    maxAgeMs: number;
    /** how long it may take to do so */
    graceMs: number;
    recheckMs: number;
    socketsPerAddress: number;
    pendingUpgrades: number;
    /** pings, so that a half-open connection is noticed */
    pingMs: number;
  }
>;

const defaults = {
  maxAgeMs: 15 * 60_000,
  graceMs: 10_000,
  recheckMs: 3000,
  socketsPerAddress: 500,
  pendingUpgrades: 200,
  pingMs: 25_000,
  maxBatch: 10,
  maxSubscriptions: 20,
  maxMessagesPerSecond: 50,
  maxBufferedBytes: 1024 * 1024,
};

/** Serves tRPC subscriptions on /ws. Who may connect is decided before the upgrade; what a socket may do, ever after. */
export function attachWebSocket(
  server: Server,
  s: Services,
  options: WebSocketOptions = {},
): { close(): Promise<void> } {
  const limits = { ...defaults, ...options };
  const wss = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  const open = new Set<SocketGuard>();
  const perAddress = new Map<string, number>();
  let pending = 0;
  let closing = false;

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split("?")[0] !== "/ws") {
      // Somebody else on this server (a development tool) may want it; if nobody is there, nobody is to hang.
      if (server.listenerCount("upgrade") === 1) turnAway(socket, 404);
      return;
    }
    const host = request.headers.host ?? "";
    const ip = request.socket.remoteAddress ?? "unknown";
    // Browsers send cookies with cross-site sockets, and no CORS stands before them: the origin has to be our own.
    if (!isSameOrigin(request.headers.origin ?? null, host, s.env.scheme)) return turnAway(socket, 403);
    if (closing || pending >= limits.pendingUpgrades) return turnAway(socket, 503);
    if ((perAddress.get(ip) ?? 0) >= limits.socketsPerAddress) return turnAway(socket, 429);
    pending++;
    perAddress.set(ip, (perAddress.get(ip) ?? 0) + 1);
    const release = () => releaseAddress(perAddress, ip);
    socket.on("error", () => socket.destroy());
    contextOf(s, request, host, ip)
      .then((ctx) => {
        if (socket.destroyed) return release();
        if (!isOurs(ctx)) {
          release();
          return turnAway(socket, 404);
        }
        wss.handleUpgrade(request, socket, head, (client) => {
          client.once("close", release);
          onConnection(client, request, ctx);
        });
      })
      .catch((error: unknown) => {
        release();
        s.log.warn({ err: error }, "upgrade failed");
        turnAway(socket, 503);
      })
      .finally(() => pending--);
  }

  function onConnection(client: WebSocket, request: IncomingMessage, ctx: SettledCtx): void {
    const guard = guardSocket(client, ctx, limits);
    open.add(guard);
    const age = setTimeout(() => guard.askToRedial(limits.graceMs), limits.maxAgeMs * (0.9 + Math.random() * 0.1));
    client.once("close", () => {
      clearTimeout(age);
      open.delete(guard);
    });
    const handle = getWSConnectionHandler({
      wss,
      router: appRouter,
      createContext: () => guard.ctx,
      keepAlive: { enabled: true, pingMs: limits.pingMs, pongWaitMs: 10_000 },
      experimental_encoder: guard.encoder,
    });
    handle(client, request);
  }

  const stopRechecking = recheckSockets(s, open, limits.recheckMs);
  server.on("upgrade", onUpgrade);

  return {
    async close() {
      closing = true;
      server.off("upgrade", onUpgrade);
      stopRechecking();
      for (const guard of open) guard.askToRedial(0);
      const left = [...wss.clients].map(
        (client) => new Promise<void>((resolve) => client.once("close", () => resolve())),
      );
      const impatience = setTimeout(() => {
        for (const client of wss.clients) client.terminate();
      }, 2000);
      await Promise.all(left);
      clearTimeout(impatience);
      wss.close();
    },
  };
}

async function contextOf(s: Services, request: IncomingMessage, host: string, ip: string): Promise<SettledCtx> {
  return makeContext(
    s,
    // A socket has no answer that could carry a cookie.
    { host, cookieHeader: request.headers.cookie ?? null, requestId: randomUUID(), ip, setCookie: () => undefined },
    "ws",
  );
}

function isOurs(ctx: SettledCtx): boolean {
  return ctx.place !== null && (ctx.place.face !== "clinic" || ctx.clinic !== null);
}

function releaseAddress(perAddress: Map<string, number>, ip: string): void {
  const left = (perAddress.get(ip) ?? 1) - 1;
  if (left > 0) perAddress.set(ip, left);
  else perAddress.delete(ip);
}

const reasons: Record<number, string> = {
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

function turnAway(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status} ${reasons[status] ?? "Refused"}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
