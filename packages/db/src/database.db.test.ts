import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { isSlotTaken, isUnavailable, isUniqueViolation } from "./errors.ts";
import { newId } from "./ids.ts";
import { join, sql } from "./sql.ts";
import {
  makeAccount,
  makeBooking,
  makeClinic,
  type MadeClinic,
  type TestDatabase,
  testDatabase,
} from "./testing/index.ts";

describe("the doors", () => {
  let t: TestDatabase;
  let clinic: MadeClinic;
  let admin: string;
  beforeAll(async () => {
    t = await testDatabase();
    clinic = await makeClinic(t);
    admin = await makeAccount(t, { platformRole: "admin" });
  });
  afterAll(() => t.close());
  const context = () => ({
    clinicId: clinic.clinicId,
    actor: clinic.ownerAccountId,
    role: "owner",
    requestId: "req-1",
  });

  test("the context reaches the database", async () => {
    const read = () =>
      t.db.withTenant(
        context(),
        (db) => db.$queryRaw`SELECT current_setting('app.clinic_id') AS clinic,
        current_setting('app.actor') AS actor, current_setting('app.role') AS role, current_setting('app.request_id') AS request`,
      );
    const expected = { clinic: clinic.clinicId, actor: clinic.ownerAccountId, role: "owner", request: "req-1" };
    expect(await read()).toEqual([expected]);
    const [limits] = await t.db.withTx(
      context(),
      (tx) =>
        tx.$queryRaw<
          object[]
        >`SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`,
      { timeoutMs: 1_500, lockTimeoutMs: 250 },
    );
    expect(limits).toEqual({ statement: "1500ms", lock: "250ms" });
  });

  test("a second booking of the same time is a taken slot, back to back is not, a squeeze-in is let through", async () => {
    const { startsAt } = await makeBooking(t, clinic);
    expect(isSlotTaken(await makeBooking(t, clinic, { startsAt }).catch((error: unknown) => error))).toBe(true);
    const later = new Date(startsAt.getTime() + 20 * 60_000);
    await makeBooking(t, clinic, { startsAt: later, state: "held" });
    const overlapping = new Date(later.getTime() + 10 * 60_000);
    expect(isSlotTaken(await makeBooking(t, clinic, { startsAt: overlapping }).catch((error: unknown) => error))).toBe(
      true,
    );
  });

  test("a unique violation names its key", async () => {
    const twice = t.db.withTx({ clinicId: newId(), actor: "guest" }, (tx) =>
      tx.clinic.createMany({ data: { id: clinic.clinicId, slug: clinic.slug, name: "Again" } }),
    );
    await expect(twice).rejects.toThrow("row-level security");
    const other = newId();
    const error = await t.db
      .withTx({ clinicId: other, actor: "guest" }, (tx) =>
        tx.clinic.create({ data: { id: other, slug: clinic.slug, name: "Again" } }),
      )
      .catch((reason: unknown) => reason);
    expect([isUniqueViolation(error, "slug"), isUniqueViolation(error, "email")]).toEqual([true, false]);
  });

  test("a clinic may found itself in practice mode only, rename itself, and not change its status", async () => {
    const clinicId = newId();
    const own = { clinicId, actor: "guest" };
    const data = { id: clinicId, slug: `own-${clinicId.slice(-8)}`, name: "Own" };
    await expect(t.db.withTx(own, (tx) => tx.clinic.create({ data: { ...data, status: "live" } }))).rejects.toThrow(
      "row-level security",
    );
    await t.db.withTx(own, (tx) => tx.clinic.create({ data }));
    expect(
      await t.db.withTx(own, (tx) => tx.clinic.update({ where: { id: clinicId }, data: { name: "Renamed" } })),
    ).toMatchObject({
      name: "Renamed",
      status: "practice",
    });
    await expect(
      t.db.withTx(own, (tx) => tx.clinic.update({ where: { id: clinicId }, data: { status: "live" } })),
    ).rejects.toThrow("permission denied");
  });

  test("withAuth sees accounts and memberships and no clinic's data", async () => {
    const seen = await t.db.withAuth(async (tx) => ({
      account: await tx.account.findUnique({ where: { id: clinic.ownerAccountId }, select: { id: true } }),
      members: await tx.member.findMany({
        where: { accountId: clinic.ownerAccountId },
        select: { clinicId: true, role: true },
      }),
      clinic: await tx.clinic.findUnique({ where: { slug: clinic.slug } }),
    }));
    expect(seen).toEqual({
      account: { id: clinic.ownerAccountId },
      members: [{ clinicId: clinic.clinicId, role: "owner" }],
      clinic: {
        id: clinic.clinicId,
        slug: clinic.slug,
        name: "Test Clinic",
        zone: "Africa/Johannesburg",
        status: "live",
      },
    });
    const peek = t.db.withAuth((tx) => tx.$queryRaw`SELECT count(*) FROM app.patient`);
    await expect(peek).rejects.toThrow("permission denied");
  });

  test("withPlatform changes a status and leaves its trace in both logs, or neither", async () => {
    const approve = (status: string) =>
      t.db.withPlatform(
        { accountId: admin },
        "looks right",
        "clinic.approve",
        (tx) => tx.clinic.update({ where: { id: clinic.clinicId }, data: { status, approvedBy: admin } }),
        clinic.clinicId,
      );
    await approve("live");
    await expect(approve("nonsense")).rejects.toThrow("clinic_status");

    const rows = await t.db.withPlatform({ accountId: admin }, "reading the log", "audit.read", (tx) =>
      tx.platformAudit.findMany({ orderBy: { id: "asc" } }),
    );
    expect(rows.map(({ action, reason, clinicId, actorId }) => ({ action, reason, clinicId, actorId }))).toEqual([
      { action: "clinic.approve", reason: "looks right", clinicId: clinic.clinicId, actorId: admin },
      { action: "audit.read", reason: "reading the log", clinicId: null, actorId: admin },
    ]);
    const own = await t.db.withTenant(context(), (db) => db.auditLog.findMany());
    expect(own).toMatchObject([{ actor: `platform:${admin}`, action: "clinic.approve", entityId: clinic.clinicId }]);
    const peek = t.db.withPlatform(
      { accountId: admin },
      "curious",
      "peek",
      (tx) => tx.$queryRaw`SELECT * FROM app.audit_log`,
      clinic.clinicId,
    );
    await expect(peek).rejects.toThrow("permission denied");
  });

  test("withSystem claims events of all clinics and marks them, and cannot read patients", async () => {
    const ids = [newId(), newId()];
    for (const id of ids) {
      await t.db.withTx(context(), (tx) =>
        tx.event.create({ data: { clinicId: clinic.clinicId, id, type: "probe.made", payload: {} } }),
      );
    }
    const claimed = await t.db.withSystem("relay", async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id::text FROM app.event WHERE relayed_at IS NULL
        AND id IN (${join(ids.map((id) => sql`${id}::uuid`))}) ORDER BY seq FOR UPDATE SKIP LOCKED`;
      await tx.event.updateMany({ where: { id: { in: ids } }, data: { relayedAt: new Date() } });
      return rows.map(({ id }) => id);
    });
    expect(claimed).toEqual(ids);
    await expect(t.db.withSystem("relay", (tx) => tx.$queryRaw`SELECT * FROM app.patient`)).rejects.toThrow(
      "permission denied",
    );
    await expect((async () => t.db.withSystem("Not a name", async () => undefined))()).rejects.toThrow("not valid");
  });

  test("an event's transaction id is the database's, later events come later, and neither can be chosen", async () => {
    const write = (over: object) =>
      t.db.withTx(context(), (tx) =>
        tx.event.create({ data: { clinicId: clinic.clinicId, id: newId(), type: "probe.made", payload: {}, ...over } }),
      );
    const [first, second] = [await write({}), await write({})];
    expect(second.tx > first.tx && second.seq > first.seq).toBe(true);
    await expect(write({ tx: 1n })).rejects.toThrow("permission denied");
    await expect(write({ seq: 1n })).rejects.toThrow("permission denied");
  });

  test("one door inside another keeps both contexts apart", async () => {
    const other = await makeClinic(t);
    const seen = await t.db.withTx(context(), async (tx) => {
      const before = await tx.service.findMany({ select: { clinicId: true } });
      const inner = await t.db.withTenant({ clinicId: other.clinicId, actor: "guest" }, (db) =>
        db.service.findMany({ select: { clinicId: true } }),
      );
      const accounts = await t.db.withAuth((auth) => auth.account.count());
      const after = await tx.service.findMany({ select: { clinicId: true } });
      return { before, inner, after, accounts: accounts > 0 };
    });
    const mine = [{ clinicId: clinic.clinicId }];
    expect(seen).toEqual({ before: mine, inner: [{ clinicId: other.clinicId }], after: mine, accounts: true });
  });

  test("a query that outlives its scope is refused", async () => {
    let later: Promise<unknown> = Promise.resolve();
    await t.db.withTenant(context(), async (db) => {
      const handle = db.service;
      later = new Promise((resolve) => setImmediate(resolve))
        .then(() => handle.findMany())
        .catch((error: unknown) => error);
    });
    expect(String(await later)).toContain("after its scope ended");
  });

  test("a handle of one door does not work inside another", async () => {
    let services: { findMany(): PromiseLike<unknown> } | undefined;
    await t.db.withTenant(context(), async (db) => {
      services = db.service;
    });
    await expect(t.db.withAuth(async () => services?.findMany())).rejects.toThrow("app_rt inside a scope of auth_rt");
  });

  test("bulk loading goes by INSERT: COPY FROM is refused under row security, COPY TO shows the clinic's rows only", async () => {
    await t.admin("GRANT app_rt TO CURRENT_USER");
    const copy = t.inRollback(async (query) => {
      await query("SET LOCAL ROLE app_rt");
      await query(`SELECT set_config('app.clinic_id', '${clinic.clinicId}', true)`);
      return query("COPY app.patient (clinic_id, id, name) FROM STDIN");
    });
    await expect(copy).rejects.toThrow("COPY FROM not supported with row-level security");
  });

  test("check passes on a healthy server and fails on none", async () => {
    await t.db.check();
    const nowhere = openDatabase({ url: "postgres://127.0.0.1:1/none", roleSecret: t.roleSecret });
    try {
      expect(isUnavailable(await nowhere.check().catch((error: unknown) => error))).toBe(true);
      const read = nowhere.withTenant(context(), (db) => db.service.findMany());
      expect(isUnavailable(await read.catch((error: unknown) => error))).toBe(true);
    } finally {
      await nowhere.close();
    }
  });
});
