import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildWeb } from "../start/build-web.ts";
import { endWithUs } from "../services/child.ts";
import { root } from "../services/folders.ts";
import { freePort } from "../services/ports.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";

export const baseDomain = "bench.localhost";

export type BenchServers = { redisUrl: string; pids: { postgres: number; redis: number } };

/**
 * A PostgreSQL that writes to disk as production's does and a Redis, both of this run alone; PULSECAL_TEST_PG names the
 * database server meanwhile. A server without fsync would flatter neither side, but it is not what bookings run on.
 */
export async function withDurableServers<T>(work: (servers: BenchServers) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "pulsecal-bench-"));
  chmodSync(folder, 0o755);
  const names = ["PULSECAL_STATE_DIR", "DATABASE_URL", "PULSECAL_PG_PORT", "PULSECAL_TEST_PG"];
  const kept = names.map((name) => [name, process.env[name]] as const);
  const stops: (() => Promise<void>)[] = [];
  try {
    process.env.PULSECAL_STATE_DIR = folder;
    delete process.env.DATABASE_URL;
    delete process.env.PULSECAL_PG_PORT;
    const postgres = await startPostgres();
    stops.push(postgres.stop);
    const redis = await startRedis({ ephemeral: true });
    stops.push(redis.stop);
    process.env.PULSECAL_TEST_PG = postgres.url;
    return await work({
      redisUrl: redis.url,
      pids: { postgres: postgres.child?.pid ?? 0, redis: redis.child?.pid ?? 0 },
    });
  } finally {
    for (const stop of stops.reverse()) await stop();
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Where = { dbUrl: string; roleSecret: string; redisUrl: string };

/** The settings of a node of the product, with secrets of this run. */
export function webEnvironment(where: Where): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    NODE_ENV: "production",
    PULSECAL_MODE: "demo",
    PULSECAL_BASE_DOMAIN: baseDomain,
    PULSECAL_DB_URL: where.dbUrl,
    PULSECAL_DB_ROLE_SECRET: where.roleSecret,
    PULSECAL_SECRET: crypto.randomUUID() + crypto.randomUUID(),
    PULSECAL_KEYRING: `bench:${randomBytes(32).toString("base64")}`,
    REDIS_URL: where.redisUrl,
    SMTP_URL: "smtp://127.0.0.1:9",
  };
}

export type BenchWeb = { port: number; pid: number; host(slug: string): string; stop(): Promise<void> };

/** The real web server on a database, in a process of its own, as it runs in production. */
export async function startWeb(o: Where): Promise<BenchWeb> {
  await buildWeb((text) => process.stderr.write(`${text}\n`));
  const port = await freePort();
  const log = join(mkdtempSync(join(tmpdir(), "pulsecal-bench-web-")), "web.log");
  // Its log goes to a file, not to us: reading it would cost the driver.
  const out = openSync(log, "w", 0o600);
  const child = spawn(process.execPath, ["apps/web/server.ts"], {
    cwd: root,
    stdio: ["ignore", out, out],
    env: { ...webEnvironment(o), PORT: String(port) },
  });
  endWithUs(child);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilReady(port, () => child.exitCode !== null, log);
  return {
    port,
    pid: child.pid ?? 0,
    host: (slug) => `${slug}.${baseDomain}:${port}`,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(join(log, ".."), { recursive: true, force: true });
    },
  };
}

async function untilReady(port: number, ended: () => boolean, log: string): Promise<void> {
  for (const giveUp = Date.now() + 60_000; Date.now() < giveUp && !ended(); await pause(50)) {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
  }
  throw new Error(`the web server is not ready:\n${readFileSync(log, "utf8").slice(-2000)}`);
}
