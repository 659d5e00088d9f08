import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { type Child, launch } from "../../services/child.ts";
import { freePort } from "../../services/ports.ts";
import { postgresFiles } from "../../services/postgres-files.ts";

/**
 * A PostgreSQL of this proof alone: the horizon of the live events is one per cluster, and what it acknowledges must be
 * on disk, so unlike a throw-away server of the tests it keeps fsync and synchronous_commit.
 */
export type Cluster = {
  port: number;
  /** The administrator's login, past every proxy. */
  adminUrl: string;
  /** "Immediate" shutdown: no checkpoint, no farewell; the next start recovers from the log. */
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  runs(): boolean;
  close(): Promise<void>;
};

const READY_MS = 60_000;

/** Makes the cluster, starts it and makes the database `pulsecal`. */
export async function startCluster(logFile: string): Promise<Cluster> {
  const files = postgresFiles(true);
  const folder = mkdtempSync(join(files.home, "pulsecal-faults-pg-"));
  const data = join(folder, "data");
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", forget);
  const password = crypto.randomUUID();
  const port = await freePort();
  const env = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
  let child: Child | null = null;

  if (files.as) chownSync(folder, files.as.uid, files.as.gid);
  const secret = join(folder, ".initial");
  writeFileSync(secret, password, { mode: 0o600 });
  if (files.as) chownSync(secret, files.as.uid, files.as.gid);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${secret}`];
  const made = spawnSync(
    join(files.bin, "initdb"),
    ["-D", data, ...locale, ...access, "--no-sync", "--no-instructions"],
    {
      ...files.as,
      cwd: folder,
      encoding: "utf8",
      env,
    },
  );
  if (made.status !== 0) {
    forget();
    throw new Error(`initdb failed:\n${made.error?.message ?? made.stdout + made.stderr}`);
  }

  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "wal_writer_delay=2s", // what needs no flush stays unflushed a little longer, as on a slow disk
    "logging_collector=off",
  ];
  const start = async (): Promise<void> => {
    child = launch({
      name: "PostgreSQL of the faults",
      command: join(files.bin, "postgres"),
      args: ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      env,
      cwd: data,
      as: files.as,
      logFile,
      stopSignal: "SIGQUIT",
      lastResort: "SIGQUIT",
    });
    await child.untilLine(/database system is ready to accept connections/, READY_MS);
  };
  const stopAtOnce = async (): Promise<void> => {
    await child?.stop();
    child = null;
  };
  const close = async (): Promise<void> => {
    await stopAtOnce();
    process.removeListener("exit", forget);
    forget();
  };
  try {
    await start();
    const url = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
    const client = new pg.Client({ connectionString: url("postgres") });
    await client.connect();
    await client.query("CREATE DATABASE pulsecal");
    await client.end();
    return { port, adminUrl: url("pulsecal"), stopAtOnce, start, runs: () => child !== null, close };
  } catch (error) {
    await close();
    throw error;
  }
}
