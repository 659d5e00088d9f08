import { Redis } from "ioredis";
import type { Logger } from "./logger.ts";

/**
 * A connection for commands that may be lost. It fails at once while Redis is away instead of queueing, because nothing
 * that must survive goes through it.
 */
export function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2000),
  });
  redis.on("error", quietly(log));
  return redis;
}

/** A connection that only listens; it reconnects and subscribes again by itself. */
export function connectListener(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2000),
  });
  redis.on("error", quietly(log));
  return redis;
}

/** One line per outage: an ioredis client reports each failed dial. */
function quietly(log: Logger): (error: Error) => void {
  let last = 0;
  return (error) => {
    const now = Date.now();
    if (now - last > 10_000) log.warn({ err: error }, "redis is away");
    last = now;
  };
}

/** Every key we write: product prefix, owner (a clinic or the platform), then parts made inert. */
export function redisKey(prefix: string, owner: { clinicId: string } | "platform", ...parts: string[]): string {
  const scope = owner === "platform" ? "p" : `c:{${owner.clinicId}}`;
  return [prefix, scope, ...parts.map(encodeURIComponent)].join(":");
}
