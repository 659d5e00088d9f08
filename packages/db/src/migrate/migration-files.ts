import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationList, SchemasContainer } from "@prisma/schema-engine-wasm/schema_engine_bg";

/** Where the schema and the migrations lie. Tests pass a copy. */
export type MigrationFolders = { schema: string; migrations: string };

export const projectFolders: MigrationFolders = {
  schema: fileURLToPath(new URL("../../prisma/schema/", import.meta.url)),
  migrations: fileURLToPath(new URL("../../prisma/migrations/", import.meta.url)),
};

/** Every file of the Prisma schema. */
export async function readSchema(folders: MigrationFolders): Promise<SchemasContainer> {
  const names = (await readdir(folders.schema)).filter((name) => name.endsWith(".prisma")).sort();
  const files = names.map(async (name) => {
    const path = join(folders.schema, name);
    return { path, content: await readFile(path, "utf8") };
  });
  return { files: await Promise.all(files) };
}

/** Every migration, oldest first, in the form the engine asks for. */
export async function readMigrations(folders: MigrationFolders): Promise<MigrationList> {
  const entries = await readdir(folders.migrations, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const directories = names.map(async (name) => {
    const content = await readFile(join(folders.migrations, name, "migration.sql"), "utf8");
    return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: content } } };
  });
  return {
    baseDir: folders.migrations,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(folders.migrations, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(directories),
  };
}

/** Changes whenever a migration does. */
export async function hashMigrations(folders: MigrationFolders): Promise<string> {
  const hash = createHash("sha256");
  for (const { path, migrationFile } of (await readMigrations(folders)).migrationDirectories) {
    hash.update(`${path}\0${migrationFile.content.value}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Writes `<time>_<name>/migration.sql` and returns the folder's name. */
export async function writeMigration(folders: MigrationFolders, name: string, sql: string, now: Date): Promise<string> {
  if (!/^[a-z0-9_]{1,60}$/.test(name)) throw new Error("A migration's name is 1 to 60 of a-z, 0-9 and _.");
  const folder = `${now.toISOString().replace(/\D/g, "").slice(0, 14)}_${name}`;
  await mkdir(join(folders.migrations, folder));
  await writeFile(join(folders.migrations, folder, "migration.sql"), sql);
  return folder;
}
