import { jsonEncoder } from "@trpc/server/adapters/ws";
import type { Encoder } from "@trpc/server/adapters/ws";
import type { WebSocket } from "ws";
import type { PlatformSession, StaffSession } from "./modules/identity/index.ts";
import type { SettledCtx } from "./trpc/context.ts";

export type SocketLimits = {
  /** messages in one frame */
  maxBatch: number;
  maxSubscriptions: number;
  maxMessagesPerSecond: number;
  /** bytes a reader may leave unread before it is cut off */
  maxBufferedBytes: number;
};

/** 4000-4999 are the application's own; each tells a client what to do next. */
export const closeCodes = {
  /** the session ended: sign in again */
  sessionEnded: 4401,
  /** read too slowly: dial again, continue from the last id */
  tooSlow: 4408,
  /** asked too much at once */
  tooMuch: 4429,
  /** the server goes away or the socket is old: dial again */
  redial: 1012,
} as const;

/** One socket with what it stands on. */
export type SocketGuard = {
  ctx: SettledCtx;
  encoder: Encoder;
  /** the sessions its subscriptions were allowed by */
  sessions: Map<string, StaffSession | PlatformSession>;
  isListening(): boolean;
  askToRedial(graceMs: number): void;
  end(code: number, reason: string): void;
};

/** Puts limits around a socket: batch size, subscriptions, rate and unread bytes; tRPC's adapter has none of them. */
export function guardSocket(client: WebSocket, base: SettledCtx, limits: SocketLimits): SocketGuard {
  const sessions = new Map<string, StaffSession | PlatformSession>();
  const subscriptions = new Set<string | number>();
  const bucket = { tokens: limits.maxMessagesPerSecond * 2, at: performance.now() };

  const remember =
    <T extends StaffSession | PlatformSession>(read: () => Promise<T | null>) =>
    async () => {
      const session = await read();
      if (session) sessions.set(session.sessionHash, session);
      return session;
    };
  const ctx: SettledCtx = { ...base, staff: remember(base.staff), platform: remember(base.platform) };

  function end(code: number, reason: string): void {
    if (client.readyState === client.CLOSED) return;
    client.close(code, reason);
    // A peer that does not read never finishes the closing handshake either.
    setTimeout(() => client.terminate(), 1000).unref();
  }

  const tooMuch = (reason: string): Error => {
    end(closeCodes.tooMuch, reason);
    return new Error(reason);
  };

  function admit(message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    const { id, method } = message as { id?: unknown; method?: unknown };
    if (method !== "subscription" || (typeof id !== "number" && typeof id !== "string")) return;
    subscriptions.add(id);
    if (subscriptions.size > limits.maxSubscriptions) throw tooMuch("too many subscriptions");
  }

  function watchAnswer(message: unknown): void {
    const { id, error, result } = message as { id?: string | number; error?: unknown; result?: { type?: string } };
    if (id !== undefined && id !== null && (error !== undefined || result?.type === "stopped"))
      subscriptions.delete(id);
  }

  const encoder: Encoder = {
    encode(message) {
      watchAnswer(message);
      if (client.bufferedAmount > limits.maxBufferedBytes) end(closeCodes.tooSlow, "reads too slowly");
      return jsonEncoder.encode(message);
    },
    decode(data) {
      const message = jsonEncoder.decode(data);
      if (!Array.isArray(message)) admit(message);
      else if (message.length > limits.maxBatch) throw tooMuch("batch too large");
      else for (const one of message) admit(one);
      return message;
    },
  };

  client.on("message", () => {
    const now = performance.now();
    bucket.tokens = Math.min(
      limits.maxMessagesPerSecond * 2,
      bucket.tokens + ((now - bucket.at) / 1000) * limits.maxMessagesPerSecond,
    );
    bucket.at = now;
    if (--bucket.tokens < 0) end(closeCodes.tooMuch, "too many messages");
  });

  return {
    ctx,
    encoder,
    sessions,
    isListening: () => subscriptions.size > 0,
    askToRedial(graceMs) {
      if (client.readyState !== client.OPEN) return;
      client.send(jsonEncoder.encode({ id: null, method: "reconnect" }));
      setTimeout(() => end(closeCodes.redial, "dial again"), graceMs).unref();
    },
    end,
  };
}
