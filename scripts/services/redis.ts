import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { atExit, type Child, launch } from "./child.ts";
import { forgetUnpacked, onPath, unpackedEnvironment, unpackPackages } from "./debian.ts";
import { makeFolder, stateFolder } from "./folders.ts";
import { freePort, portFrom } from "./ports.ts";
import { Trouble } from "./trouble.ts";

export type RedisServer = {
  url: string;
  /** The process, or null for a server that is not ours. */
  child: Child | null;
  stop(): Promise<void>;
};

export type RedisOptions = {
  /** A throw-away server: temporary folder, nothing written to disk. Never REDIS_URL. */
  ephemeral?: boolean;
  password?: string;
  logFile?: string;
  /** Hears what takes long. */
  say?: (text: string) => void;
};

type Program = { command: string; args: string[]; env: NodeJS.ProcessEnv; folderInside?: string };

const READY_MS = 30_000;
const PORT_ATTEMPTS = 3;
const UNPACKED = "redis";
const IMAGE = "redis:7-alpine";

/** Starts Redis by the first way that works here, or takes the server that REDIS_URL names. */
export async function startRedis(o: RedisOptions = {}): Promise<RedisServer> {
  const given = o.ephemeral ? undefined : process.env.REDIS_URL;
  if (given) return { url: await checkedUrl(given), child: null, stop: async () => {} };

  const folder = o.ephemeral
    ? mkdtempSync(join(tmpdir(), "pulsecal-redis-"))
    : makeFolder(join(stateFolder(), "redis"), 0o700);
  const cleanUp = (): void => {
    if (o.ephemeral) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { child, url } = await serve(folder, o);
    const forget = atExit(cleanUp);
    return {
      url,
      child,
      stop: async () => {
        await child.stop();
        forget();
        cleanUp();
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function serve(folder: string, o: RedisOptions): Promise<{ child: Child; url: string }> {
  const fixed = o.ephemeral ? null : portFrom(process.env.PULSECAL_REDIS_PORT);
  if (fixed === "invalid") throw new Trouble("PULSECAL_REDIS_PORT must be a port number (1 to 65535), or be left out.");
  const password = o.password ?? crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    const port = fixed ?? (await freePort());
    const program = await findProgram(o.say ?? (() => {}), folder, port);
    const child = launch({
      name: "Redis",
      ...program,
      cwd: folder,
      // By standard input, so that the password is in no process list.
      input: settings({ folder: program.folderInside ?? folder, port, password, durable: !o.ephemeral }),
      logFile: o.logFile,
    });
    try {
      await child.untilLine(/Ready to accept connections/i, READY_MS);
      return { child, url: `redis://:${password}@127.0.0.1:${port}` };
    } catch (error) {
      await child.stop();
      const taken = /Address already in use|port is already allocated/i.test(child.tail());
      if (taken && fixed !== null) {
        throw new Trouble(
          `Port ${fixed} is in use: set PULSECAL_REDIS_PORT to a free port, or leave it out to have one found.`,
        );
      }
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function settings(o: { folder: string; port: number; password: string; durable: boolean }): string {
  const inContainer = o.folder === "/data";
  return [
    `bind ${inContainer ? "0.0.0.0" : "127.0.0.1"}`, // a container's port is published on our loopback only
    `port ${inContainer ? 6379 : o.port}`,
    `requirepass ${o.password}`,
    `dir "${o.folder.replace(/["\\]/g, "\\$&")}"`,
    "maxmemory-policy noeviction", // a queue must not lose keys
    `appendonly ${o.durable ? "yes" : "no"}`,
    'save ""',
    "daemonize no",
  ].join("\n");
}

async function findProgram(say: (text: string) => void, folder: string, port: number): Promise<Program> {
  const installed = ["redis-server", "valkey-server"].map(onPath).find((path) => path && runs(path, {}));
  if (installed) return { command: installed, args: ["-"], env: environment() };

  const unpacked = await unpackedRedis(say);
  if (unpacked) return unpacked;

  if (await dockerAnswers()) {
    say(`Starting Redis from the Docker image ${IMAGE} ...`);
    chmodSync(folder, 0o777); // the image runs as a user of its own
    const run = [
      "run",
      "--rm",
      "-i",
      "-p",
      `127.0.0.1:${port}:6379`,
      "-v",
      `${folder}:/data`,
      IMAGE,
      "redis-server",
      "-",
    ];
    return { command: "docker", args: run, env: process.env, folderInside: "/data" };
  }
  throw new Trouble(
    "No Redis could be found or fetched: set REDIS_URL to a running one, or install redis-server or valkey-server, " +
      "or start Docker (on Debian and Ubuntu it is fetched by itself when apt-get reaches its archive).",
  );
}

async function unpackedRedis(say: (text: string) => void): Promise<Program | null> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const home = await unpackPackages(UNPACKED, ["redis-server", "redis-tools"], () =>
      say("Fetching Redis from Debian's archive ..."),
    );
    if (!home) return null;
    const program = {
      command: join(home, "usr/bin/redis-server"),
      args: ["-"],
      env: environment(unpackedEnvironment(home)),
    };
    if (runs(program.command, program.env)) return program;
    forgetUnpacked(UNPACKED); // the system's libraries changed since: fetch what fits now, once
  }
  return null;
}

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", ...more };
}

function runs(command: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(command, ["--version"], { env: environment(env), timeout: 10_000 }).status === 0;
}

async function dockerAnswers(): Promise<boolean> {
  if (!onPath("docker")) return false;
  return await promisify(execFile)("docker", ["info"], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

async function checkedUrl(url: string): Promise<string> {
  if (!/^rediss?:\/\//.test(url)) throw new Trouble("REDIS_URL must look like redis://:password@host:port.");
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    retryStrategy: () => null,
  });
  client.on("error", () => {}); // the failing ping below carries the same error
  try {
    await client.connect();
    await client.ping();
    return url;
  } catch (error) {
    throw new Trouble(
      `Redis does not answer at REDIS_URL (${(error as Error).message}): correct REDIS_URL, or leave it out.`,
    );
  } finally {
    client.disconnect();
  }
}
