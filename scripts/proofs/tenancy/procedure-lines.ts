import { type Proof, type ProofOptions, proof } from "../harness.ts";
import { withoutFilters } from "./forgotten-filters.ts";
import { type ProcedureReport, probeProcedures } from "./procedure-probes.ts";
import { type Breakage, makeProcedureWorld } from "./procedure-world.ts";
import { show } from "./show.ts";

/**
 * Every procedure x everybody x (own id, foreign id, id of nothing). There are two walls here: statements name their
 * clinic, and row security stands behind them. Control: a build that lacks both. Under `--full` each wall is also taken
 * away alone, and the other must hold.
 */
export async function procedureProbes({ full }: ProofOptions): Promise<Proof[]> {
  const report = await probe({});
  show(`${report.twins} positive twins`, report.failures);
  const broken = await probe({ openPolicies: true, database: withoutFilters }, ["guest", "owner"]);
  show(`control, no filters and policies USING (true): ${broken.failures.length} failures`, []);
  const control = broken.failures.some((failure) => failure.includes("the answer names the other clinic"));
  const lines = [proof("tenancy: procedure probes", lineOf(report, control))];
  if (!full) return lines;

  const alone: [string, Breakage][] = [
    ["tenancy: procedure probes, statements without filters", { database: withoutFilters }],
    ["tenancy: procedure probes, policies USING (true)", { openPolicies: true }],
  ];
  for (const [name, breakage] of alone) {
    const one = await probe(breakage);
    show(name, one.failures);
    lines.push(proof(name, lineOf(one, control)));
  }
  return lines;
}

function lineOf({ crossing, failures }: ProcedureReport, control: boolean) {
  return { tried: crossing, failed: failures.length, control, atLeast: 500 };
}

async function probe(breakage: Breakage, names?: string[]): Promise<ProcedureReport> {
  const world = await makeProcedureWorld(breakage);
  try {
    return await probeProcedures(world, ({ name }) => names?.includes(name) ?? true);
  } finally {
    await world.close();
  }
}
