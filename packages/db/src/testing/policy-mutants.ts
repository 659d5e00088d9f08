import { openDatabase } from "../database.ts";
import { newId } from "../ids.ts";
import { type Model, readDataModel } from "./data-model.ts";
import { policiesOfApp, type Policy, policySql } from "./policies.ts";
import { isClinicModel, type Outcome, probesOf, type ProbeWorld } from "./probes.ts";
import type { TestDatabase } from "./test-database.ts";

/** One way to break the database, and the behaviour that must give it away. */
export type Mutant = {
  name: string;
  break: string;
  mend: string;
  /** whether what a clinic can do (never the catalog) shows that something is broken */
  isNoticed(): Promise<boolean>;
};

export type MutantReport = { made: number; survivors: string[] };

/** Breaks the database in each way, one at a time, and mends it again; a mutant that nobody notices survives. */
export async function killMutants(t: TestDatabase, mutants: Mutant[]): Promise<MutantReport> {
  const survivors: string[] = [];
  for (const mutant of mutants) {
    if (await mutant.isNoticed()) throw new Error(`${mutant.name} is noticed before it is made`);
    await t.admin(mutant.break);
    if (!(await mutant.isNoticed())) survivors.push(mutant.name);
    await t.admin(mutant.mend);
  }
  return { made: mutants.length, survivors };
}

/**
 * Every clinic policy, opened for reads (killed by a leak), opened for writes (by a row in another clinic), dropped (by
 * the clinic's own row that is gone), FORCE removed (by the owner's view) and the tenant function marked IMMUTABLE.
 */
export async function policyMutants(t: TestDatabase, world: ProbeWorld): Promise<Mutant[]> {
  const models = readDataModel().filter(isClinicModel);
  const modelOf = new Map(models.map((model) => [model.sqlName, model]));
  const ofPolicies = (await policiesOfApp(t)).flatMap((policy) => {
    const model = modelOf.get(policy.table);
    if (!model) throw new Error(`The policy ${policy.name} is on no model.`);
    return mutantsOf(world, model, policy);
  });
  return [...ofPolicies, ...models.map((model) => unforced(t, model)), immutableTenant(t, world)];
}

/** Changes nothing but a name: whoever claims to kill this one looks at the catalog. */
export async function harmlessMutant(t: TestDatabase, world: ProbeWorld): Promise<Mutant> {
  const policy = (await policiesOfApp(t)).find(({ table }) => table === "app.patient");
  const model = readDataModel().find(({ sqlName }) => sqlName === "app.patient");
  if (!policy || !model) throw new Error("app.patient has no policy");
  const rename = (from: string, to: string) => `ALTER POLICY ${from} ON app.patient RENAME TO ${to}`;
  return {
    name: `${policy.name} renamed`,
    break: rename(policy.name, "renamed"),
    mend: rename("renamed", policy.name),
    isNoticed: () => isLeaking(world, model),
  };
}

function mutantsOf(world: ProbeWorld, model: Model, policy: Policy): Mutant[] {
  const { name, table, command, using, check } = policy;
  const [reads, inserts] = [["ALL", "SELECT"].includes(command), ["ALL", "INSERT"].includes(command)];
  const onlyUpdates = command === "UPDATE";
  const lost = reads ? isOwnGone : onlyUpdates ? isBlindUpdateWrong : isInsertRefused;
  const mutants: Mutant[] = [
    {
      name: `${name} dropped`,
      break: `DROP POLICY ${name} ON ${table}`,
      mend: policySql(policy),
      isNoticed: () => lost(world, model),
    },
  ];
  if (using && (reads || onlyUpdates)) {
    mutants.push({
      name: `${name} USING (true)`,
      break: `ALTER POLICY ${name} ON ${table} USING (true)`,
      mend: `ALTER POLICY ${name} ON ${table} USING (${using})`,
      isNoticed: () => (reads ? isLeaking(world, model) : isBlindUpdateWrong(world, model)),
    });
  }
  if (check && inserts) {
    mutants.push({
      name: `${name} WITH CHECK (true)`,
      break: `ALTER POLICY ${name} ON ${table} WITH CHECK (true)`,
      mend: `ALTER POLICY ${name} ON ${table} WITH CHECK (${check})`,
      isNoticed: async () => (await outcomeOf(world, model, "createMany", "foreign")).refused !== "42501",
    });
  }
  return mutants;
}

