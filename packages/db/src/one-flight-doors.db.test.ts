import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { isUniqueViolation, sqlStateOf } from "./errors.ts";
import { newId } from "./ids.ts";
import { empty, join, sql } from "./sql.ts";
import {
  makeAccount,
  makeBooking,
  makeClinic,
  type MadeClinic,
  type TestDatabase,
  testDatabase,
} from "./testing/index.ts";
import { startTcpProxy, type TcpProxy } from "./testing/tcp-proxy.ts";

describe("one flight", () => {
  let t: TestDatabase;
  let proxy: TcpProxy;
  let [one, two]: MadeClinic[] = [];
  let db: Database;
  beforeAll(async () => {
    t = await testDatabase();
    [one, two] = [await makeClinic(t), await makeClinic(t)];
    proxy = await startTcpProxy(t.url);
  });
  afterAll(async () => {
    await proxy.close();
    await t.close();
  });
  beforeEach(() => {
    db = openDatabase({ url: proxy.url, roleSecret: t.roleSecret, pool: { app: 1, auth: 1 } });
  });
  afterEach(() => db.close());

  const context = (clinic: MadeClinic | undefined) => ({ clinicId: clinic?.clinicId ?? "", actor: "guest" });
  const addPatient = (clinic: MadeClinic | undefined, id = newId(), of = clinic) =>
    db.writeOnce(
      context(clinic),
      (once) => once.$queryRaw<{ id: string }[]>`INSERT INTO app.patient (clinic_id, id, name)
        VALUES (${of?.clinicId}::uuid, ${id}::uuid, 'Somebody') RETURNING id`,
    );
  const patients = (id: string) => t.admin("SELECT clinic_id FROM app.patient WHERE id = $1", [id]);
  const backend = async () => {
    const [row] = await db.writeOnce(
      context(one),
      (once) => once.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`,
    );
    return row?.pid;
  };

  test("a write is there when it is answered, and costs one round trip", async () => {
    const id = newId();
    expect(await addPatient(one, id)).toEqual([{ id }]);
    expect(await patients(id)).toEqual([{ clinic_id: one?.clinicId }]);
    const before = proxy.flights();
    await addPatient(one);
    expect(proxy.flights() - before).toBe(1);
  });

  test("a write keeps to its clinic", async () => {
    const id = newId();
    expect(sqlStateOf(await addPatient(one, id, two).catch((error: unknown) => error))).toBe("42501");
    expect(await patients(id)).toEqual([]);
    const seen = await db.writeOnce(
      context(one),
      (once) => once.$queryRaw<{ id: string }[]>`
      UPDATE app.service SET position = 0 RETURNING id`,
    );
    expect(seen).toEqual([{ id: one?.serviceId }]);
  });

  test("a second statement is refused: it would be a transaction of its own", async () => {
    const id = newId();
    const both = db.writeOnce(context(one), async (once) => {
      await once.$queryRaw`SELECT 1`;
      await once.$queryRaw`INSERT INTO app.patient (clinic_id, id, name) VALUES (${one?.clinicId}::uuid, ${id}::uuid, 'X')`;
    });
    await expect(both).rejects.toThrow("use withTx");
    expect(await patients(id)).toEqual([]);
  });

  test("100 failed writes leave the connection clean and in use", async () => {
    const first = await backend();
    const id = newId();
    await addPatient(one, id);
    for (let n = 0; n < 100; n += 1) {
      expect(isUniqueViolation(await addPatient(one, id).catch((error: unknown) => error))).toBe(true);
      expect(await addPatient(two)).toHaveLength(1);
    }
    expect(await backend()).toBe(first);
    expect(
      await t.admin("SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"),
    ).toEqual([]);
  });

  test("what is refused only at the commit is an error, not an answer", async () => {
    const other = await testDatabase();
    try {
      const clinic = await makeClinic(other);
      await other.admin(`CREATE FUNCTION app.refuse_late() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'too late' USING ERRCODE = '23514'; END $$`);
      await other.admin(`CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.patient DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION app.refuse_late()`);
      const id = newId();
      const late = other.db.writeOnce(
        context(clinic),
        (once) =>
          once.$queryRaw`INSERT INTO app.patient (clinic_id, id, name) VALUES (${clinic.clinicId}::uuid, ${id}::uuid, 'X') RETURNING id`,
      );
      expect(sqlStateOf(await late.catch((error: unknown) => error))).toBe("23514");
      expect(await other.admin("SELECT FROM app.patient WHERE id = $1", [id])).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test("a read of accounts is one round trip and cannot write", async () => {
    const read = () => db.readAuth((auth) => auth.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n FROM auth.account`);
    expect((await read())[0]?.n).toBeGreaterThan(0n);
    const before = proxy.flights();
    await read();
    expect(proxy.flights() - before).toBe(1);
    const writing = db.readAuth((auth) => auth.$queryRaw`DELETE FROM auth.session`);
    expect(sqlStateOf(await writing.catch((error: unknown) => error))).toBe("25006");
    const peeking = db.readAuth((auth) => auth.$queryRaw`SELECT FROM app.patient`);
    expect(sqlStateOf(await peeking.catch((error: unknown) => error))).toBe("42501");
  });

  test("columns come as Prisma's do", async () => {
    const id = newId();
    const select = sql`SELECT 9007199254740993::bigint AS big, '2026-11-24'::date AS day, timestamptz '2026-11-24 10:30:00.123+02' AS at,
      1.5::float8 AS half, 7::int AS seven, true AS yes, ${id}::uuid AS id, '{"a": [1]}'::jsonb AS json, NULL::text AS nothing,
      ARRAY['a', 'b'] AS texts, ARRAY[${join([id])}]::uuid[] AS ids ${empty}`;
    const ours = await db.withTenant(context(one), (reads) => reads.$queryRaw<object[]>(select));
    const prismas = await db.withTx(context(one), (tx) => tx.$queryRaw<object[]>(select));
    expect(ours).toEqual(prismas);
  });
});

