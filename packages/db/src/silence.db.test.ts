import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "./database.ts";
import { isUnavailable } from "./errors.ts";
import { rolePassword } from "./role-password.ts";
import { beginForTenant, runInScope } from "./scope.ts";
import { ScopedPool } from "./scoped-pool.ts";
import { makeClinic, type MadeClinic, type TestDatabase, testDatabase } from "./testing/index.ts";
import { startTcpProxy, type TcpProxy } from "./testing/tcp-proxy.ts";

describe("a database that has gone without a word", () => {
  let t: TestDatabase;
  let proxy: TcpProxy;
  let clinic: MadeClinic;
  let pool: ScopedPool;
  beforeAll(async () => {
    t = await testDatabase();
    clinic = await makeClinic(t);
    proxy = await startTcpProxy(t.url);
  });
  afterAll(async () => {
    await proxy.close();
    await t.close();
  });
  beforeEach(() => {
    const { hostname, port, pathname } = new URL(proxy.url);
    const config = { host: hostname, port: Number(port), database: pathname.slice(1), max: 3 };
    const login = { user: "app_rt", password: rolePassword(t.roleSecret, "app_rt") };
    const patience = { quickMs: 700, statementMs: 2_500 };
    pool = new ScopedPool({ ...config, ...login }, "app_rt", { pipeline: true, named: true, patience });
  });
  afterEach(() => pool.end());

  const scope = () => {
    const begin = beginForTenant({ clinicId: clinic.clinicId, actor: "guest" }, { readOnly: false });
    return { role: "app_rt" as const, begin, open: true };
  };
  const ask = (text = "SELECT 1 AS n"): Promise<{ rows: unknown[] }> => runInScope(scope(), () => pool.query({ text }));
  const gaveUp = async (work: Promise<unknown>): Promise<boolean> =>
    isUnavailable(await work.catch((error: unknown) => error));
  /** The statement runs: a backend sleeps for so many seconds, which no other test's does. */
  const untilAsleep = (seconds: number): Promise<void> =>
    vi.waitFor(async () => {
      const text =
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = 'app_rt' AND state = 'active' AND query LIKE $1";
      expect(await t.admin(text, [`%pg_sleep(${seconds})%`])).toHaveLength(1);
    });
  /** Three idle connections whose far end is gone. */
  const goSilent = async (): Promise<void> => {
    await Promise.all([ask(), ask(), ask()]);
    expect(pool.idleCount).toBe(3);
    proxy.swallow();
  };

  test("one question finds out, and nobody after it has to wait for the idle siblings", async () => {
    await goSilent();
    expect(await gaveUp(ask())).toBe(true);
    expect((await ask()).rows).toEqual([{ n: 1 }]);
    expect(pool.totalCount).toBe(1);
  });

  test("a transaction and a readiness probe give up as well", async () => {
    await goSilent();
    const begin = async () => {
      const client = await pool.connect();
      try {
        return await client.query({ text: "SELECT 1" });
      } finally {
        client.release();
      }
    };
    expect(await gaveUp(runInScope(scope(), begin))).toBe(true);
    await goSilent();
    expect(await gaveUp(pool.probe("SELECT 1"))).toBe(true);
    expect((await pool.probe("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });

  test("a statement is given its longer time, and then no more", async () => {
    expect((await ask("SELECT pg_sleep(1)::text AS slept")).rows).toEqual([{ slept: "" }]);
    expect(await gaveUp(ask("SELECT pg_sleep(60)::text"))).toBe(true);
    expect((await ask()).rows).toEqual([{ n: 1 }]);
  });

  test("a connection that is reset in a transaction or a read is the database being away, whatever Prisma calls it", async () => {
    const db = openDatabase({ url: proxy.url, roleSecret: t.roleSecret });
    const context = { clinicId: clinic.clinicId, actor: "guest" };
    try {
      const inTransaction = db.withTx(context, async (tx) => {
        await tx.$executeRaw`SELECT 1`;
        proxy.reset();
        await tx.$executeRaw`SELECT 2`;
      });
      expect(await gaveUp(inTransaction)).toBe(true);
      const cutOff = gaveUp(db.withTenant(context, (tenant) => tenant.$queryRaw`SELECT pg_sleep(3.5)::text`));
      await untilAsleep(3.5);
      proxy.reset();
      expect(await cutOff).toBe(true);
    } finally {
      await db.close();
    }
  });

  test("a probe's connection that is cut ends neither the process nor the pool", async () => {
    await pool.probe("SELECT 1");
    const asked = pool.probe("SELECT pg_sleep(2)::text");
    const outcome = gaveUp(asked);
    await untilAsleep(2);
    proxy.cut();
    expect(await outcome).toBe(true);
    expect((await pool.probe("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });
});