function unforced(t: TestDatabase, { sqlName }: Model): Mutant {
  return {
    name: `${sqlName} not forced`,
    break: `ALTER TABLE ${sqlName} NO FORCE ROW LEVEL SECURITY`,
    mend: `ALTER TABLE ${sqlName} FORCE ROW LEVEL SECURITY`,
    isNoticed: async () => {
      const seen = await t.inRollback(async (query) => {
        await query("SET LOCAL ROLE app_owner");
        return query(`SELECT FROM ${sqlName}`);
      });
      return seen.length > 0;
    },
  };
}

function immutableTenant(t: TestDatabase, world: ProbeWorld): Mutant {
  return {
    name: "app.tenant() IMMUTABLE",
    break: "ALTER FUNCTION app.tenant() IMMUTABLE",
    mend: "ALTER FUNCTION app.tenant() STABLE",
    isNoticed: async () => {
      const seen = await clinicsSeenInTurn(t, world);
      return JSON.stringify(seen) !== JSON.stringify([[world.own.clinicId], [world.other.clinicId], []]);
    },
  };
}

/**
 * Which clinics' patients one connection shows to one clinic, then to another, then to nobody's, when the server is made
 * to keep one plan for all of them: a tenant function that may be folded into the plan answers for whoever came first.
 */
export async function clinicsSeenInTurn(t: TestDatabase, { own, other }: ProbeWorld): Promise<string[][]> {
  const database = new URL(t.adminUrl).pathname.slice(1);
  await t.admin(`ALTER DATABASE ${database} SET plan_cache_mode = force_generic_plan`);
  const db = openDatabase({ url: t.url, roleSecret: t.roleSecret, pool: { app: 1 } });
  const seen: string[][] = [];
  try {
    for (const clinicId of [own.clinicId, other.clinicId, newId()]) {
      const rows = await db.withTenant({ clinicId, actor: "guest" }, (tx) =>
        tx.patient.findMany({ select: { clinicId: true } }),
      );
      seen.push([...new Set(rows.map((row) => row.clinicId))]);
    }
  } finally {
    await db.close();
    await t.admin(`ALTER DATABASE ${database} RESET plan_cache_mode`);
  }
  return seen;
}

async function isLeaking(world: ProbeWorld, model: Model): Promise<boolean> {
  return (await outcomeOf(world, model, "findMany", "foreign")).reached > 0;
}

async function isOwnGone(world: ProbeWorld, model: Model): Promise<boolean> {
  return (await outcomeOf(world, model, "findMany", "own")).reached === 0;
}

async function isInsertRefused(world: ProbeWorld, model: Model): Promise<boolean> {
  return (await outcomeOf(world, model, "createMany", "own")).refused === "42501";
}

/** An update that reads no column is bound by its own policy alone; it must change exactly the clinic's own row. */
async function isBlindUpdateWrong({ db, own }: ProbeWorld, model: Model): Promise<boolean> {
  if (model.name !== "Clinic") throw new Error(`Say how an update policy of ${model.name} shows.`);
  const changed = await db
    .withTx(
      { clinicId: own.clinicId, actor: "system:probe" },
      (tx) => tx.$executeRaw`UPDATE platform.clinic SET name = 'changed'`,
    )
    .catch(() => "refused");
  return changed !== 1;
}

async function outcomeOf(world: ProbeWorld, model: Model, operation: string, kind: string): Promise<Outcome> {
  const probe = probesOf(world, model, new Map()).find((known) => known.operation === operation && known.kind === kind);
  if (!probe) throw new Error(`There is no probe ${operation} ${kind} of ${model.name}.`);
  return probe.run();
}
