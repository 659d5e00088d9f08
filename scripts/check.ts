/**
 * `npm run check`: everything that can be judged without running the product.
 * Steps run one after the other, each prints one line; a failing step prints its whole output and the rest still runs.
 */
import { spawn } from "node:child_process";
import { doorsReport } from "./checks/doors.ts";
import { driftReport } from "./checks/drift.ts";
import { arrowsReport } from "./checks/arrows.ts";

export type Report = { ok: boolean; summary: string; output: string };
type Step = { name: string; run: () => Promise<Report> };

const bin = (name: string) => `node_modules/.bin/${name}`;

/** Runs a command to its end and keeps what it printed. */
function command(name: string, args: string[]): () => Promise<Report> {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn(bin(name), args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
      });
      let output = "";
      child.stdout.on("data", (chunk) => (output += chunk));
      child.stderr.on("data", (chunk) => (output += chunk));
      child.on("error", reject);
      child.on("close", (code) => resolve({ ok: code === 0, summary: code === 0 ? "clean" : `exit ${code}`, output }));
    });
}

const steps: Step[] = [
  { name: "types", run: command("turbo", ["run", "types", "--output-logs=errors-only", "--concurrency=2"]) },
  { name: "types of scripts", run: command("tsc", ["--noEmit", "-p", "tsconfig.json"]) },
  { name: "lint", run: command("oxlint", ["--type-aware", "--deny-warnings"]) },
  { name: "format", run: command("biome", ["ci", "--colors=off", "--max-diagnostics=20", "."]) },
  { name: "arrows", run: arrowsReport },
  { name: "doors", run: doorsReport },
  { name: "dead code", run: command("knip", ["--no-progress"]) },
  { name: "migration drift", run: driftReport },
];

const only = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
let failed = 0;
for (const step of steps) {
  if (only.length > 0 && !only.some((word) => step.name.startsWith(word))) continue;
  const started = performance.now();
  const report = await step.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${report.ok ? "ok  " : "FAIL"} ${step.name}: ${report.summary} (${seconds} s)`);
  if (!report.ok) {
    failed += 1;
    console.log(report.output);
  }
}
console.log(failed === 0 ? "check: clean" : `check: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
