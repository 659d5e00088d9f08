import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "../services/folders.ts";

/** How a part of the run ended; `why` has a line for each failure. */
export type Count = { passed: number; failed: number; why: string[] };

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
};

/** Runs vitest with one of our configurations; returns how many tests passed and failed. */
export async function runVitest(config: string, paths: string[], flags: string[]): Promise<Count> {
  const folder = join(root, ".pulsecal", "test-results");
  const file = join(folder, `${config}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run(["run", "--config", config, ...reporters, ...flags, ...paths]);
  const count = existsSync(file) ? countOf(JSON.parse(readFileSync(file, "utf8")) as Report) : nothing;
  // A floor of the coverage that was missed or an error outside of any test fails the run as well.
  if (code === 0 || count.failed > 0) return count;
  return {
    ...count,
    failed: 1,
    why: [`vitest with ${config} ended with ${code}: a floor missed, or an error outside of any test`],
  };
}

/** A file that could not be loaded has no tests to count: it is one failure. */
export function countOf(report: Report): Count {
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const why = report.testResults.flatMap((file) => [
    ...(unloaded.includes(file) ? [`${relative(root, file.name)}: ${brief(file.message)}`] : []),
    ...file.assertionResults
      .filter(({ status }) => status === "failed")
      .map((test) => `${relative(root, file.name)}: ${test.fullName}: ${brief(test.failureMessages?.[0])}`),
  ]);
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length, why };
}

const nothing: Count = { passed: 0, failed: 0, why: [] };

/** The first lines of a message, on one. */
const brief = (message = "no message"): string =>
  stripVTControlCharacters(message).split("\n").slice(0, 3).join(" ").slice(0, 300);

function run(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const tool = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd: root, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => tool.kill(signal));
    tool.once("error", reject);
    tool.once("close", (code) => resolve(code ?? 1));
  });
}
