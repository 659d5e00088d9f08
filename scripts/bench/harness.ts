import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";

/**
 * One line of a bench. `median`, `min` and `max` are over the rounds; a ratio is taken inside each round, so that a
 * machine whose speed drifts does not decide. `goal` is text like "<= 2.0", empty for a figure that is only printed.
 */
export type Figure = {
  figure: string;
  unit: string;
  median: number;
  min: number;
  max: number;
  goal: string;
  met: boolean | null;
  /** where the true median lies with 95 % confidence; from 15 rounds on */
  interval?: [number, number];
};

/** What one side of a bench measured in one round. Times in milliseconds, rate per second. */
export type Sample = {
  p50: number;
  p99: number;
  rate: number;
  /** milliseconds of processor time per operation, of whatever the side says it is about */
  cpu: number;
};

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

const percentile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Builds a figure from one value per round and judges it by its goal ("<= 2.0", ">= 0.45" or ""). */
export function figure(name: string, unit: string, values: number[], goal = ""): Figure {
  const middle = median(values);
  const [sign, bound] = goal.split(" ");
  const met = goal === "" ? null : sign === "<=" ? middle <= Number(bound) : middle >= Number(bound);
  const interval = values.length >= 15 ? { interval: intervalOf(values) } : {};
  return {
    figure: name,
    unit,
    median: middle,
    min: Math.min(...values),
    max: Math.max(...values),
    goal,
    met,
    ...interval,
  };
}

/** The order statistics that enclose the median with 95 % confidence, whatever the values' distribution. */
function intervalOf(values: number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const below = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2));
  return [sorted[below] ?? Number.NaN, sorted[sorted.length - 1 - below] ?? Number.NaN];
}

export type Drive = {
  clients: number;
  /** ends a round after this long */
  milliseconds?: number;
  /** ends a round after this many operations */
  count?: number;
  /** processor time used until now by what is measured, in milliseconds; this process when left out */
  cpu?: () => number;
};

/**
 * Runs `operation` from `clients` loops and returns its latencies. The loops stop by themselves; an operation that throws
 * ends the bench, because a figure over failures is not a figure. One that returns a number has taken its own time.
 */
export async function drive(o: Drive, operation: (client: number) => Promise<unknown>): Promise<Sample> {
  const { clients, milliseconds = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, cpu = ownCpu } = o;
  if (!Number.isFinite(milliseconds) && !Number.isFinite(count)) throw new Error("a round needs an end");
  const latencies: number[] = [];
  const cpuBefore = cpu();
  const started = performance.now();
  const end = started + milliseconds;
  let begun = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (begun < count && performance.now() < end) {
        begun += 1;
        const before = performance.now();
        const own = await operation(client);
        latencies.push(typeof own === "number" ? own : performance.now() - before);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const used = cpu() - cpuBefore;
  latencies.sort((a, b) => a - b);
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    rate: latencies.length / seconds,
    cpu: used / latencies.length,
  };
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The sides of a bench by name; each round runs every side once, in turn, and the first round warms up and is thrown away. */
export async function interleave<Side extends string>(
  rounds: number,
  sides: Record<Side, () => Promise<Sample>>,
): Promise<Record<Side, Sample[]>> {
  const names = Object.keys(sides) as Side[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Side, Sample[]>;
  for (let round = 0; round <= rounds; round += 1) {
    // every other round runs backwards, so that no side always follows the same neighbour
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const sample = await sides[name]();
      if (round > 0) samples[name].push(sample);
    }
    process.stderr.write(`\r${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}   `);
  }
  process.stderr.write("\r                    \r");
  return samples;
}

/** The ratio of two sides, round by round. */
export function ratios(over: Sample[], under: Sample[], pick: (sample: Sample) => number): number[] {
  return over.map((sample, round) => pick(sample) / pick(under[round] ?? sample));
}

/** A figure as people read it: about three digits. */
export const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);

/** Prints the table and writes `reports/bench/NAME.json`. */
export async function report(name: string, figures: Figure[]): Promise<void> {
  const span = (low: number, high: number): string => `${shown(low)} .. ${shown(high)}`;
  const rows = figures.map((row) => [
    row.figure,
    row.unit,
    shown(row.median),
    span(row.min, row.max),
    row.interval ? span(...row.interval) : "",
    row.goal,
    row.met === null ? "" : row.met ? "met" : "MISSED",
  ]);
  const head = ["figure", "unit", "median", "min .. max", "95 % of median", "goal", ""];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "cpu"}, load ${loadavg()[0]?.toFixed(1)}, node ${process.version}`;
  console.log(`\n${name} (${machine})\n${line(head)}`);
  for (const row of rows) console.log(line(row));
  await mkdir("reports/bench", { recursive: true });
  await writeFile(`reports/bench/${name}.json`, `${JSON.stringify(figures, null, 2)}\n`);
}
