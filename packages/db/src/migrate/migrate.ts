import type { SchemaFilter } from "@prisma/schema-engine-wasm/schema_engine_bg";
import { engineAdapter } from "./engine-adapter.ts";
import {
  type MigrationFolders,
  projectFolders,
  readMigrations,
  readSchema,
  writeMigration,
} from "./migration-files.ts";
import { closeDatabaseToPublic } from "./provision.ts";
import { openEngine, type SchemaEngine } from "./schema-engine.ts";

const everything: SchemaFilter = { externalTables: [], externalEnums: [] };

export type MigrationStatus = {
  /** in the folder, not in the database */
  pending: string[];
  /** in the database, not in the folder */
  unknown: string[];
  /** applied, then changed on disk */
  edited: string[];
  failed: string[];
};

/** Applies what is pending; safe to run from several processes at once. Refuses a history that was tampered with. */
export async function deploy(adminUrl: string, folders: MigrationFolders = projectFolders): Promise<string[]> {
  const before = await status(adminUrl, folders);
  if (before.edited.length > 0) {
    throw new Error(`Applied migrations were edited: ${before.edited.join(", ")}. Restore them and add a new one.`);
  }
  if (before.unknown.length > 0) {
    throw new Error(`The database has migrations this checkout lacks: ${before.unknown.join(", ")}.`);
  }
  const migrationsList = await readMigrations(folders);
  const applied = await withEngine(adminUrl, folders, (engine) =>
    engine.applyMigrations({ migrationsList, filters: everything }),
  );
  await closeDatabaseToPublic(adminUrl);
  return applied.appliedMigrationNames;
}

/** Compares the database's history with the folder. */
export async function status(adminUrl: string, folders: MigrationFolders = projectFolders): Promise<MigrationStatus> {
  const migrationsList = await readMigrations(folders);
  const found = await withEngine(adminUrl, folders, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: everything }),
  );
  const history = found.history;
  return {
    pending: history && "unappliedMigrationNames" in history ? history.unappliedMigrationNames : [],
    unknown: history && "unpersistedMigrationNames" in history ? history.unpersistedMigrationNames : [],
    edited: found.editedMigrationNames,
    failed: found.failedMigrationNames,
  };
}

/**
 * Replays the migrations in a shadow database and compares the result with the Prisma schema. Returns null when they
 * agree, else the differences in words. What Prisma cannot see (policies, roles, CHECK, EXCLUDE, partial indexes) is
 * proven by the catalog lint instead.
 */
export async function check(adminUrl: string, folders: MigrationFolders = projectFolders): Promise<string | null> {
  const result = await differences(adminUrl, folders, false);
  return result.exitCode === 2 ? (result.stdout ?? "The schema and the migrations differ.") : null;
}

/** Writes a new migration with what the schema has and the migrations lack; policies are then added by hand. */
export async function create(
  adminUrl: string,
  name: string,
  now: Date,
  folders: MigrationFolders = projectFolders,
): Promise<string> {
  const result = await differences(adminUrl, folders, true);
  const changes = result.exitCode === 2 ? (result.stdout ?? "") : "";
  return writeMigration(folders, name, `SET ROLE app_owner;\n\n${changes.trim()}\n\nRESET ROLE;\n`, now);
}

async function differences(adminUrl: string, folders: MigrationFolders, script: boolean) {
  const migrations = await readMigrations(folders);
  const schema = await readSchema(folders);
  return withEngine(adminUrl, folders, (engine) =>
    engine.diff({
      from: { tag: "migrations", ...migrations },
      to: { tag: "schemaDatamodel", ...schema },
      script,
      exitCode: true,
      filters: everything,
    }),
  );
}

async function withEngine<T>(
  adminUrl: string,
  folders: MigrationFolders,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { files } = await readSchema(folders);
  const adapter = engineAdapter(adminUrl);
  const engine = await openEngine(
    adapter.factory,
    files.map((file) => [file.path, file.content]),
  );
  try {
    return await use(engine);
  } catch (error) {
    throw new Error(`Migration failed: ${reasonOf(error)}`, { cause: error });
  } finally {
    engine.free();
    await adapter.close();
  }
}

/** The engine rejects with a message, a plain object or a bound error. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
}
