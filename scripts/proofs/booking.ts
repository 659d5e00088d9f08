import { openArena } from "./booking/arena.ts";
import { runControls } from "./booking/controls.ts";
import { openProcesses } from "./booking/door.ts";
import { histories } from "./booking/history/histories.ts";
import { raceMatrix } from "./booking/matrix.ts";
import { walks } from "./booking/model/walks.ts";
import { verdicts } from "./booking/verdicts.ts";
import type { Proof, ProofSuite } from "./harness.ts";

/**
 * Nobody has a time that somebody else has: raced, read as histories, and compared with a model, through procedures in
 * two processes and the worker's part in a third.
 */
export const booking: ProofSuite = async (options) => {
  const controls = await runControls(options);
  const arena = await openArena((t) => openProcesses(t, 2), { seed: options.seed });
  try {
    const lines = await raceMatrix(options, arena, controls);
    lines.push(await histories(options, arena, controls), await walks(options, arena, controls));
    lines.push(...(await verdicts(arena, controls)));
    for (const line of lines) explain(line);
    return lines;
  } finally {
    await arena.close();
  }
};

function explain({ name, met, why = [] }: Proof): void {
  if (!met) for (const text of why.slice(0, 8)) console.log(`     ${name}: ${text.slice(0, 600)}`);
}
