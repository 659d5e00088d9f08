import { failuresOf, interleave, makeManyClinics, runProbes, type TestDatabase } from "@pulsecal/db/testing";
import { type Proof, type ProofOptions, proof } from "../harness.ts";
import { startPostgres } from "../../services/postgres.ts";
import { leaksWhenOpen, onDatabase } from "./database-lines.ts";
import { postgresOfVersion, postgresVersions } from "./postgres-versions.ts";
import { show } from "./show.ts";

const operations = 5_000;

/**
 * Migrations, provisioning, the probes and interleaved operations on every supported major version, each a server of its
 * own. The short form only says which one all the rest has just run on.
 */
export async function versionMatrix({ full, seed }: ProofOptions): Promise<Proof[]> {
  if (!full) {
    show(`on PostgreSQL ${await onDatabase(versionOf)} only; ${postgresVersions.join(", ")} with --full`, []);
    return [];
  }
  const lines: Proof[] = [];
  for (const version of postgresVersions) {
    const server = await startPostgres({ ephemeral: true, native: await postgresOfVersion(version) });
    try {
      lines.push(await proveOn(server.url, seed));
    } finally {
      await server.stop();
    }
  }
  return lines;
}

async function proveOn(server: string, seed: number): Promise<Proof> {
  const found = await onDatabase(
    async (t) => {
      await t.db.check();
      const version = await versionOf(t);
      const report = await runProbes(t);
      const { done, wrong } = await interleave(t.db, await makeManyClinics(t, 200), { operations });
      const failures = [...failuresOf(report), ...(wrong > 0 ? [`${wrong} of ${done} operations wrong`] : [])];
      show(`PostgreSQL ${version}: ${report.crossing} probes, ${report.twins} twins, ${done} operations`, failures);
      return { version, tried: report.crossing + done, failed: failuresOf(report).length + wrong };
    },
    server,
    { pool: { app: 4 } },
  );
  return proof(`tenancy: on PostgreSQL ${found.version}`, {
    tried: found.tried,
    failed: found.failed,
    control: await leaksWhenOpen(seed, server),
    atLeast: operations + 1_500,
  });
}

async function versionOf(t: TestDatabase): Promise<string> {
  const [row] = await t.admin("SELECT split_part(current_setting('server_version'), ' ', 1) AS version");
  return String(row?.["version"]);
}
