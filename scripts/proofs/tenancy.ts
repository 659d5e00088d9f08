import type { ProofSuite } from "./harness.ts";
import { databaseProbes, mutantsKilled } from "./tenancy/database-lines.ts";
import { dirtyConnectionsDestroyed, pooledOperations } from "./tenancy/pool-lines.ts";
import { procedureProbes } from "./tenancy/procedure-lines.ts";
import { versionMatrix } from "./tenancy/version-lines.ts";

/** Clinics are kept apart: by every row, every procedure, every policy, every connection, on every version. */
export const tenancy: ProofSuite = async (options) => [
  await databaseProbes(options),
  ...(await procedureProbes(options)),
  await mutantsKilled(),
  await pooledOperations(options),
  await dirtyConnectionsDestroyed(options),
  ...(await versionMatrix(options)),
];
