import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Proof } from "../proofs/harness.ts";
import { type Figure, shown } from "./harness.ts";

const dated = (file: string): string => statSync(file).mtime.toISOString().slice(0, 16).replace("T", " ");
const verdict = (met: boolean | null): string => (met === null ? "" : met ? "met" : "**missed**");

/** Writes docs/figures.md from the reports that stand in `reports/`, each with the time of its run and its command. */
export function recordFigures(): void {
  const lines = [
    "# Figures",
    "",
    `Made by \`npm run bench -- --record\` from the last runs on one machine (${cpus().length} x ${cpus()[0]?.model ?? "cpu"}, node ${process.version}). Both sides of a ratio ran interleaved in one run; ratios decide, milliseconds move with the machine. Median, and lowest to highest round.`,
    "",
    ...proofLines("reports/proofs.json"),
  ];
  for (const file of existsSync("reports/bench") ? readdirSync("reports/bench").sort() : []) {
    lines.push(...benchLines(file.replace(/\.json$/, ""), `reports/bench/${file}`));
  }
  writeFileSync("docs/figures.md", `${lines.join("\n").trimEnd()}\n`);
}

function proofLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const proofs = JSON.parse(readFileSync(file, "utf8")) as Proof[];
  return [
    "## Proofs",
    "",
    `Last run, ${dated(file)} UTC, \`npm run proofs [-- NAME] [--full]\`; \`--full\` tries more. A proof is met when nothing failed and its deliberately broken control turned red.`,
    "",
    "| proof | tried | failed | control | |",
    "|---|---:|---:|---|---|",
    ...proofs.map(
      (row) =>
        `| ${row.name} | ${row.tried} | ${row.failed} | ${row.control ? "red" : "GREEN"} | ${verdict(row.met)} |`,
    ),
    "",
  ];
}

function benchLines(name: string, file: string): string[] {
  const figures = JSON.parse(readFileSync(file, "utf8")) as Figure[];
  return [
    `## ${name}`,
    "",
    `${dated(file)} UTC, \`npm run bench -- ${name}\``,
    "",
    "| figure | unit | median | min .. max | goal | |",
    "|---|---|---:|---:|---|---|",
    ...figures.map(
      (row) =>
        `| ${row.figure} | ${row.unit} | ${shown(row.median)} | ${shown(row.min)} .. ${shown(row.max)} | ${row.goal} | ${verdict(row.met)} |`,
    ),
    "",
  ];
}
