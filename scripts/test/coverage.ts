import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../services/folders.ts";

type Summary = Record<string, { lines: { total: number; covered: number } }>;

const PACKAGES = ["core", "db", "api"];

/** One line per package: the share of its lines that tests ran through. */
export function coverageLines(): string[] {
  const file = join(root, "coverage/coverage-summary.json");
  if (!existsSync(file)) return [];
  const summary = JSON.parse(readFileSync(file, "utf8")) as Summary;
  return PACKAGES.map((name) => {
    const files = Object.entries(summary).filter(([path]) => relative(root, path).startsWith(`packages/${name}/`));
    const covered = files.reduce((sum, [, file]) => sum + file.lines.covered, 0);
    const total = files.reduce((sum, [, file]) => sum + file.lines.total, 0);
    return `coverage of ${name}: ${total === 0 ? "no lines" : `${((100 * covered) / total).toFixed(1)} % of ${total} lines`}`;
  });
}
