import { type Model, readDataModel } from "./data-model.ts";
import { checksums, makeProbeWorld } from "./probe-world.ts";
import { isClinicModel, type Outcome, type Probe, probesOf, type ProbeWorld } from "./probes.ts";
import type { TestDatabase } from "./test-database.ts";

type Result = { probe: Probe; outcome: Outcome };

/** What the generated probes of a database came to. Each list is empty when clinics are kept apart. */
export type ProbeReport = {
  models: number;
  /** distinct probes that name another clinic's row, or nobody's */
  crossing: number;
  /** the same calls for the clinic's own row */
  twins: number;
  /** reached a row that is not the clinic's own */
  leaks: string[];
  /** an answer or a refusal that contains another clinic's text */
  told: string[];
  /** a parent of another clinic and one that does not exist, refused differently */
  unlike: string[];
  /** tables in which a row changed */
  changed: string[];
  /** twins that did not find their own row, though the grant is given */
  lost: string[];
};

/** Runs every generated probe, or those of the named models, in a world of two clinics of its own. */
export async function runProbes(t: TestDatabase, wanted: string[] = probedModels()): Promise<ProbeReport> {
  const world = await makeProbeWorld(t);
  const models = new Map(readDataModel().map((model) => [model.name, model]));
  const granted = new Set((await t.admin(grantsOfAppRole)).map((row) => String(row["granted"])));
  const probed = [...models.values()].filter(({ name }) => wanted.includes(name));
  const before = await checksums(t, world.own);
  const results: Result[] = [];
  for (const model of probed) {
    for (const probe of probesOf(world, model, models)) results.push({ probe, outcome: await probe.run() });
  }
  const after = await checksums(t, world.own);
  const crossing = results.filter(({ probe }) => probe.kind !== "own");
  return {
    models: probed.length,
    crossing: new Set(crossing.map(({ probe }) => probe.name)).size,
    twins: results.length - crossing.length,
    leaks: crossing.filter((result) => result.outcome.reached > 0 && !mayCreate(result.probe, models)).map(told),
    told: tellingOf(world, results),
    unlike: unlikeOf(results),
    changed: Object.keys(after).filter((table) => after[table] !== before[table]),
    lost: results.filter((result) => isLost(result, models, granted)).map(told),
  };
}

/** The names of the models that have probes. */
export function probedModels(): string[] {
  return readDataModel()
    .filter(isClinicModel)
    .map(({ name }) => name);
}

/** Everything in a report that should not be there. */
export function failuresOf(report: ProbeReport): string[] {
  const { leaks, told: telling, unlike, changed, lost } = report;
  return [...leaks, ...telling, ...unlike, ...changed.map((table) => `${table} changed`), ...lost];
}

function told({ probe, outcome }: Result): string {
  return `${probe.name}: ${outcome.refused ?? `${outcome.reached} rows`}`;
}

function tellingOf(world: ProbeWorld, results: Result[]): string[] {
  return results.filter(({ outcome }) => outcome.text.includes(world.other.canary)).map(told);
}

function unlikeOf(results: Result[]): string[] {
  const refusals = (kind: string) =>
    new Map(
      results
        .filter(({ probe }) => probe.kind === kind && /^(create|connect)/.test(probe.operation))
        .map(({ probe, outcome }) => [`${probe.model} ${probe.operation}`, outcome.refused]),
    );
  const [foreign, random] = [refusals("mixed"), refusals("random")];
  const names = new Set([...foreign.keys(), ...random.keys()]);
  return [...names]
    .filter((name) => foreign.get(name) !== random.get(name))
    .map((name) => `${name}: ${foreign.get(name)} for another clinic's parent, ${random.get(name)} for none`);
}

/** Integrity codes come after row security: reaching one shows that the policy let the clinic's own row pass. */
const pastRowSecurity = (outcome: Outcome) => /^(23\d\d\d|23P01|P2002|P2003|P2014|P2025)$/.test(outcome.refused ?? "");

/** The clinic's own rows of these two do not hang on each other, so there is nothing to take away through the one. */
const apart = new Set([
  "Patient nested delete dependants",
  "Patient nested delete feeds",
  "GroupSession nested delete occupancies",
]);

function isLost({ probe, outcome }: Result, models: Map<string, Model>, granted: Set<string>): boolean {
  if (probe.kind !== "own" || outcome.reached > 0 || pastRowSecurity(outcome)) return false;
  if (outcome.refused === "P2017" && apart.has(`${probe.model} ${probe.operation}`)) return false;
  return !(outcome.refused === "42501" && !isGranted(probe, models, granted));
}

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
    "delete once": "DELETE",
  };
  const key = Object.keys(commands).find((name) => probe.operation.startsWith(name)) ?? "";
  const model = models.get(probe.model);
  // A nested write may touch the other side: its grant is proven by that side's own twins.
  if (/^(connect|nested delete)/.test(probe.operation)) return false;
  return granted.has(`${model?.sqlName} ${commands[key] ?? "UPDATE"}`);
}
