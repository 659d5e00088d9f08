import type { Database } from "@pulsecal/db";
import type { Redis } from "ioredis";
import { refuse } from "../trpc/error-map.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Position } from "./cursor.ts";
import { atHorizon, LiveFeed, newestPlace } from "./live-feed.ts";
import type { FeedRow, ReadFeed } from "./live-feed.ts";
import { readClinicEvents, readPlatformEvents } from "./live-read.ts";
import type { Logger } from "./logger.ts";
import type { EventType } from "./outbox.ts";
import { connectListener } from "./redis.ts";

/** Opaque, signed, good for one clinic (or the platform's own feed). */
type Cursor = string;

export type LiveEvent = {
  cursor: Cursor;
  id: string;
  clinicId: string;
  /** "resync": something was missed that cannot be replayed; read the present again */
  type: EventType | "resync";
  payload: Record<string, unknown>;
  at: Date;
  /** filled on the platform's feed */
  clinic?: { slug: string; name: string };
};

/** Whose sessions have just ended; sockets that stand on them are looked at again at once. */
type Revocation = { accountId: string };

export type LiveBus = {
  /** The place "now"; take it before reading the state that later events will change. */
  cursor(clinicId: string): Promise<Cursor>;
  /** The same for a caller whose own read returned its snapshot's xmin: everything below that transaction is seen. */
  cursorAt(clinicId: string, xmin: bigint | string): Cursor;
  platformCursor(): Promise<Cursor>;
  /** Events after the cursor (or from now), then every new one, in order, until the signal ends it. */
  subscribe(clinicId: string, after: Cursor | null, signal: AbortSignal): AsyncIterable<LiveEvent>;
  subscribePlatform(after: Cursor | null, signal: AbortSignal): AsyncIterable<LiveEvent>;
  /** Tells every node that the clinic has new events. Never fails: readers also look by themselves. */
  wake(clinicId: string, tx?: bigint): Promise<void>;
  revoke(revocation: Revocation): void;
  onRevoked(listener: (revocation: Revocation) => void): () => void;
  close(): Promise<void>;
};

export type LiveBusOptions = {
  db: Database;
  redis: Redis;
  redisUrl: string;
  redisPrefix: string;
  secret: string;
  log: Logger;
  ringSize?: number;
  queueSize?: number;
  safetyPollMs?: number;
};

const platformFeed = "platform";
/** A cursor older than this is answered with a resync instead of a long replay. */
const cursorLifeMs = 6 * 60 * 60 * 1000;

