import { findStarts, findTimes } from "../find-times.ts";
import type { Question } from "../types.ts";
import { type Case, fullCase, plainCase } from "./clinic.ts";
import { floorFixed, floorNaive, naiveFormat } from "./floor.ts";

/** One line of a bench; a ratio is taken inside each round. `goal` is text like "<= 5.0", empty for a figure only shown. */
export type Figure = {
  figure: string;
  unit: string;
  median: number;
  min: number;
  max: number;
  goal: string;
  met: boolean | null;
};

type Side = { name: string; run: () => { length: number }; calls: number };

const JOHANNESBURG = { zone: "Africa/Johannesburg", date: "2026-11-02", offset: 120 };
/** Thirty days that hold the clock change of 2026-11-01. */
const NEW_YORK = { zone: "America/New_York", date: "2026-10-15" };

/** Short blocks in a round. Sides take turns block by block, so that a slow moment of the machine hits all of them. */
const BLOCKS = 11;

const middleOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? upper)) / 2;
};

/** CPU time of the process so far, microseconds; what other programs do meanwhile does not count, garbage collection does. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of CPU a call, one value per round and side: the middle of its blocks. The first round warms up. */
function measure(rounds: number, sides: readonly Side[]): Map<string, number[]> {
  const values = new Map<string, number[]>(sides.map((side) => [side.name, []]));
  let kept = 0;
  for (let round = -1; round < rounds; round++) {
    const blocks = sides.map((): number[] => []);
    for (let block = 0; block < BLOCKS; block++) {
      sides.forEach((side, i) => {
        const before = cpuTime();
        for (let call = 0; call < side.calls; call++) kept += side.run().length;
        blocks[i]?.push((cpuTime() - before) / side.calls);
      });
    }
    if (round >= 0) sides.forEach((side, i) => values.get(side.name)?.push(middleOf(blocks[i] ?? [])));
  }
  // what was computed is used, so that nothing is optimised away
  if (kept === 0) throw new Error("nothing was computed");
  return values;
}

function figureOf(name: string, unit: string, values: readonly number[], goal = ""): Figure {
  const median = middleOf(values);
  const met = goal === "" ? null : median <= Number(goal.slice(3));
  return { figure: name, unit, median, min: Math.min(...values), max: Math.max(...values), goal, met };
}

/** Twenty doctors with months of their own, asked about at once: any one of them. */
function twenty(cases: readonly Case[]): Question {
  const [first] = cases as [Case];
  const resources = cases.flatMap((c, i) => c.question.resources.map((r) => ({ ...r, id: `doctor ${i}` })));
  return { ...first.question, resources };
}

function sameSets(plain: Case, floor: readonly number[]): void {
  const ours = findStarts(plain.question, plain.window);
  if (ours.length !== floor.length || ours.some((start, i) => start !== floor[i])) {
    throw new Error(`engine and floor disagree: ${ours.length} and ${floor.length} starts`);
  }
}

/** Ours against the floor sweep, in one run, everything switched on. First checks that both give the same set. */
export function benchSlots({ rounds }: { rounds: number }): Figure[] {
  const plain = plainCase(JOHANNESBURG.zone, JOHANNESBURG.date);
  const full = fullCase(JOHANNESBURG.zone, JOHANNESBURG.date);
  const plainDst = plainCase(NEW_YORK.zone, NEW_YORK.date);
  const fullDst = fullCase(NEW_YORK.zone, NEW_YORK.date);
  const format = naiveFormat(NEW_YORK.zone);
  sameSets(plain, floorFixed(plain.floor, JOHANNESBURG.offset));
  sameSets(plainDst, floorNaive(plainDst.floor, format));

  const doctors = Array.from({ length: 20 }, (_, i) => fullCase(JOHANNESBURG.zone, JOHANNESBURG.date, i + 1));
  const all = twenty(doctors);
  const values = measure(rounds, [
    { name: "floor", run: () => floorFixed(plain.floor, JOHANNESBURG.offset), calls: 400 },
    { name: "plain", run: () => findStarts(plain.question, plain.window), calls: 200 },
    { name: "full", run: () => findStarts(full.question, full.window), calls: 100 },
    { name: "naive", run: () => floorNaive(plainDst.floor, format), calls: 50 },
    { name: "dst", run: () => findStarts(fullDst.question, fullDst.window), calls: 100 },
    { name: "single", run: () => doctors.flatMap((d) => findStarts(d.question, d.window).length), calls: 6 },
    { name: "twenty", run: () => findTimes(all, full.window), calls: 6 },
  ]);
  const of = (name: string) => values.get(name) ?? [];
  const ratio = (over: string, under: string) => of(over).map((v, round) => v / (of(under)[round] ?? Number.NaN));
  return [
    figureOf("floor, 1 doctor x 30 days x 200 busy", "us CPU", of("floor")),
    figureOf("engine, everything on", "us CPU", of("full")),
    figureOf("engine, one weekly window / floor", "x", ratio("plain", "floor")),
    figureOf("engine, everything on / floor", "x", ratio("full", "floor"), "<= 5.0"),
    figureOf("naive floor across a clock change", "us CPU", of("naive")),
    figureOf("engine across a clock change / naive floor", "x", ratio("dst", "naive"), "<= 1.0"),
    figureOf("20 doctors at once", "us CPU", of("twenty")),
    figureOf("20 doctors at once / 20 single", "x", ratio("twenty", "single"), "<= 3.0"),
  ];
}
