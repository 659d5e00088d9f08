import type { Redis } from "ioredis";

/**
 * A Redis that evicts keys when full drops queued work without a word. Returns a sentence when this one may.
 * INFO is asked rather than CONFIG, which managed Redis services refuse.
 */
export async function evictionWarning(redis: Redis): Promise<string | null> {
  return warningIn(await redis.info("memory"));
}

/** The same, from the text of INFO. */
export function warningIn(info: string): string | null {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === "noeviction") return null;
  return `Redis at REDIS_URL has maxmemory-policy ${policy} and may drop queued work; set it to noeviction.`;
}
