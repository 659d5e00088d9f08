import { type Proof, type ProofOptions, proof } from "../harness.ts";
import { type Arena, nodes, openArena } from "./arena.ts";
import { changes, imports } from "./changes.ts";
import type { Controls } from "./controls.ts";
import { desk } from "./desk.ts";
import { openInProcess } from "./door.ts";
import { deadlocksSoon } from "./mutants.ts";
import { overlaps } from "./oracle.ts";
import { type Race, races } from "./races.ts";
import { rules } from "./rules.ts";
import { storm } from "./storm.ts";
import { together } from "./together.ts";
import { waiting } from "./waiting.ts";

type Line = { tried: number; failed: number; why: string[] };

const sizes = [2, 10, 50];
/** Races of the long form that are under way at one time. */
const lanes = 3;
const enough = 100_000;
const longest = { ms: 40 * 60_000, reportMs: 10_000 };

/** All races but the imports', which want a database of their own. */
export const matrix: readonly Race[] = [...races, ...changes, ...rules, ...together, ...desk, waiting, storm];

/** Every way to get into each other's way. */
export async function raceMatrix(o: ProofOptions, arena: Arena, controls: Controls): Promise<Proof[]> {
  const lines = new Map<string, Line>();
  for (const n of sizes) for (const race of matrix) await runOnce(arena, race, n, lines);
  await raceImports(arena, lines);
  if (o.full) await runLong(arena, lines);
  const found = [...matrix, imports].map(({ name }) => {
    const line = lines.get(name) ?? { tried: 0, failed: 0, why: [] };
    return proof(`booking: ${name}`, { ...line, control: controls.races.get(name) ?? false });
  });
  const all = proof("booking: raced requests in all", {
    tried: arena.tally.asked,
    failed: found.filter(({ failed }) => failed > 0).length,
    control: found.every(({ control }) => control),
    ...(o.full ? { atLeast: enough } : {}),
  });
  return [...found, all];
}

async function runOnce(arena: Arena, race: Race, n: number, lines: Map<string, Line>): Promise<void> {
  const spot = await arena.spot(race.shape);
  const wrong = await race.run(arena, spot, n).catch((error: unknown) => [`not carried through: ${String(error)}`]);
  note(lines, race, n, wrong);
}

function note(lines: Map<string, Line>, { name }: Race, n: number, wrong: readonly string[]): void {
  const line = lines.get(name) ?? { tried: 0, failed: 0, why: [] };
  lines.set(name, line);
  line.tried += n;
  line.failed += wrong.length;
  if (line.why.length < 8) line.why.push(...wrong.map((text) => `${n} at once: ${text}`));
}

/** On a database of its own: those who do not queue make the server break circles, which nobody else may. */
async function raceImports({ tally }: Arena, lines: Map<string, Line>): Promise<void> {
  const arena = await openArena((t) => openInProcess(t, nodes), { tally, broken: [deadlocksSoon] });
  try {
    for (const n of sizes) await runOnce(arena, imports, n, lines);
    const { failed } = await overlaps(arena.t);
    if (failed > 0) note(lines, imports, 0, [`${failed} overlapping pairs`]);
  } finally {
    await arena.close();
  }
}

/** Goes round all races and sizes until enough requests were raced, or the time is up. */
async function runLong(arena: Arena, lines: Map<string, Line>): Promise<void> {
  const began = Date.now();
  let reported = began;
  let next = 0;
  const rounds = matrix.flatMap((race) => sizes.map((n) => ({ race, n })));
  const lane = async (): Promise<void> => {
    while (arena.tally.asked < enough && Date.now() - began < longest.ms) {
      arena.armed = next % 8 === 0;
      const round = rounds[next % rounds.length];
      next += 1;
      if (round) await runOnce(arena, round.race, round.n, lines);
      if (Date.now() - reported < longest.reportMs) continue;
      reported = Date.now();
      const failed = [...lines.values()].reduce((sum, line) => sum + line.failed, 0);
      const seconds = Math.round((reported - began) / 1000);
      console.log(`     ${arena.tally.asked} of ${enough} raced, ${failed} wrong, ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  arena.armed = true;
}
