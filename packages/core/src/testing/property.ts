import fc from "fast-check";

/** Put a printed seed here to see one run again. */
const REPLAY: number | undefined = undefined;

/** Checks a property on fresh inputs and prints the seed they came from; a failure prints seed and path as well. */
export function holdsFor<Args extends unknown[]>(
  name: string,
  property: fc.IProperty<Args> | fc.IPropertyWithHooks<Args>,
  runs = 300,
): void {
  const seed = REPLAY ?? Math.trunc(Math.random() * 0x7fffffff);
  process.stdout.write(`property "${name}": ${runs} runs, seed ${seed}\n`);
  // looking for a smaller failing input must not outlast the test; fewer runs than promised are a failure too
  fc.assert(property, { seed, numRuns: runs, interruptAfterTimeLimit: 280_000, markInterruptAsFailure: true });
}
