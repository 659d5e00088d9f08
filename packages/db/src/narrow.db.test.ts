import { PrismaPg } from "@prisma/adapter-pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PrismaClient } from "../generated/client/client.ts";
import { rolePassword } from "./role-password.ts";
import { beginForTenant, runInScope } from "./scope.ts";
import { ScopedPool } from "./scoped-pool.ts";
import { type MadeClinic, makeClinic, type TestDatabase, testDatabase } from "./testing/index.ts";

describe("what a door hands out", () => {
  let t: TestDatabase;
  let [one, two]: MadeClinic[] = [];
  beforeAll(async () => {
    t = await testDatabase();
    [one, two] = [await makeClinic(t), await makeClinic(t)];
  });
  afterAll(() => t.close());
  const contextOf = (clinic: MadeClinic | undefined) => ({ clinicId: clinic?.clinicId ?? "", actor: "guest" });

  test("findUnique calls of two clinics in one tick are answered each in its own context", async () => {
    const read = (clinic: MadeClinic | undefined) =>
      t.db.withTenant(contextOf(clinic), (db) =>
        db.service.findUnique({
          where: { clinicId_id: { clinicId: clinic?.clinicId ?? "", id: clinic?.serviceId ?? "" } },
        }),
      );
    const [first, second] = await Promise.all([read(one), read(two)]);
    expect([first?.id, second?.id]).toEqual([one?.serviceId, two?.serviceId]);
    await expect(
      t.db.withTenant(contextOf(one), (db) => db.clinic.findUniqueOrThrow({ where: { id: two?.clinicId ?? "" } })),
    ).rejects.toMatchObject({ code: "P2025" });
  });

  test("control: Prisma alone runs both in the context of the first, which is why findUnique goes as findFirst", async () => {
    const url = new URL(t.url);
    const config = {
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: "app_rt",
      password: rolePassword(t.roleSecret, "app_rt"),
    };
    const pool = new ScopedPool(config, "app_rt", { pipeline: true, named: true });
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    const read = (clinic: MadeClinic | undefined) =>
      runInScope(
        { role: "app_rt", begin: beginForTenant(contextOf(clinic), { readOnly: true }), open: true },
        async () => prisma.clinic.findUnique({ where: { id: clinic?.clinicId ?? "" } }),
      );
    try {
      await prisma.$connect();
      const [first, second] = await Promise.all([read(one), read(two)]);
      expect([first?.id, second?.id]).toEqual([one?.clinicId, undefined]);
    } finally {
      await prisma.$disconnect();
      await pool.end();
    }
  });

  test("reads have no way to write, and no door has a raw string query or another door's models", async () => {
    await t.db.withTenant(contextOf(one), async (db) => {
      const members = db as unknown as Record<string, unknown>;
      expect(Object.keys(members)).not.toContain("account");
      for (const name of [
        "$executeRaw",
        "$queryRawUnsafe",
        "$executeRawUnsafe",
        "$transaction",
        "account",
        "session",
      ]) {
        expect(members[name]).toBeUndefined();
      }
    });
    await t.db.withTx(contextOf(one), async (tx) => {
      const members = tx as unknown as Record<string, unknown>;
      for (const name of [
        "$queryRawUnsafe",
        "$executeRawUnsafe",
        "$transaction",
        "$disconnect",
        "account",
        "platformAudit",
      ]) {
        expect(members[name]).toBeUndefined();
      }
    });
  });

  test("a write reached through a read is refused by the read-only transaction", async () => {
    const id = one?.serviceId ?? "";
    const write = t.db.withTenant(contextOf(one), async (db) => {
      const members = db.service as unknown as { updateMany(args: object): Promise<unknown> };
      return members.updateMany({ where: { id }, data: { name: "changed" } });
    });
    await expect(write).rejects.toMatchObject({ message: expect.stringContaining("25006") });
  });
});