describe("the version of a clinic's rules", () => {
  let t: TestDatabase;
  let clinic: MadeClinic;
  beforeAll(async () => {
    t = await testDatabase();
    clinic = await makeClinic(t);
  });
  afterAll(() => t.close());

  const version = async () => {
    const [row] = await t.admin("SELECT rules_version FROM platform.clinic WHERE id = $1", [clinic.clinicId]);
    return BigInt(String(row?.["rules_version"]));
  };
  const moved = async (change: string, ...values: unknown[]) => {
    const before = await version();
    await t.admin(change, [clinic.clinicId, ...values]);
    return (await version()) - before;
  };

  test("counts what is added, changed and taken away, once per transaction", async () => {
    const override = `INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
      SELECT clinic_id, gen_random_uuid(), id, d::date, '[]' FROM app.resource, generate_series(now(), now() + interval '9 days', '1 day') d
      WHERE clinic_id = $1`;
    expect(await moved(override)).toBe(1n);
    expect(await moved("UPDATE app.hours_override SET windows = '[{}]' WHERE clinic_id = $1")).toBe(1n);
    expect(await moved("DELETE FROM app.hours_override WHERE clinic_id = $1")).toBe(1n);
    expect(await moved("DELETE FROM app.hours_override WHERE clinic_id = $1")).toBe(0n);
  });

  test.each(["clinic_profile", "location", "practitioner", "service", "service_practitioner", "opening_hours"])(
    "counts changes of %s",
    async (table) => {
      expect(await moved(`UPDATE app.${table} SET id = id WHERE clinic_id = $1`)).toBe(1n);
    },
  );

  test("counts the clinic's own changes, by whichever role", async () => {
    expect(await moved("UPDATE platform.clinic SET zone = zone WHERE id = $1")).toBe(1n);
    const before = await version();
    const admin = await makeAccount(t, { platformRole: "admin" });
    await t.db.withPlatform({ accountId: admin }, "test", "clinic.suspended", (tx) =>
      tx.clinic.update({ where: { id: clinic.clinicId }, data: { status: "suspended" } }),
    );
    expect((await version()) - before).toBe(1n);
  });

  test("cannot be set to a number that was seen before", async () => {
    const before = await version();
    await t.db.writeOnce(
      { clinicId: clinic.clinicId, actor: "guest" },
      (once) => once.$queryRaw`UPDATE platform.clinic SET rules_version = 0 RETURNING id`,
    );
    expect(await version()).toBe(before + 1n);
  });

  test("does not move with what is undone, and stays still for bookings", async () => {
    const before = await version();
    const undone = t.db.withTx({ clinicId: clinic.clinicId, actor: "guest" }, async (tx) => {
      await tx.service.updateMany({ data: { minutes: 25 } });
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    await makeBooking(t, clinic);
    expect(await version()).toBe(before);
  });
});
