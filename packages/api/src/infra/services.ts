import { openDatabase } from "@pulsecal/db";
import type { Database } from "@pulsecal/db";
import type { Redis } from "ioredis";
import { createSessions } from "../modules/identity/index.ts";
import type { Sessions } from "../modules/identity/index.ts";
import type { Env } from "./env.ts";
import { createLimits } from "./limits.ts";
import type { Limits } from "./limits.ts";
import { createLinks } from "./links.ts";
import type { Links } from "./links.ts";
import { createLiveBus } from "./live-bus.ts";
import type { LiveBus } from "./live-bus.ts";
import { createLogger } from "./logger.ts";
import type { Logger } from "./logger.ts";
import { connectRedis } from "./redis.ts";
import { createVault, type Vault } from "./vault.ts";

/** What a process holds for its whole life, handed down instead of imported. */
export type Services = {
  env: Env;
  db: Database;
  redis: Redis;
  /** first part of every Redis key and channel */
  redisPrefix: string;
  bus: LiveBus;
  log: Logger;
  /** the application's clock; expiry is decided by the database's */
  now(): Date;
  links: Links;
  sessions: Sessions;
  limits: Limits;
  vault: Vault;
};

/** What a test or the worker may bring along instead of the default. */
export type ServiceParts = Partial<Pick<Services, "db" | "log" | "redisPrefix" | "now">>;

/** Opens the database, Redis and the live bus. Nothing is dialled before it is needed, except Redis in the background. */
export function createServices(env: Env, parts: ServiceParts = {}): Services {
  const log = parts.log ?? createLogger(env.logLevel);
  const db = parts.db ?? openDatabase({ url: env.dbUrl, roleSecret: env.dbRoleSecret });
  const redis = connectRedis(env.redisUrl, log);
  const now = parts.now ?? (() => new Date());
  const redisPrefix = parts.redisPrefix ?? "pulsecal";
  return {
    env,
    db,
    redis,
    redisPrefix,
    bus: createLiveBus({ db, redis, redisUrl: env.redisUrl, redisPrefix, secret: env.secret, log }),
    log,
    now,
    links: createLinks(env),
    sessions: createSessions(db),
    limits: createLimits(redis, redisPrefix),
    vault: createVault({ db, keyring: env.keyring, now }),
  };
}

/** Ends the live bus, then the connections. */
export async function closeServices(s: Services): Promise<void> {
  await s.bus.close();
  s.redis.disconnect();
  await s.db.close();
}

/** Throws when a part that requests need does not answer; Redis away is survivable and only reported. */
export async function readiness(s: Services): Promise<{ database: "up"; redis: "up" | "away" }> {
  await s.db.check();
  const pong = await s.redis.ping().catch(() => null);
  return { database: "up", redis: pong === "PONG" ? "up" : "away" };
}
