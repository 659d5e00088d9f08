import { prepareTemplate } from "@pulsecal/db/testing";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";

/**
 * Runs `work` beside a PostgreSQL and a Redis of its own (or those named by PULSECAL_TEST_PG and PULSECAL_TEST_REDIS),
 * and stops what it started.
 */
export async function withServices(work: () => Promise<void>): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  try {
    if (!process.env.PULSECAL_TEST_PG) {
      const postgres = await startPostgres({ ephemeral: true });
      stops.push(postgres.stop);
      process.env.PULSECAL_TEST_PG = postgres.url;
    }
    if (!process.env.PULSECAL_TEST_REDIS) {
      const redis = await startRedis({ ephemeral: true });
      stops.push(redis.stop);
      process.env.PULSECAL_TEST_REDIS = redis.url;
    }
    await prepareTemplate(process.env.PULSECAL_TEST_PG);
    await work();
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
