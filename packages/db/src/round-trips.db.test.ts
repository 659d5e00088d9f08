import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { newId } from "./ids.ts";
import { makeBooking, makeClinic, type MadeClinic, type TestDatabase, testDatabase } from "./testing/index.ts";
import { startTcpProxy, type TcpProxy } from "./testing/tcp-proxy.ts";

describe("round trips", () => {
  let t: TestDatabase;
  let proxy: TcpProxy;
  let clinic: MadeClinic;
  beforeAll(async () => {
    t = await testDatabase();
    clinic = await makeClinic(t);
    await makeBooking(t, clinic);
    proxy = await startTcpProxy(t.url);
  });
  afterAll(async () => {
    await proxy.close();
    await t.close();
  });

  /** Counted on a warm connection: logging in is not part of a read. */
  async function costOf(work: () => Promise<unknown>): Promise<number> {
    await work();
    const before = proxy.flights();
    await work();
    return proxy.flights() - before;
  }

  const shapes = (db: Database): Record<string, () => Promise<unknown>> => {
    const { clinicId } = clinic;
    const context = { clinicId, actor: "guest" };
    const where = { clinicId };
    return {
      findMany: () => db.withTenant(context, (tx) => tx.booking.findMany({ where })),
      findFirst: () => db.withTenant(context, (tx) => tx.booking.findFirst({ where })),
      findUnique: () => db.withTenant(context, (tx) => tx.clinic.findUnique({ where: { id: clinicId } })),
      count: () => db.withTenant(context, (tx) => tx.booking.count({ where })),
      groupBy: () => db.withTenant(context, (tx) => tx.booking.groupBy({ by: ["state"], _count: true })),
      raw: () => db.withTenant(context, (tx) => tx.$queryRaw`SELECT id FROM app.booking`),
      "include of two relations": () =>
        db.withTenant(context, (tx) => tx.booking.findMany({ where, include: { patient: true, service: true } })),
      "transaction, no statement": () => db.withTx(context, async () => undefined),
      "transaction, one read": () => db.withTx(context, (tx) => tx.booking.findMany({ where })),
      "transaction, three statements": () =>
        db.withTx(context, async (tx) => {
          await tx.booking.findMany({ where });
          await tx.patient.createMany({ data: { clinicId, id: newId(), name: "Somebody" } });
          await tx.booking.count({ where });
        }),
      "account lookup": () => db.withAuth((tx) => tx.account.findFirst({ where: { email: "nobody@example.com" } })),
      "clinic by slug": () => db.withAuth((tx) => tx.clinic.findFirst({ where: { slug: clinic.slug } })),
    };
  };

  async function measure(options: { pipeline: boolean }): Promise<Record<string, number>> {
    const db = openDatabase({ url: proxy.url, roleSecret: t.roleSecret, pool: { app: 1, auth: 1 }, ...options });
    const costs: Record<string, number> = {};
    try {
      for (const [name, work] of Object.entries(shapes(db))) costs[name] = await costOf(work);
    } finally {
      await db.close();
    }
    console.log(`round trips${options.pipeline ? "" : " without pipelining"}: ${JSON.stringify(costs)}`);
    return costs;
  }

  test("a read is one, a transaction its statements and one more", async () => {
    expect(await measure({ pipeline: true })).toEqual({
      findMany: 1,
      findFirst: 1,
      findUnique: 1,
      count: 1,
      groupBy: 1,
      raw: 1,
      "include of two relations": 3,
      "transaction, no statement": 0,
      "transaction, one read": 2,
      "transaction, three statements": 4,
      "account lookup": 2,
      "clinic by slug": 2,
    });
  });

  test("without pipelining a read is still one; in a transaction BEGIN and its context are one more", async () => {
    const costs = await measure({ pipeline: false });
    expect(costs).toMatchObject({ findMany: 1, "transaction, one read": 3, "transaction, three statements": 5 });
  });

  test("an open door without a valid context sends nothing and opens no connection", async () => {
    const before = { connections: proxy.connections(), flights: proxy.flights() };
    const db = openDatabase({ url: proxy.url, roleSecret: t.roleSecret });
    try {
      const bad = [
        { clinicId: "", actor: "guest" },
        { clinicId: "1", actor: "guest" },
        { clinicId: `${clinic.clinicId}',true); DROP TABLE app.booking; --`, actor: "guest" },
        { clinicId: clinic.clinicId, actor: "somebody" },
        { clinicId: clinic.clinicId, actor: "guest", role: "owner'" },
        { clinicId: clinic.clinicId, actor: "guest", requestId: "a'b" },
      ];
      for (const context of bad) {
        await expect((async () => db.withTenant(context, (tx) => tx.booking.findMany()))()).rejects.toThrow(
          "not valid",
        );
        await expect((async () => db.withTx(context, (tx) => tx.booking.findMany()))()).rejects.toThrow("not valid");
      }
      let kept: { booking: { findMany(): PromiseLike<unknown> } } | undefined;
      let lazy: { late: PromiseLike<unknown> } | undefined;
      await db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, async (tx) => {
        kept = tx;
        lazy = { late: tx.booking.findMany() };
      });
      await expect(Promise.resolve(kept?.booking.findMany())).rejects.toThrow("outside withTenant");
      await expect(Promise.resolve(lazy?.late)).rejects.toThrow("outside withTenant");
      expect({ connections: proxy.connections(), flights: proxy.flights() }).toEqual(before);
    } finally {
      await db.close();
    }
  });
});
