import {
  failuresOf,
  harmlessMutant,
  killMutants,
  makeProbeWorld,
  openAllPolicies,
  policyMutants,
  probedModels,
  runProbes,
  type TestDatabase,
  testDatabase,
} from "@pulsecal/db/testing";
import { type Proof, type ProofOptions, proof, seeded } from "../harness.ts";
import { show } from "./show.ts";

/** Every model x operation x kind of id. Control: the same probes of one model where its policies let all pass. */
export async function databaseProbes({ seed }: ProofOptions): Promise<Proof> {
  const report = await onDatabase((t) => runProbes(t));
  const failures = failuresOf(report);
  show(`${report.models} models, ${report.twins} positive twins`, failures);
  const control = await leaksWhenOpen(seed);
  return proof("tenancy: database probes", {
    tried: report.crossing,
    failed: failures.length,
    control,
    atLeast: 1_500,
  });
}

/** Whether the probes of one model see the leak when every policy is `USING (true)`. */
export async function leaksWhenOpen(seed: number, server?: string): Promise<boolean> {
  const model = seeded(seed).pick(probedModels());
  const { leaks } = await onDatabase(async (t) => {
    await openAllPolicies(t);
    return runProbes(t, [model]);
  }, server);
  show(`control, policies USING (true): ${leaks.length} leaks of ${model}`, []);
  return leaks.length > 0;
}

/** Each policy broken in each way, one at a time. Control: a mutant that changes nothing must survive. */
export async function mutantsKilled(): Promise<Proof> {
  return onDatabase(async (t) => {
    const world = await makeProbeWorld(t);
    const { made, survivors } = await killMutants(t, await policyMutants(t, world));
    show(`${made} made, ${made - survivors.length} killed`, survivors);
    const harmless = await killMutants(t, [await harmlessMutant(t, world)]);
    return proof("tenancy: policy mutants (made / survived)", {
      tried: made,
      failed: survivors.length,
      control: harmless.survivors.length === 1,
      atLeast: 70,
    });
  });
}

/** Runs `work` on a database of its own. */
export async function onDatabase<T>(
  work: (t: TestDatabase) => Promise<T>,
  server?: string,
  options: Parameters<typeof testDatabase>[0] = {},
): Promise<T> {
  const t = await testDatabase(options, server);
  try {
    return await work(t);
  } finally {
    await t.close();
  }
}
