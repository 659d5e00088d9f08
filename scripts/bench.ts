/**
 * `npm run bench -- NAME [--rounds N]`: our side and a raw side interleaved in one run; ratios decide, milliseconds are
 * printed beside them. Writes `reports/bench/NAME.json`. `--record` runs nothing and writes docs/figures.md from the
 * reports of the last runs.
 */
import { parseArgs } from "node:util";
import { type Figure, report } from "./bench/harness.ts";
import { recordFigures } from "./bench/record.ts";
import { exitOnSignals } from "./test/exit-on-signals.ts";

/** A bench by name; loaded only when asked for, so that one bench does not need another's servers. */
const benches: Record<string, () => Promise<{ run: (rounds: number) => Promise<Figure[]>; rounds: number }>> = {
  "tenant-read": () => import("./bench/tenant-read.ts"),
  booking: () => import("./bench/booking.ts"),
  live: () => import("./bench/live.ts"),
  tenants: () => import("./bench/tenants.ts"),
  slots: () => import("./bench/slots.ts"),
  "slot-search": () => import("./bench/slot-search.ts"),
  envelope: () => import("./bench/envelope.ts"),
};

exitOnSignals();
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string" }, record: { type: "boolean", default: false } },
  allowPositionals: true,
});
if (values.record) {
  recordFigures();
  process.exit(0);
}
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(", ")}. There is: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}

let missed = 0;
for (const name of names) {
  const bench = await benches[name]?.();
  if (!bench) continue;
  const figures = await bench.run(Math.max(5, Number(values.rounds ?? bench.rounds)));
  await report(name, figures);
  missed += figures.filter((row) => row.met === false).length;
}
console.log(missed === 0 ? "\nbench: every goal met" : `\nbench: ${missed} goals missed`);
process.exit(0);
