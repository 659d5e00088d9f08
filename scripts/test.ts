/** `npm test`: unit and database tests with coverage, browser tests, short proofs; the last line is the sum. */
import { readPlan } from "./test/arguments.ts";
import { coverageLines } from "./test/coverage.ts";
import { runProofs } from "./test/run-proofs.ts";
import { type Count, runVitest } from "./test/run-vitest.ts";
import { runCommand } from "./services/trouble.ts";

await runCommand(async () => {
  const [full, args] = [process.argv.includes("--full"), process.argv.slice(2).filter((arg) => arg !== "--full")];
  if (full) process.env["PULSECAL_FULL"] = "1"; // the browser tests read it
  const plan = readPlan(args);
  const counts: Count[] = [];
  if (plan.unit) {
    // A part of the tests covers a part of the lines: the floors are for a whole run.
    const whole = plan.unit.length === 0;
    counts.push(await runVitest("vitest.config.ts", plan.unit, whole ? ["--coverage"] : []));
    if (whole) for (const line of coverageLines()) console.log(line);
  }
  if (plan.e2e) counts.push(await runVitest("vitest.e2e.config.ts", plan.e2e, []));
  if (plan.proofs) counts.push(await runProofs());
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  for (const line of counts.flatMap(({ why }) => why)) console.log(`failed: ${line}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
