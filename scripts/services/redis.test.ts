import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startRedis } from "./redis.ts";

vi.setConfig({ testTimeout: 180_000 }); // the first one may fetch the server

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "pulsecal-state-"));
  vi.stubEnv("PULSECAL_STATE_DIR", state);
  vi.stubEnv("REDIS_URL", undefined);
  vi.stubEnv("PULSECAL_REDIS_PORT", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

async function ask<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { maxRetriesPerRequest: 0 });
  client.on("error", () => {}); // a refused greeting comes here as well as to the caller
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

const leftOvers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("pulsecal-redis-"));

test("a throw-away server keeps keys under pressure, writes nothing, and leaves nothing behind", async () => {
  const before = leftOvers();
  const server = await startRedis({ ephemeral: true });
  const settings = await ask(server.url, (redis) =>
    redis.config("GET", "maxmemory-policy", "appendonly", "save", "bind"),
  );
  await server.stop();
  expect(settings).toEqual(expect.arrayContaining(["noeviction", "no", "", "127.0.0.1"]));
  expect(leftOvers().filter((name) => !before.includes(name))).toEqual([]);
});

test("nobody gets in without the password", async () => {
  const server = await startRedis({ ephemeral: true, password: "hush" });
  const stranger = new URL(server.url);
  stranger.password = "";
  await expect(ask(stranger.href, (redis) => redis.get("key"))).rejects.toThrow(/NOAUTH/);
  await server.stop();
});

test("a kept server has its keys again after a restart", async () => {
  const options = { password: "hush" };
  const first = await startRedis(options);
  await ask(first.url, (redis) => redis.set("job", "7"));
  await first.stop();
  const second = await startRedis(options);
  expect(await ask(second.url, (redis) => redis.get("job"))).toBe("7");
  await second.stop();
});

test("a REDIS_URL that leads nowhere is one sentence that names it", async () => {
  vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
  await expect(startRedis()).rejects.toThrow(
    /Redis does not answer at REDIS_URL \(.*\): correct REDIS_URL, or leave it out\./,
  );
});
