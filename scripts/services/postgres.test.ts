import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startPostgres } from "./postgres.ts";

vi.setConfig({ testTimeout: 60_000 }); // servers come up and go down, on machines that do much else

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "pulsecal-state-"));
  chmodSync(state, 0o755); // root's server runs as another user, who must get in
  vi.stubEnv("PULSECAL_STATE_DIR", state);
  vi.stubEnv("DATABASE_URL", undefined);
  vi.stubEnv("PULSECAL_PG_PORT", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {}); // the server may be killed under it
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

const leftOvers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("pulsecal-pg-"));

test("a throw-away server is version 18, takes its password only, and leaves nothing behind", async () => {
  vi.stubEnv("TMPDIR", state); // a folder of its own: other runs on this machine leave and take theirs meanwhile
  const server = await startPostgres({ ephemeral: true, database: "clinic" });
  expect(leftOvers()).toHaveLength(1);
  try {
    expect(
      await ask(server.url, "select current_database(), current_setting('server_version_num')::int / 10000"),
    ).toEqual(["clinic", 18]);
    const stranger = new URL(server.url);
    stranger.password = "guess";
    await expect(ask(stranger.href, "select 1")).rejects.toThrow(/password authentication failed/);
    expect(await ask(server.url, "show unix_socket_directories")).toEqual([""]);
  } finally {
    await server.stop();
  }
  expect(leftOvers()).toEqual([]);
});

test("what was committed survives a killed server, and a wrong secret is one sentence", async () => {
  const options = { password: "kept", database: "pulsecal" };
  const first = await startPostgres(options);
  await ask(first.url, "create table ticket as select 7 as id");
  process.kill(first.child?.pid ?? 0, "SIGKILL");
  await first.child?.exited;

  const second = await startPostgres(options);
  expect(await ask(second.url, "select id from ticket")).toEqual([7]);
  await second.stop();

  await expect(startPostgres({ ...options, password: "another" })).rejects.toThrow(
    /does not accept the password in secrets\.json/,
  );
});

test("a server left running by a killed start gives way to a new one", async () => {
  const options = { password: "kept", database: "pulsecal" };
  const first = await startPostgres(options);
  const second = await startPostgres(options);
  expect(await first.child?.exited).toEqual({ code: 0, signal: null });
  expect(await ask(second.url, "select 1")).toEqual([1]);
  await second.stop();
});

test("a port in use is one sentence that names the setting", async () => {
  const blocker = createServer();
  const port = await new Promise<number>((resolve) => {
    blocker.listen(0, "127.0.0.1", () => resolve((blocker.address() as { port: number }).port));
  });
  vi.stubEnv("PULSECAL_PG_PORT", String(port));
  await expect(startPostgres({ password: "kept" })).rejects.toThrow(
    `Port ${port} is in use: set PULSECAL_PG_PORT to a free port, or leave it out to have one found.`,
  );
  blocker.close();
});

test("a DATABASE_URL that leads nowhere is one sentence that names it", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
  await expect(startPostgres()).rejects.toThrow(/PostgreSQL does not let us in at DATABASE_URL \(.*ECONNREFUSED.*\)/);
});
