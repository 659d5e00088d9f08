import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { isRetryable, isUnavailable } from "./errors.ts";
import { newId } from "./ids.ts";
import { rolePassword } from "./role-password.ts";
import { beginForTenant, runInScope } from "./scope.ts";
import { ScopedPool } from "./scoped-pool.ts";
import { makeClinic, type MadeClinic, type TestDatabase, testDatabase } from "./testing/index.ts";

describe("connections of one small pool", () => {
  let t: TestDatabase;
  let [one, two]: MadeClinic[] = [];
  let db: Database;
  beforeAll(async () => {
    t = await testDatabase();
    [one, two] = [await makeClinic(t), await makeClinic(t)];
  });
  afterAll(() => t.close());
  beforeEach(() => {
    db = openDatabase({ url: t.url, roleSecret: t.roleSecret, pool: { app: 1 } });
  });
  afterEach(() => db.close());

  const contextOf = (clinic: MadeClinic | undefined) => ({ clinicId: clinic?.clinicId ?? "", actor: "guest" });
  const pid = (clinic = one) =>
    db.withTenant(contextOf(clinic), async (tx) => {
      const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      return row?.pid;
    });
  const servicesSeen = (clinic: MadeClinic | undefined) =>
    db.withTenant(contextOf(clinic), async (tx) => (await tx.service.findMany()).map((service) => service.id));
  const openTransactions = async () => {
    const rows = await t.admin(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = 'app_rt' AND state LIKE 'idle in transaction%'",
    );
    return rows.length;
  };

  test("100 failing reads leave the connection clean and in use", async () => {
    const first = await pid();
    for (let n = 0; n < 100; n += 1) {
      const failing = db.withTenant(contextOf(one), (tx) => tx.$queryRaw`SELECT 1 / ${0}::int`);
      await expect(failing).rejects.toMatchObject({ code: "22012" });
      expect(await servicesSeen(two)).toEqual([two?.serviceId]);
    }
    expect(await pid()).toBe(first);
  });

  test("after a use nothing of the clinic is left on the connection", async () => {
    await db.withTx(contextOf(one), (tx) => tx.service.findMany());
    await db.withTenant(contextOf(one), (tx) => tx.service.findMany());
    const pool = poolOf(t);
    try {
      await runInScope(scopeOf(one), () => pool.query({ text: "SELECT 1" }));
      const { rows } = await pool.probe(
        "SELECT current_setting('app.clinic_id', true) AS clinic, (SELECT count(*)::int FROM app.service) AS services",
      );
      expect(rows).toEqual([{ clinic: "", services: 0 }]);
    } finally {
      await pool.end();
    }
  });

  test("a connection handed back inside a transaction is destroyed", async () => {
    const pool = poolOf(t);
    try {
      const leave = async () => {
        const client = await pool.connect();
        await client.query({ text: "SELECT 1" });
        client.release();
      };
      await runInScope(scopeOf(one), leave);
      const [held] = [pool.totalCount];
      expect(held).toBe(0);
      expect((await pool.probe("SELECT count(*)::int AS n FROM app.service")).rows).toEqual([{ n: 0 }]);
    } finally {
      await pool.end();
    }
  });

  test("a statement timeout inside a transaction rolls it back and frees the connection", async () => {
    const name = `timed out ${newId()}`;
    const slow = db.withTx(
      contextOf(one),
      async (tx) => {
        await tx.patient.createMany({ data: { clinicId: one?.clinicId ?? "", id: newId(), name } });
        await tx.$queryRaw`SELECT pg_sleep(5)::text`;
      },
      { timeoutMs: 100 },
    );
    await expect(slow).rejects.toThrow();
    expect(await servicesSeen(two)).toEqual([two?.serviceId]);
    expect(await t.admin("SELECT FROM app.patient WHERE name = $1", [name])).toEqual([]);
    expect(await openTransactions()).toBe(0);
  });

  test("a server process killed in the middle of a transaction is an outage, and the next use gets a new one", async () => {
    const before = await pid();
    const killed = db.withTx(contextOf(one), async (tx) => {
      await tx.service.findMany();
      await t.admin("SELECT pg_terminate_backend($1)", [before]);
      await tx.service.findMany();
    });
    const error = await killed.catch((reason: unknown) => reason);
    expect(isUnavailable(error)).toBe(true);
    const after = await pid();
    expect(after).not.toBe(before);
    expect(await servicesSeen(two)).toEqual([two?.serviceId]);
  });

  test("a server process killed in the middle of a read is an outage too, and not the end of ours", async () => {
    const before = await pid();
    const reading = db.withTenant(contextOf(one), (tx) => tx.$queryRaw`SELECT pg_sleep(8)::text`);
    const outcome = reading.catch((reason: unknown) => reason);
    await vi.waitFor(async () => {
      const active = await t.admin("SELECT FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%pg_sleep%'", [before]);
      expect(active).toHaveLength(1);
    });
    await t.admin("SELECT pg_terminate_backend($1)", [before]);
    expect(isUnavailable(await outcome)).toBe(true);
    expect(await servicesSeen(two)).toEqual([two?.serviceId]);
  });

  test("a server process killed while idle is replaced without an error", async () => {
    const before = await pid();
    await t.admin("SELECT pg_terminate_backend($1, 2000)", [before]);
    // The pool learns of it from the socket; until then one use may fail as an outage.
    const after = await pid().catch((error: unknown) => {
      expect(isUnavailable(error)).toBe(true);
      return pid();
    });
    expect(after).not.toBe(before);
  });

  test("waiting too long for a connection is an outage and loses none", async () => {
    let finish = () => undefined as void;
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const holding = db.withTx(contextOf(one), async (tx) => {
      await tx.service.findMany();
      await busy;
    });
    const waiting = db.withTx(contextOf(two), (tx) => tx.service.findMany(), { maxWaitMs: 50 });
    const error = await waiting.catch((reason: unknown) => reason);
    expect(isUnavailable(error)).toBe(true);
    finish();
    await holding;
    expect(await servicesSeen(two)).toEqual([two?.serviceId]);
    expect(await openTransactions()).toBe(0);
  });

  test("a transaction whose error was swallowed does not pretend to have committed", async () => {
    const name = `lost ${newId()}`;
    const lost = db.withTx(contextOf(one), async (tx) => {
      await tx.patient.createMany({ data: { clinicId: one?.clinicId ?? "", id: newId(), name } });
      await tx.$queryRaw`SELECT 1 / 0`.catch(() => undefined);
      return "done";
    });
    await expect(lost).rejects.toThrow("rolled back");
    expect(await t.admin("SELECT FROM app.patient WHERE name = $1", [name])).toEqual([]);
  });

  test("a lock that is not free in time is worth a retry", async () => {
    const other = openDatabase({ url: t.url, roleSecret: t.roleSecret, pool: { app: 1 } });
    try {
      const key = 4_711;
      const waiting = db.withTx(contextOf(one), async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${key})`;
        await other.withTx(contextOf(one), (tx2) => tx2.$executeRaw`SELECT pg_advisory_xact_lock(${key})`, {
          lockTimeoutMs: 50,
        });
      });
      expect(isRetryable(await waiting.catch((reason: unknown) => reason))).toBe(true);
    } finally {
      await other.close();
    }
  });

  for (const pipeline of [true, false]) {
    test(`statements sent together keep their order ${pipeline ? "with" : "without"} pipelining`, async () => {
      const pool = poolOf(t, { pipeline });
      try {
        const answers = await runInScope(scopeOf(one), async () => {
          const client = await pool.connect();
          const sent = [1, 2, 3, 4].map((n) =>
            client.query({ text: `SELECT clock_timestamp()::text AS at, txid_current()::text AS tx, ${n} AS n` }),
          );
          const results = await Promise.all(sent);
          await client.query({ text: "COMMIT" });
          client.release();
          return results.map((result) => result.rows[0] as { at: string; tx: string });
        });
        const times = answers.map(({ at }) => at);
        expect(times).toEqual([...times].sort());
        expect(new Set(answers.map(({ tx }) => tx)).size).toBe(1);
        expect(pool.totalCount).toBe(1);
      } finally {
        await pool.end();
      }
    });
  }

  const everyWay = [
    { pipeline: true, named: true },
    { pipeline: false, named: true },
    { pipeline: true, named: false },
    { pipeline: false, named: false },
  ];

  test("a refused context stops what stands behind it and costs the connection", async () => {
    for (const options of everyWay) {
      const pool = poolOf(t, options);
      try {
        const begin = { readOnly: false, settings: { statement_timeout: "soon" } };
        const broken = () => ({ ...scopeOf(one), begin });
        const write = { text: "INSERT INTO app.patient (clinic_id, id, name) VALUES ($1, $2, 'Nobody')" };
        const values = [one?.clinicId, newId()];
        await expect(runInScope(broken(), () => pool.query({ ...write, values }))).rejects.toThrow("statement_timeout");
        expect(pool.totalCount).toBe(0);
        const client = await runInScope(broken(), async () => {
          const taken = await pool.connect();
          await expect(taken.query(write)).rejects.toThrow("statement_timeout");
          return taken;
        });
        client.release();
        expect(pool.totalCount).toBe(0);
      } finally {
        await pool.end();
      }
    }
    expect(await t.admin("SELECT FROM app.patient WHERE name = 'Nobody'")).toEqual([]);
  });

  test("one statement is one transaction in its own context, read-only where the door says so", async () => {
    for (const options of everyWay) {
      const pool = poolOf(t, options);
      const ask = (clinic: MadeClinic | undefined, text: string, readOnly = true) =>
        runInScope(
          scopeOf(clinic, readOnly),
          async () => (await pool.query({ text, name: options.named ? text : "" })).rows,
        );
      try {
        const services = "SELECT id FROM app.service";
        const seen = await Promise.all([one, two, one, two].map((clinic) => ask(clinic, services)));
        expect(seen).toEqual([one, two, one, two].map((clinic) => [{ id: clinic?.serviceId }]));
        const rename = "UPDATE app.service SET name = name || '.' RETURNING id";
        await expect(ask(one, rename)).rejects.toMatchObject({ code: "25006" });
        expect(await ask(one, rename, false)).toEqual([{ id: one?.serviceId }]);
        await expect(ask(one, `${rename}, 1 / 0`, false)).rejects.toMatchObject({ code: "22012" });
        expect(pool.totalCount).toBe(1);
      } finally {
        await pool.end();
      }
    }
  });

  test("a statement refused in its connection's first flight can be sent again, and later be found right", async () => {
    const pool = poolOf(t);
    const ask = () => runInScope(scopeOf(one), () => pool.query({ name: "late", text: "SELECT n FROM app.late" }));
    try {
      for (let n = 0; n < 2; n += 1) await expect(ask()).rejects.toMatchObject({ code: "42P01" });
      await t.admin("CREATE TABLE app.late AS SELECT 7 AS n");
      await t.admin("GRANT SELECT ON app.late TO app_rt");
      expect((await ask()).rows).toEqual([{ n: 7 }]);
      expect(pool.totalCount).toBe(1);
    } finally {
      await pool.end();
      await t.admin("DROP TABLE app.late");
    }
  });

  test("an error of the commit itself is the statement's error", async () => {
    const pool = poolOf(t);
    await t.admin(`CREATE FUNCTION app.never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$`);
    await t.admin(`CREATE CONSTRAINT TRIGGER never AFTER INSERT ON app.patient DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (new.name = 'Late') EXECUTE FUNCTION app.never()`);
    try {
      const text = "INSERT INTO app.patient (clinic_id, id, name) VALUES ($1, $2, 'Late') RETURNING id";
      const write = { text, values: [one?.clinicId, newId()] };
      await expect(runInScope(scopeOf(one), () => pool.query(write))).rejects.toThrow("not now");
      expect((await runInScope(scopeOf(one), () => pool.query({ text: "SELECT 1 AS n" }))).rows).toEqual([{ n: 1 }]);
    } finally {
      await pool.end();
      await t.admin("DROP TRIGGER never ON app.patient");
    }
  });
});

function scopeOf(clinic: MadeClinic | undefined, readOnly = false) {
  const begin = beginForTenant({ clinicId: clinic?.clinicId ?? "", actor: "guest" }, { readOnly });
  return { role: "app_rt" as const, begin, open: true };
}

function poolOf(t: TestDatabase, { pipeline = true, named = true } = {}): ScopedPool {
  const url = new URL(t.url);
  const login = { user: "app_rt", password: rolePassword(t.roleSecret, "app_rt") };
  const server = { host: url.hostname, port: Number(url.port), database: url.pathname.slice(1) };
  return new ScopedPool({ ...server, ...login, max: 1 }, "app_rt", { pipeline, named });
}
