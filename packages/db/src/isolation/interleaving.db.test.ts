import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database.ts";
import { interleave, makeManyClinics, processGlobalClinic, type TestDatabase, testDatabase } from "../testing/index.ts";

const operations = 2_000;

describe("many clinics on a small pool", () => {
  let t: TestDatabase;
  let ids: string[];

  beforeAll(async () => {
    t = await testDatabase({ pool: { app: 4 } });
    ids = await makeManyClinics(t, 200);
  });
  afterAll(() => t.close());

  test("2,000 mixed reads and transactions over 200 clinics see no foreign row", async () => {
    expect(await interleave(t.db, ids, { operations })).toEqual({ done: operations, wrong: 0 });
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
      expect(await interleave(db, ids, { operations })).toEqual({ done: operations, wrong: 0 });
    } finally {
      await db.close();
    }
  });

  test("negative control: with the tenant in a process-wide variable many are wrong, so this test can see leaks", async () => {
    const { wrong } = await interleave(t.db, ids, { operations, clinicOf: processGlobalClinic() });
    console.log(`negative control: ${wrong} of ${operations} wrong`);
    expect(wrong).toBeGreaterThan(operations * 0.2);
  });
});
