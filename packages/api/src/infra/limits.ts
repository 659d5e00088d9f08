import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { refuse } from "../trpc/error-map.ts";
import { redisKey } from "./redis.ts";
import { hashToken } from "./tokens.ts";

/** Tries allowed per window. `alone` is what one process allows by itself while Redis is away: fewer, never unlimited. */
const rules = {
  signInPair: { points: 10, seconds: 15 * 60, alone: 5 },
  signInAccount: { points: 50, seconds: 60 * 60, alone: 15 },
  signInAddress: { points: 100, seconds: 15 * 60, alone: 30 },
  signInAll: { points: 3000, seconds: 60, alone: 300 },
  signUpAddress: { points: 20, seconds: 60 * 60, alone: 5 },
  signUpAll: { points: 600, seconds: 60 * 60, alone: 60 },
  mailAccount: { points: 5, seconds: 60 * 60, alone: 2 },
  mailAddress: { points: 20, seconds: 60 * 60, alone: 5 },
  linkAddress: { points: 60, seconds: 60 * 60, alone: 20 },
  searchAddress: { points: 300, seconds: 60, alone: 100 },
  guestMailbox: { points: 20, seconds: 60 * 60, alone: 8 },
  bookAddress: { points: 60, seconds: 10 * 60, alone: 20 },
} as const;

type LimitName = keyof typeof rules;

export type Limits = {
  /** Takes one try from each budget; refuses with `rate_limited` when one of them is spent. */
  take(...tries: [LimitName, string][]): Promise<void>;
  /** Gives a key its tries back, after it has proved itself. */
  forget(name: LimitName, key: string): Promise<void>;
};

/** Budgets in Redis with a smaller one in memory behind it, so that losing Redis closes the door further, not less. */
export function createLimits(redis: Redis, redisPrefix: string): Limits {
  const limiters = Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: redisKey(redisPrefix, "platform", "limit", name),
        points: rule.points,
        duration: rule.seconds,
        insuranceLimiter: new RateLimiterMemory({ points: rule.alone, duration: rule.seconds }),
      }),
    ]),
  ) as Record<LimitName, RateLimiterRedis>;

  return {
    async take(...tries) {
      for (const [name, key] of tries) {
        try {
          await limiters[name].consume(hashToken(key));
        } catch (error) {
          if (error instanceof RateLimiterRes)
            throw refuse("rate_limited", { retryInSeconds: Math.ceil(error.msBeforeNext / 1000) });
          throw refuse("unavailable");
        }
      }
    },
    async forget(name, key) {
      // Best effort: an outage here costs the person a few tries, nothing more.
      await limiters[name].delete(hashToken(key)).catch(() => undefined);
    },
  };
}
