import { createHash, randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The clone. */
export const root: string = dirname(dirname(import.meta.dirname));

/** Downloads that every state folder of this clone shares. */
export const cacheFolder: string = join(root, ".pulsecal", "cache");

/** Where data, secrets and logs live: PULSECAL_STATE_DIR, or `.pulsecal` in the clone. */
export function stateFolder(): string {
  return resolve(root, process.env.PULSECAL_STATE_DIR || ".pulsecal");
}

/** Outside of any clone, for what another user must reach when the clone is closed to it. Only root comes here. */
export const outside = "/var/lib/pulsecal";

/**
 * The outside folder of this clone's state. A clone that was removed and made again at the same path is another one:
 * its data is new as its secrets are, and what the former left behind is cleared away.
 */
export function outsideState(): string {
  const mark = join(makeFolder(stateFolder()), "outside-id");
  if (!existsSync(mark)) writeFileSync(mark, randomUUID(), { mode: 0o600 });
  const id = readFileSync(mark, "utf8").trim();
  const ofThisPath = makeFolder(join(outside, createHash("sha256").update(root).digest("hex").slice(0, 16)));
  for (const other of readdirSync(ofThisPath).filter((name) => name !== id)) {
    rmSync(join(ofThisPath, other), { recursive: true, force: true });
  }
  return makeFolder(join(ofThisPath, id));
}

/** Makes a folder and those above it that are missing; the modes hold whatever the umask is. */
export function makeFolder(path: string, mode = 0o755): string {
  const first = mkdirSync(path, { recursive: true });
  if (!first) return path;
  for (let folder = dirname(path); folder.startsWith(first); folder = dirname(folder)) chmodSync(folder, 0o755);
  chmodSync(path, mode);
  return path;
}

export type Identity = { uid: number; gid: number };

/** The user a server runs as when root started us: `postgres` where it exists, else `nobody`. Null: ourselves. */
export function servant(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row = rows.find(([name]) => name === "postgres") ?? rows.find(([name]) => name === "nobody");
  return row ? { uid: Number(row[2]), gid: Number(row[3]) } : { uid: 65_534, gid: 65_534 };
}

/** Whether a user may pass through every folder above `path` (judged by the mode bits). */
export function canReach(path: string, who: Identity): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (!mayPass(folder, who)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayPass(folder: string, who: Identity): boolean {
  const seen = statSync(folder, { throwIfNoEntry: false });
  if (!seen) return true; // not there yet: we make it with makeFolder
  if (seen.uid === who.uid) return (seen.mode & 0o100) !== 0;
  if (seen.gid === who.gid) return (seen.mode & 0o010) !== 0;
  return (seen.mode & 0o001) !== 0;
}
