import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carelessDoors, dirtyConnections, scopedDoors, type TestDatabase, testDatabase } from "../testing/index.ts";

describe("a connection with a past", () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
  });
  afterAll(() => t.close());

  test("leaves nothing to whoever comes next on its pool", { timeout: 120_000 }, async () => {
    const { tried, failures } = await dirtyConnections(t, 1, scopedDoors);
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });

  test("negative control: a pool that hands connections on as they came back leaks", { timeout: 120_000 }, async () => {
    const { failures } = await dirtyConnections(t, 1, carelessDoors);
    expect(failures.filter((what) => what.includes("a borrower without a clinic saw"))).not.toEqual([]);
  });
});
