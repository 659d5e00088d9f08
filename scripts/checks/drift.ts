import { check } from "@pulsecal/db/migrate";
import type { Report } from "../check.ts";
import { startPostgres } from "../services/postgres.ts";

/** Replays the migrations in a throw-away server and compares them with the Prisma schema. */
export async function driftReport(): Promise<Report> {
  const given = process.env.PULSECAL_TEST_PG;
  const server = given ? null : await startPostgres({ ephemeral: true });
  try {
    const differences = await check(given ?? server?.url ?? "");
    return { ok: differences === null, summary: differences === null ? "none" : "found", output: differences ?? "" };
  } finally {
    await server?.stop();
  }
}
