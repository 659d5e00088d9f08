/**
 * `npm run proofs [-- NAME ...] [--full] [--seed N]`: what must never happen, tried many times, each with a control that
 * must turn red. Prints `name: tried / failed`, writes `reports/proofs.json`, exits 1 when one is not met.
 */
import { parseArgs } from "node:util";
import { type Proof, type ProofSuite, reportProofs } from "./proofs/harness.ts";
import { withServices } from "./proofs/services.ts";
import { exitOnSignals } from "./test/exit-on-signals.ts";

const suites: Record<string, () => Promise<ProofSuite>> = {
  tenancy: async () => (await import("./proofs/tenancy.ts")).tenancy,
  envelope: async () => (await import("./proofs/envelope.ts")).envelope,
  booking: async () => (await import("./proofs/booking.ts")).booking,
  faults: async () => (await import("./proofs/faults.ts")).faults,
};

exitOnSignals();
const { values, positionals } = parseArgs({
  options: { full: { type: "boolean", default: false }, seed: { type: "string" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = names.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no proof called ${unknown.join(", ")}. There is: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}${values.full ? ", full" : ""}`);
const proofs: Proof[] = [];
await withServices(async () => {
  for (const name of names) {
    const suite = await suites[name]?.();
    if (suite) proofs.push(...(await suite({ full: values.full, seed })));
  }
});
await reportProofs(proofs);
const missed = proofs.filter((row) => !row.met).length;
console.log(missed === 0 ? "proofs: all met" : `proofs: ${missed} not met`);
process.exit(missed === 0 ? 0 : 1);
