import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { atExit, type Child, launch } from "./child.ts";
import { freePort, portFrom } from "./ports.ts";
import { type PostgresFiles, postgresFiles } from "./postgres-files.ts";
import { Trouble } from "./trouble.ts";

export type Postgres = {
  /** An administrator's login. */
  url: string;
  /** The process, or null for a server that is not ours. */
  child: Child | null;
  stop(): Promise<void>;
};

export type PostgresOptions = {
  /** A throw-away server: temporary folder, no fsync, removed on stop. Never DATABASE_URL. */
  ephemeral?: boolean;
  /** The administrator's password; a throw-away server makes its own. */
  password?: string;
  /** The database to make; without it the URL names `postgres`. */
  database?: string;
  logFile?: string;
  /** The programs of another version than the one that comes along: a package's folder of them. Throw-away servers only. */
  native?: string;
};

const USER = "postgres";
const READY_MS = 60_000; // recovery after a crash replays the log first
const PORT_ATTEMPTS = 3;

/** Starts PostgreSQL, or takes the server that DATABASE_URL names. */
export async function startPostgres(o: PostgresOptions = {}): Promise<Postgres> {
  const given = o.ephemeral ? undefined : process.env.DATABASE_URL;
  if (given) return { url: await checkedUrl(given), child: null, stop: async () => {} };

  const files = postgresFiles(o.ephemeral ?? false, o.native);
  const folder = o.ephemeral ? makeTemporary(files) : files.home;
  const data = join(folder, "data-18");
  const password = o.password ?? crypto.randomUUID();
  try {
    await endLeftOver(data);
    if (!existsSync(join(data, "PG_VERSION"))) initialise(files, folder, data, password);
    const { child, port } = await serve(files, data, o);
    const remove = (): void => {
      // Retried, since the last of its processes may still write.
      if (o.ephemeral) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
    const forget = atExit(remove);
    const stop = async (): Promise<void> => {
      await child.stop();
      forget();
      remove();
    };
    try {
      const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
      return { url: o.database ? await makeDatabase(url, o.database) : url, child, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    if (o.ephemeral) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The login of our server when it already runs (from another command), else null. */
export function runningPostgres(password: string, database: string): string | null {
  const lines = postmasterLines(join(postgresFiles(false).home, "data-18"));
  return lines ? `postgres://${USER}:${password}@127.0.0.1:${lines[3]}/${database}` : null;
}

function makeTemporary(files: PostgresFiles): string {
  const folder = mkdtempSync(join(files.home, "pulsecal-pg-"));
  if (files.as) chownSync(folder, files.as.uid, files.as.gid);
  return folder;
}

/** Makes the data folder beside its place and moves it there whole, so that a half-made one is never used. */
function initialise(files: PostgresFiles, folder: string, data: string, password: string): void {
  const half = `${data}.new`;
  const secret = join(folder, ".initial");
  rmSync(half, { recursive: true, force: true });
  writeFileSync(secret, password, { mode: 0o600 });
  if (files.as) chownSync(secret, files.as.uid, files.as.gid);
  const builtin = files.major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  const locale = ["--encoding=UTF8", "--locale=C", ...builtin];
  const access = [`--username=${USER}`, "--auth=scram-sha-256", `--pwfile=${secret}`];
  const made = spawnSync(
    join(files.bin, "initdb"),
    ["-D", half, ...locale, ...access, "--no-sync", "--no-instructions"],
    {
      ...files.as,
      cwd: folder,
      encoding: "utf8",
      env: serverEnvironment(),
    },
  );
  rmSync(secret, { force: true });
  if (made.status !== 0) {
    throw new Trouble(
      `PostgreSQL's data folder could not be made:\n${made.error?.message ?? made.stdout + made.stderr}`,
    );
  }
  renameSync(half, data);
}

async function serve(files: PostgresFiles, data: string, o: PostgresOptions): Promise<{ child: Child; port: number }> {
  const fixed = o.ephemeral ? null : portFrom(process.env.PULSECAL_PG_PORT);
  if (fixed === "invalid") throw new Trouble("PULSECAL_PG_PORT must be a port number (1 to 65535), or be left out.");
  for (let attempt = 1; ; attempt++) {
    const port = fixed ?? (await freePort());
    const child = launch({
      name: "PostgreSQL",
      command: join(files.bin, "postgres"),
      args: ["-D", data, "-p", String(port), ...settings(o.ephemeral ?? false).flatMap((setting) => ["-c", setting])],
      env: serverEnvironment(),
      cwd: data,
      as: files.as,
      logFile: o.logFile,
      // "Fast" shutdown: sessions are ended, data is written. A throw-away server just quits.
      stopSignal: o.ephemeral ? "SIGQUIT" : "SIGINT",
      lastResort: o.ephemeral ? "SIGKILL" : "SIGQUIT",
    });
    try {
      await child.untilLine(/database system is ready to accept connections/, READY_MS);
      return { child, port };
    } catch (error) {
      await child.stop();
      const taken = /could not bind|Address already in use/.test(child.tail());
      if (taken && fixed !== null) {
        throw new Trouble(
          `Port ${fixed} is in use: set PULSECAL_PG_PORT to a free port, or leave it out to have one found.`,
        );
      }
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function settings(ephemeral: boolean): string[] {
  // No unix socket: its path has a limit of 107 bytes that a deep clone exceeds.
  const always = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "logging_collector=off",
  ];
  return ephemeral ? [...always, "fsync=off", "synchronous_commit=off", "full_page_writes=off"] : always;
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

/** Lines of postmaster.pid when the server it names is alive and is the one of this data folder. */
function postmasterLines(data: string): string[] | null {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  return commandLine(Number(lines[0])).includes(data) ? lines : null;
}

/** Ends the server of a run that was killed; forgets a pid file whose process is gone or became another program. */
async function endLeftOver(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const lines = postmasterLines(data);
  if (!lines) return rmSync(file, { force: true });
  process.kill(Number(lines[0]), "SIGINT");
  const giveUp = Date.now() + 20_000;
  while (commandLine(Number(lines[0])).includes(data)) {
    if (Date.now() > giveUp)
      throw new Trouble(`An older PostgreSQL (process ${lines[0]}) of this folder does not end: end it by hand.`);
    await pause(100); // another process' child: its end is no event for us
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

async function makeDatabase(adminUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  try {
    await client.connect();
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if ((error as { code?: string }).code === "28P01") {
      throw new Trouble(
        "The database does not accept the password in secrets.json: put back the secrets.json it was made with, " +
          "or remove the whole state folder to begin anew.",
      );
    }
    throw error;
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function checkedUrl(url: string): Promise<string> {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new Trouble("DATABASE_URL must look like postgres://user:password@host:port/database.");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return url;
  } catch (error) {
    throw new Trouble(
      `PostgreSQL does not let us in at DATABASE_URL (${(error as Error).message}): correct DATABASE_URL, or leave it out.`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}
