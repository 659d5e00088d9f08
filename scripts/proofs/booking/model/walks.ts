import { type Proof, type ProofOptions, proof, seeded } from "../../harness.ts";
import type { Arena } from "../arena.ts";
import type { Controls } from "../controls.ts";
import { makePlace } from "../place.ts";
import type { Model } from "./model.ts";
import { anyStep, compareRows, modelShape, type Walk } from "./steps.ts";

const size = { short: { walks: 4, steps: 160 }, full: { walks: 200, steps: 500 } };
/** Walks under way at one time; each is one request after the other. */
const abreast = 4;
const rowsEvery = 40;

/** Random walks through a clinic and through a model of it in memory; the seed that is printed repeats them. */
export async function walks(o: ProofOptions, arena: Arena, controls: Controls): Promise<Proof> {
  const { walks: count, steps } = o.full ? size.full : size.short;
  const differences: string[] = [];
  let done = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count && differences.length < 5) {
      next += 1;
      const seed = o.seed * 1_000 + next;
      const end = await walk(arena, seed, steps);
      done += end.steps;
      if (end.difference) differences.push(`seed ${seed}, step ${end.steps}: ${end.difference}`);
      if (o.full && next % 20 === 0) console.log(`     model: ${done} of ${count * steps} steps`);
    }
  };
  await Promise.all(Array.from({ length: abreast }, lane));
  return proof("booking: steps that differ from the model", {
    tried: done,
    failed: differences.length,
    control: controls.model,
    atLeast: count * steps,
    why: differences,
  });
}

async function walk(arena: Arena, seed: number, steps: number): Promise<{ steps: number; difference: string | null }> {
  const spot = { ...(await makePlace(arena.t, modelShape)), day: 3 };
  const { services, doctors, hours = { from: 480, to: 1020 } } = modelShape;
  const model: Model = { services, doctors, hours, visits: [] };
  const here: Walk = { arena, spot, model, random: seeded(seed), days: 2 };
  for (let step = 1; step <= steps; step += 1) {
    const difference =
      (await anyStep(here)) ?? (step % rowsEvery === 0 || step === steps ? await compareRows(here) : null);
    if (difference) return { steps: step, difference };
  }
  return { steps, difference: null };
}

/** A product in which times may not touch is not the model's. */
export async function otherRulesAreSeen(arena: Arena, seed: number): Promise<boolean> {
  for (let turn = 1; turn <= 3; turn += 1) {
    if ((await walk(arena, seed + turn, 200)).difference) return true;
  }
  return false;
}
