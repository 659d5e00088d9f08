import { prepareTemplate } from "@pulsecal/db/testing";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import { exitOnSignals } from "./exit-on-signals.ts";

/**
 * Gives database tests a PostgreSQL and a Redis: the ones named by PULSECAL_TEST_PG and PULSECAL_TEST_REDIS, or
 * throw-away ones. Workers inherit both names through the environment.
 */
export default async function setup(): Promise<() => Promise<void>> {
  exitOnSignals();
  const stops: (() => Promise<void>)[] = [];
  const teardown = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
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
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
