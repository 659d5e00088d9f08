import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../database.ts";
import { newId } from "../ids.ts";
import { type TestDatabase, testDatabase } from "../testing/index.ts";

const clinics = 200;
const operations = 2_000;
const rowsEach = 3;

/** A mistake on purpose: the tenant in one variable of the process, as a singleton or a careless cache would have it. */
let globalTenant = "";

describe("many clinics on a small pool", () => {
  let t: TestDatabase;
  let ids: string[];

  beforeAll(async () => {
    t = await testDatabase({ pool: { app: 4 } });
    ids = Array.from({ length: clinics }, () => newId());
    const values = ids.map((_, at) => `($1::uuid[])[${at + 1}]`);
    await t.admin(
      `INSERT INTO platform.clinic (id, slug, name) SELECT id, 'c-' || row_number() OVER (), id::text FROM unnest(ARRAY[${values.join(",")}]) AS id`,
      [ids],
    );
    await t.admin(
      `INSERT INTO app.patient (clinic_id, id, name) SELECT id, gen_random_uuid(), id::text FROM unnest($1::uuid[]) AS id, generate_series(1, $2)`,
      [ids, rowsEach],
    );
  });
  afterAll(() => t.close());

  test("2,000 mixed reads and transactions over 200 clinics see no foreign row", async () => {
    const wrong = await countWrong(t.db, ids, (clinicId) => clinicId);
    console.log(`interleaved: ${operations} operations over ${clinics} clinics on 4 connections, ${wrong} wrong`);
    expect(wrong).toBe(0);
  });

  test("the same without pipelining and named statements", async () => {
    const db = openDatabase({
      url: t.url,
      roleSecret: t.roleSecret,
      pool: { app: 4 },
      pipeline: false,
      namedStatements: false,
    });
    try {
      expect(await countWrong(db, ids, (clinicId) => clinicId)).toBe(0);
    } finally {
      await db.close();
    }
  });

  test("negative control: with the tenant in a process-wide variable many are wrong, so this test can see leaks", async () => {
    const wrong = await countWrong(t.db, ids, (clinicId) => {
      globalTenant = clinicId;
      return null;
    });
    console.log(`negative control: ${wrong} of ${operations} wrong`);
    expect(wrong).toBeGreaterThan(operations * 0.2);
  });
});

/** Runs all operations, 100 at any moment, each for its own clinic; counts the answers that are not that clinic's. */
async function countWrong(db: Database, ids: string[], tenantOf: (clinicId: string) => string | null): Promise<number> {
  let [next, wrong] = [0, 0];
  const worker = async () => {
    while (next < operations) {
      const n = next;
      next += 1;
      const clinicId = ids[(n * 7919) % ids.length] ?? "";
      const chosen = tenantOf(clinicId);
      await setImmediate(); // a request does something else before it reads
      const seen = await operate(db, chosen ?? globalTenant, n);
      if (seen.length === 0 || seen.some((id) => id !== clinicId)) wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: 100 }, worker));
  return wrong;
}

/** One of seven shapes; the ids of the clinics whose rows it saw. */
async function operate(db: Database, clinicId: string, n: number): Promise<string[]> {
  const context = { clinicId, actor: "system:test" };
  switch (n % 7) {
    case 0:
      return db.withTenant(context, async (tx) => (await tx.patient.findMany()).map((row) => row.clinicId));
    case 1:
      return db.withTenant(context, async (tx) => [(await tx.patient.findFirst())?.clinicId ?? ""]);
    case 2:
      // Prisma gathers findUnique calls of one tick: the shape most likely to be answered in another's context.
      return db.withTenant(context, async (tx) => [
        (await tx.clinic.findUnique({ where: { id: clinicId } }))?.id ?? "",
      ]);
    case 3:
      return db.withTenant(context, async (tx) => {
        const own = await tx.patient.count({ where: { name: clinicId } });
        const strangers = await tx.patient.count({ where: { name: { notIn: [clinicId, "written"] } } });
        return own === rowsEach && strangers === 0 ? [clinicId] : ["miscounted"];
      });
    case 4:
      return db.withTenant(context, (tx) =>
        tx.$queryRaw<{ id: string }[]>`SELECT clinic_id::text AS id FROM app.patient`.then((rows) =>
          rows.map(({ id }) => id),
        ),
      );
    case 5:
      return db.withTx(context, async (tx) => {
        await tx.patient.create({ data: { clinicId, id: newId(), name: "written" } });
        return (await tx.patient.findMany()).map((row) => row.clinicId);
      });
    default:
      return db.withTx(context, async (tx) => {
        const [clinic, patients] = [
          await tx.clinic.findUnique({ where: { id: clinicId } }),
          await tx.patient.findMany(),
        ];
        return [clinic?.id ?? "", ...patients.map((row) => row.clinicId)];
      });
  }
}
