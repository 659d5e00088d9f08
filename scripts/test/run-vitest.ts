import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../services/folders.ts";

export type Count = { passed: number; failed: number };

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
};

/** Runs vitest with one of our configurations; returns how many tests passed and failed. */
export async function runVitest(config: string, paths: string[], flags: string[]): Promise<Count> {
  const folder = join(root, ".pulsecal", "test-results");
  const file = join(folder, `${config}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run(["run", "--config", config, ...reporters, ...flags, ...paths]);
  const count = existsSync(file) ? countOf(JSON.parse(readFileSync(file, "utf8")) as Report) : { passed: 0, failed: 0 };
  // A floor of the coverage that was missed or an error outside of any test fails the run as well.
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** A file that could not be loaded has no tests to count: it is one failure. */
export function countOf(report: Report): Count {
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

function run(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const tool = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd: root, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => tool.kill(signal));
    tool.once("error", reject);
    tool.once("close", (code) => resolve(code ?? 1));
  });
}
