/** Prints the first failures of a proof under its numbers, so that a red line can be understood without a second run. */
export function show(what: string, failures: readonly string[], most = 10): void {
  console.log(`     ${what}`);
  for (const failure of failures.slice(0, most)) console.log(`     - ${failure}`);
  if (failures.length > most) console.log(`     - and ${failures.length - most} more`);
}
