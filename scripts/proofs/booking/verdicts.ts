import { type Proof, proof } from "../harness.ts";
import type { Arena } from "./arena.ts";
import type { Controls } from "./controls.ts";
import { deadlocks, overlappingVisits, overlaps } from "./oracle.ts";

/** What a booking may wait behind fifty others for its time, on a machine that does much else. */
const budgetMs = 10_000;

/** What is asked of everything that was done to the arena's database, whatever it was. Its nodes end here. */
export async function verdicts(arena: Arena, controls: Controls): Promise<Proof[]> {
  const { asked, faults, slowestMs } = arena.tally;
  const { tried, failed } = await overlaps(arena.t);
  const visits = await overlappingVisits(arena.t);
  await arena.quiet();
  const circles = await deadlocks(arena.t);
  const slow = slowestMs > budgetMs ? 1 : 0;
  return [
    proof("booking: overlapping pairs", {
      tried,
      failed: failed + visits,
      control: controls.overlaps,
      why: [`${failed} pairs of occupied times, ${visits} of visits`],
    }),
    proof("booking: answers of 500", {
      tried: asked,
      failed: faults.length,
      control: controls.faults,
      why: [...new Set(faults)].slice(0, 5),
    }),
    proof("booking: deadlocks and slow answers", {
      tried: asked,
      failed: circles + slow,
      control: controls.circles,
      why: [`${circles} deadlocks, the slowest answer took ${Math.round(slowestMs)} ms`],
    }),
  ];
}
