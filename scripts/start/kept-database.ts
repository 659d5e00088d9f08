import { stateFolder } from "../services/folders.ts";
import { runningPostgres, startPostgres } from "../services/postgres.ts";
import { openRunRecord } from "./run-record.ts";
import { chosenSecrets, keptSecrets, type Secrets } from "./secrets.ts";

export type KeptDatabase = { adminUrl: string; secrets: Secrets };

const NAME = "pulsecal";

/** Gives the product's database for a moment: DATABASE_URL, the running system's, or our own server started for it. */
export async function withKeptDatabase<T>(use: (database: KeptDatabase) => Promise<T>): Promise<T> {
  const folder = stateFolder();
  const kept = keptSecrets(folder);
  const secrets = chosenSecrets(kept, process.env);
  const running = process.env.DATABASE_URL ? null : runningPostgres(kept.postgres, NAME);
  if (running) return await use({ adminUrl: running, secrets });

  const record = process.env.DATABASE_URL ? null : await openRunRecord(folder, null);
  const server = await startPostgres({ password: kept.postgres, database: NAME });
  try {
    return await use({ adminUrl: server.url, secrets });
  } finally {
    await server.stop();
    record?.close();
  }
}
