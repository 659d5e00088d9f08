import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../testing/index.ts";
import { type Model, readDataModel } from "../testing/data-model.ts";
import { checksums, makeProbeWorld } from "../testing/probe-world.ts";
import { isClinicModel, type Outcome, type Probe, probesOf, type ProbeWorld } from "../testing/probes.ts";

/** Integrity codes come after row security: reaching one shows that the policy let the clinic's own row pass. */
const pastRowSecurity = (outcome: Outcome) => /^(23\d\d\d|23P01|P2002|P2003|P2014|P2025)$/.test(outcome.refused ?? "");

describe("generated probes across clinics", () => {
  let t: TestDatabase;
  let world: ProbeWorld;
  let models: Map<string, Model>;
  let granted: Set<string>;
  const results: { probe: Probe; outcome: Outcome }[] = [];
  let before: Record<string, string>;

  beforeAll(async () => {
    t = await testDatabase();
    world = await makeProbeWorld(t);
    models = new Map(readDataModel().map((model) => [model.name, model]));
    granted = new Set((await t.admin(grantsOfAppRole)).map((row) => String(row["granted"])));
    before = await checksums(t);
    for (const model of [...models.values()].filter(isClinicModel)) {
      for (const probe of probesOf(world, model, models)) results.push({ probe, outcome: await probe.run() });
    }
  }, 120_000);
  afterAll(() => t.close());

  const crossing = () => results.filter(({ probe }) => probe.kind !== "own");

  test("at least 500 distinct ones ran, and every model has some", () => {
    const distinct = new Set(crossing().map(({ probe }) => probe.name));
    const twins = results.length - crossing().length;
    console.log(`probes: ${distinct.size} across clinics, ${twins} positive twins, ${models.size} models`);
    expect(distinct.size).toBe(crossing().length);
    expect(distinct.size).toBeGreaterThan(500);
  });

  test("none reached a row that is not the clinic's own", () => {
    const leaks = crossing().filter(({ probe, outcome }) => outcome.reached > 0 && !mayCreate(probe, models));
    expect(leaks.map(({ probe, outcome }) => ({ probe: probe.name, ...outcome }))).toEqual([]);
  });

  test("no answer and no refusal contains another clinic's text", () => {
    const told = results.filter(({ outcome }) => outcome.text.includes(world.other.canary));
    expect(told.map(({ probe, outcome }) => ({ probe: probe.name, ...outcome }))).toEqual([]);
  });

  test("a parent of another clinic and one that does not exist are refused alike", () => {
    const of = (kind: string) =>
      new Map(
        results
          .filter(({ probe }) => probe.kind === kind && /^(create|connect)/.test(probe.operation))
          .map(({ probe, outcome }) => [`${probe.model} ${probe.operation}`, outcome.refused]),
      );
    expect(of("mixed")).toEqual(of("random"));
  });

  test("no row of any clinic changed", async () => {
    expect(await checksums(t)).toEqual(before);
  });

  test("every positive twin found its own row, or was refused by a grant that is not given", () => {
    const failed = results.filter(({ probe, outcome }) => {
      if (probe.kind !== "own" || outcome.reached > 0 || pastRowSecurity(outcome)) return false;
      return !(outcome.refused === "42501" && !isGranted(probe, models, granted));
    });
    expect(failed.map(({ probe, outcome }) => ({ probe: probe.name, ...outcome }))).toEqual([]);
  });
});

/** A row made in the clinic itself is its own, whatever id it takes; unless it hangs on a parent. */
function mayCreate(probe: Probe, models: Map<string, Model>): boolean {
  if (!/^(create|upsert)/.test(probe.operation) || (probe.kind !== "mixed" && probe.kind !== "random")) return false;
  const parents = models
    .get(probe.model)
    ?.relations.filter((relation) => relation.owner && relation.target !== "Account");
  return parents?.length === 0;
}

const grantsOfAppRole = `SELECT c.oid::regclass || ' ' || command AS granted
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command
  WHERE n.nspname IN ('app', 'auth', 'platform') AND c.relkind = 'r' AND has_table_privilege('app_rt', c.oid, command)`;

function isGranted(probe: Probe, models: Map<string, Model>, granted: Set<string>): boolean {
  const commands: Record<string, string> = {
    create: "INSERT",
    upsert: "UPDATE",
    delete: "DELETE",
    rawDelete: "DELETE",
  };
  const key = Object.keys(commands).find((name) => probe.operation.startsWith(name)) ?? "";
  const model = models.get(probe.model);
  // A nested write may touch the other side: its grant is proven by that side's own twins.
  if (probe.operation.startsWith("connect")) return false;
  return granted.has(`${model?.sqlName} ${commands[key] ?? "UPDATE"}`);
}
