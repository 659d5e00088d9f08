/** Numbers from 0 up to (not including) `below`. */
export type Next = (below: number) => number;

/** Put a printed seed here to see one run again. */
const replay: number | undefined = undefined;

/** Runs a property on fresh inputs and prints the seed they came from, so that a failure can be run again. */
export function seeded(name: string, runs: number, property: (next: Next, run: number) => void): void {
  const seed = replay ?? Math.trunc(Math.random() * 0x7fffffff);
  process.stdout.write(`property "${name}": ${runs} runs, seed ${seed}\n`);
  const next = numbers(seed);
  for (let run = 0; run < runs; run++) property(next, run);
}

/** The same numbers for the same seed: mulberry32. */
export function numbers(seed: number): Next {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