/** Live events of this process: one reader per clinic however many subscribers, woken over Redis, read from PostgreSQL. */
export function createLiveBus(options: LiveBusOptions): LiveBus {
  const { db, redis, secret, log, redisPrefix } = options;
  const feeds = new Map<string, LiveFeed>();
  const revocations = new Set<(revocation: Revocation) => void>();
  const cursors = new WeakMap<FeedRow, Cursor>();
  const channels = { wake: `${redisPrefix}:wake`, revoked: `${redisPrefix}:revoked` };
  let listener: Redis | null = null;
  let closed = false;

  function listen(): void {
    if (listener || closed) return;
    listener = connectListener(options.redisUrl, log);
    listener.on("message", (channel, text) => hear(channel, text));
    // Wake-ups sent while the connection was down are gone, so everybody looks once.
    listener.on("ready", () => pokeAll());
    listener
      .subscribe(channels.wake, channels.revoked)
      .catch((error: unknown) => log.warn({ err: error }, "live bus cannot listen"));
  }

  function hear(channel: string, text: string): void {
    const message = parseMessage(text);
    if (channel === channels.wake && message.clinicId) {
      poke(message.clinicId, message.tx);
    } else if (channel === channels.revoked && message.accountId) {
      const { accountId } = message;
      for (const tell of revocations) tell({ accountId });
    }
  }

  function poke(clinicId: string, tx?: bigint): void {
    feeds.get(clinicId)?.poke(tx);
    feeds.get(platformFeed)?.poke(tx);
  }

  function pokeAll(): void {
    for (const feed of feeds.values()) feed.poke();
  }

  function feedOf(key: string, read: ReadFeed): LiveFeed {
    const known = feeds.get(key);
    if (known) return known;
    const feed: LiveFeed = new LiveFeed({
      read,
      ringSize: options.ringSize ?? 1000,
      queueSize: options.queueSize ?? 1000,
      batchSize: 500,
      safetyPollMs: options.safetyPollMs ?? 5000,
      onError: (error) => log.warn({ err: error, feed: key }, "live read failed"),
      onEmpty: () => {
        if (feeds.get(key) === feed) feeds.delete(key);
        feed.close();
      },
    });
    feeds.set(key, feed);
    return feed;
  }

  function cursorOf(key: string, row: FeedRow): Cursor {
    // Signed once per row and feed reader, not once per subscriber.
    const known = cursors.get(row);
    if (known) return known;
    const cursor = writeCursor(secret, key, row, Date.now());
    cursors.set(row, cursor);
    return cursor;
  }

  async function* subscribeTo(
    key: string,
    read: ReadFeed,
    after: Cursor | null,
    signal: AbortSignal,
  ): AsyncGenerator<LiveEvent, void, void> {
    const from = after === null ? null : readCursor(secret, key, after);
    if (after !== null && !from) throw refuse("cursor_invalid");
    if (closed) throw refuse("unavailable");
    listen();
    const tooOld = from !== null && Date.now() - from.issuedAt > cursorLifeMs;
    const feed = feedOf(key, read);
    if (tooOld) yield resync(key, await nowOf(key));
    for await (const item of feed.subscribe(tooOld ? null : (from?.position ?? null), signal)) {
      if (item === "resync") yield resync(key, feed.position ?? (await nowOf(key)));
      else yield { ...item, type: item.type as EventType, cursor: cursorOf(key, item) };
    }
  }

  function resync(key: string, position: Position): LiveEvent {
    const cursor = writeCursor(secret, key, position, Date.now());
    return { cursor, id: "", clinicId: key === platformFeed ? "" : key, type: "resync", payload: {}, at: new Date() };
  }

  async function nowOf(key: string): Promise<Position> {
    const read = key === platformFeed ? readPlatformEvents(db) : readClinicEvents(db, key);
    return feeds.get(key)?.position ?? newestPlace(read);
  }

  return {
    cursor: async (clinicId) => writeCursor(secret, clinicId, await nowOf(clinicId), Date.now()),
    cursorAt: (clinicId, xmin) => writeCursor(secret, clinicId, atHorizon(BigInt(xmin)), Date.now()),
    platformCursor: async () => writeCursor(secret, platformFeed, await nowOf(platformFeed), Date.now()),
    subscribe: (clinicId, after, signal) => subscribeTo(clinicId, readClinicEvents(db, clinicId), after, signal),
    subscribePlatform: (after, signal) => subscribeTo(platformFeed, readPlatformEvents(db), after, signal),
    async wake(clinicId, tx) {
      poke(clinicId, tx);
      const message = JSON.stringify({ clinicId, tx: tx?.toString() });
      // Not awaited: the row is committed, and a slow Redis must not make the answer slow.
      redis.publish(channels.wake, message).catch((error: unknown) => log.debug({ err: error }, "wake-up lost"));
    },
    revoke(revocation) {
      for (const tell of revocations) tell(revocation);
      redis
        .publish(channels.revoked, JSON.stringify(revocation))
        .catch((error: unknown) => log.warn({ err: error }, "revocation notice lost"));
    },
    onRevoked(tell) {
      revocations.add(tell);
      listen();
      return () => void revocations.delete(tell);
    },
    async close() {
      closed = true;
      for (const feed of feeds.values()) feed.close();
      feeds.clear();
      listener?.disconnect();
    },
  };
}

/** Anything can be published on a channel; what does not look like ours says nothing. */
function parseMessage(text: string): { clinicId?: string; tx?: bigint; accountId?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    const { clinicId, tx, accountId } = value as Record<string, unknown>;
    return {
      clinicId: typeof clinicId === "string" ? clinicId : undefined,
      tx: typeof tx === "string" && /^\d{1,19}$/.test(tx) ? BigInt(tx) : undefined,
      accountId: typeof accountId === "string" ? accountId : undefined,
    };
  } catch {
    return {};
  }
}
