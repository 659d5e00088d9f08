import { spawn } from "node:child_process";
import type { Report } from "../check.ts";

/** What the arrow checker says about a tree: how much it read and what it found. */
export type Cruise = {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
};

const trees = [
  "packages/core/src",
  "packages/db/src",
  "packages/api/src",
  "packages/ui/src",
  "packages/vault/src",
  "apps/web",
  "apps/worker/src",
  "scripts",
];

/** A checker that read nothing finds nothing: fewer modules than this means it lost its parser, not that we have no code. */
const fewestModules = 50;

/** Judges a cruise: circles and upward imports fail, and so does having read next to nothing. */
export function judgeCruise(cruise: Cruise): Report {
  const { totalCruised, violations } = cruise.summary;
  if (totalCruised < fewestModules) {
    return {
      ok: false,
      summary: `only ${totalCruised} modules read`,
      output: "The arrow checker did not read the tree; see parser in .dependency-cruiser.cjs.",
    };
  }
  const lines = violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`);
  return {
    ok: lines.length === 0,
    summary: `${lines.length} violations in ${totalCruised} modules`,
    output: lines.join("\n"),
  };
}

/** Runs dependency-cruiser over the workspace. */
export async function arrowsReport(): Promise<Report> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(
      "node_modules/.bin/depcruise",
      ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...trees],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
  return judgeCruise(JSON.parse(output) as Cruise);
}
