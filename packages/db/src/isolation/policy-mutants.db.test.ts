import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database.ts";
import { newId } from "../ids.ts";
import { type TestDatabase, testDatabase } from "../testing/index.ts";
import { type Model, readDataModel } from "../testing/data-model.ts";
import { makeProbeWorld } from "../testing/probe-world.ts";
import { isClinicModel, probesOf, type ProbeWorld } from "../testing/probes.ts";

type Mutation = "open" | "drop" | "unforce";

/** Every clinic policy is broken in each way; a mutant counts as killed when the behaviour, not the catalog, shows it. */
describe("policy mutants", () => {
  let t: TestDatabase;
  let world: ProbeWorld;
  let models: Model[];

  beforeAll(async () => {
    t = await testDatabase();
    world = await makeProbeWorld(t);
    models = readDataModel().filter(isClinicModel);
  });
  afterAll(() => t.close());

  test("USING (true) is killed by a leak, a dropped policy by the twin, a removed FORCE by the owner's view", async () => {
    const survivors: string[] = [];
    let made = 0;
    for (const model of models) {
      for (const mutation of ["open", "drop", "unforce"] as const) {
        made += 1;
        expect(await isNoticed(t, world, model, mutation), `${model.name} unbroken`).toBe(false);
        await t.admin(sqlOf(model, mutation).break);
        if (!(await isNoticed(t, world, model, mutation))) survivors.push(`${model.name} ${mutation}`);
        await t.admin(sqlOf(model, mutation).mend);
      }
    }
    console.log(`policy mutants: ${made} made, ${made - survivors.length} killed`);
    expect(survivors).toEqual([]);
  });

  test("an IMMUTABLE tenant function leaks through a cached generic plan; the STABLE one does not", async () => {
    const database = new URL(t.adminUrl).pathname.slice(1);
    await t.admin(`ALTER DATABASE ${database} SET plan_cache_mode = force_generic_plan`);
    const namesSeen = async () => {
      const db = openDatabase({ url: t.url, roleSecret: t.roleSecret, pool: { app: 1 } });
      const read = (clinicId: string) =>
        db.withTenant({ clinicId, actor: "guest" }, (tx) => tx.patient.findMany({ select: { clinicId: true } }));
      try {
        const first = await read(world.own.clinicId);
        const second = await read(world.other.clinicId);
        const nobody = await read(newId());
        return { first, second, nobody };
      } finally {
        await db.close();
      }
    };
    const own = [{ clinicId: world.own.clinicId }];
    const other = [{ clinicId: world.other.clinicId }];

    expect(await namesSeen()).toEqual({ first: own, second: other, nobody: [] });
    await t.admin("ALTER FUNCTION app.tenant() IMMUTABLE");
    expect(await namesSeen()).toEqual({ first: own, second: own, nobody: own });
    await t.admin("ALTER FUNCTION app.tenant() STABLE");
    expect(await namesSeen()).toEqual({ first: own, second: other, nobody: [] });
  });
});

function sqlOf(model: Model, mutation: Mutation): { break: string; mend: string } {
  const clinic = model.name === "Clinic" ? "id" : "clinic_id";
  const policy = model.name === "Clinic" ? "clinic_own" : `${model.table}_clinic`;
  const command = model.name === "Clinic" ? " FOR SELECT" : "";
  const rule = `(${clinic} = (SELECT app.tenant()))`;
  const check = model.name === "Clinic" ? "" : ` WITH CHECK ${rule}`;
  return {
    open: {
      break: `ALTER POLICY ${policy} ON ${model.sqlName} USING (true)`,
      mend: `ALTER POLICY ${policy} ON ${model.sqlName} USING ${rule}`,
    },
    drop: {
      break: `DROP POLICY ${policy} ON ${model.sqlName}`,
      mend: `CREATE POLICY ${policy} ON ${model.sqlName}${command} TO app_rt USING ${rule}${check}`,
    },
    unforce: {
      break: `ALTER TABLE ${model.sqlName} NO FORCE ROW LEVEL SECURITY`,
      mend: `ALTER TABLE ${model.sqlName} FORCE ROW LEVEL SECURITY`,
    },
  }[mutation];
}

async function isNoticed(t: TestDatabase, world: ProbeWorld, model: Model, mutation: Mutation): Promise<boolean> {
  if (mutation === "unforce") {
    const rows = await t.inRollback(async (query) => {
      await query("SET LOCAL ROLE app_owner");
      return query(`SELECT FROM ${model.sqlName}`);
    });
    return rows.length > 0;
  }
  const kind = mutation === "open" ? "foreign" : "own";
  const probe = probesOf(world, model, new Map()).find(
    (candidate) => candidate.kind === kind && candidate.operation === "findMany",
  );
  const outcome = await probe?.run();
  return mutation === "open" ? outcome?.reached !== 0 : outcome?.reached === 0;
}
