import type { ProofOptions } from "../harness.ts";
import { type Arena, nodes, openArena } from "./arena.ts";
import { imports, undone } from "./changes.ts";
import { openInProcess } from "./door.ts";
import { unguardedIsSeen } from "./history/histories.ts";
import { matrix } from "./matrix.ts";
import { otherRulesAreSeen } from "./model/walks.ts";
import { type MutantName, mutants } from "./mutants.ts";
import { deadlocks, overlappingVisits, overlaps } from "./oracle.ts";
import { type Race, sameTime } from "./races.ts";

/** Whether each check was seen to turn red where it has to. */
export type Controls = {
  /** by the race's name: it goes wrong on the database that is broken in its way */
  races: Map<string, boolean>;
  overlaps: boolean;
  faults: boolean;
  circles: boolean;
  histories: boolean;
  model: boolean;
};

/** A control is a race too: it may take a few before somebody slips through. */
const patience = 12;

/** Goes through the broken databases, one at a time, and asks on each what has to be seen there. */
export async function runControls({ seed }: ProofOptions): Promise<Controls> {
  const races = new Map<string, boolean>();
  const doubles = { unguarded: false, unconstrained: false };
  const seen = { faults: false, circles: false, histories: false, model: false };
  const more: Partial<Record<MutantName, (arena: Arena) => Promise<void>>> = {
    unguarded: async (arena) => {
      doubles.unguarded = (await overlaps(arena.t)).failed > 0 && (await overlappingVisits(arena.t)) > 0;
      seen.histories = await unguardedIsSeen(arena, seed);
    },
    // Behind the queue the constraint is not needed; those who do not queue need it.
    unconstrained: async (arena) => {
      doubles.unconstrained = (await overlaps(arena.t)).failed > 0;
    },
    unqueued: async (arena) => {
      await undone.run(arena, await arena.spot(undone.shape), 20);
      await arena.quiet();
      seen.circles = (await deadlocks(arena.t)) > 0;
    },
    closedRanges: async (arena) => {
      seen.model = await otherRulesAreSeen(arena, seed);
    },
    failing: async (arena) => {
      await sameTime.run(arena, await arena.spot(sameTime.shape), 2);
      seen.faults = arena.tally.faults.length > 0;
    },
  };
  const raced = Map.groupBy([...matrix, imports], ({ mutant }) => mutant);
  for (const name of Object.keys(mutants) as MutantName[]) {
    await onBroken(name, async (arena) => {
      for (const race of raced.get(name) ?? []) races.set(race.name, await turnsRed(arena, race));
      await more[name]?.(arena);
    });
  }
  return { races, overlaps: doubles.unguarded && doubles.unconstrained, ...seen };
}

async function onBroken(name: MutantName, work: (arena: Arena) => Promise<void>): Promise<void> {
  const arena = await openArena((t) => openInProcess(t, nodes), { broken: mutants[name].sql });
  try {
    await work(arena);
  } finally {
    await arena.close();
  }
}

async function turnsRed(arena: Arena, race: Race): Promise<boolean> {
  for (let turn = 0; turn < patience; turn += 1) {
    const wrong = await race.run(arena, await arena.spot(race.shape), turn === 0 ? 10 : 50);
    if (wrong.length > 0) return true;
  }
  console.log(`     control of "${race.name}": ${mutants[race.mutant].what}, and it went unnoticed`);
  return false;
}
