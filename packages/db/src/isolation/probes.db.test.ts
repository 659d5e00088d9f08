import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ProbeReport, probedModels, runProbes, type TestDatabase, testDatabase } from "../testing/index.ts";

describe("generated probes across clinics", () => {
  let t: TestDatabase;
  let report: ProbeReport;

  beforeAll(async () => {
    t = await testDatabase();
    report = await runProbes(t);
  }, 120_000);
  afterAll(() => t.close());

  test("at least 1,500 distinct ones ran, and every model has some", () => {
    console.log(`probes: ${report.crossing} across clinics, ${report.twins} positive twins, ${report.models} models`);
    expect(report.crossing).toBeGreaterThan(1_500);
    expect(report.models).toBe(probedModels().length);
  });

  test("none reached a row that is not the clinic's own", () => {
    expect(report.leaks).toEqual([]);
  });

  test("no answer and no refusal contains another clinic's text", () => {
    expect(report.told).toEqual([]);
  });

  test("a parent of another clinic and one that does not exist are refused alike", () => {
    expect(report.unlike).toEqual([]);
  });

  test("no row of any clinic changed", () => {
    expect(report.changed).toEqual([]);
  });

  test("every positive twin found its own row, or was refused by a grant that is not given", () => {
    expect(report.lost).toEqual([]);
  });
});
