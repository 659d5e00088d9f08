import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Proof } from "../proofs/harness.ts";
import { root } from "../services/folders.ts";
import type { Count } from "./run-vitest.ts";

/** Runs the short form of every proof; one that is not met, or a run that ended early, counts as a failure. */
export async function runProofs(): Promise<Count> {
  const file = join(root, "reports/proofs.json");
  rmSync(file, { force: true });
  const code = await new Promise<number>((resolve, reject) => {
    const run = spawn(process.execPath, ["scripts/proofs.ts"], { cwd: root, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.kill(signal));
    run.once("error", reject);
    run.once("close", (exit) => resolve(exit ?? 1));
  });
  const proofs = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Proof[]) : [];
  const missed = proofs.filter((proof) => !proof.met);
  const passed = proofs.length - missed.length;
  if (code !== 0 && missed.length === 0) return { passed, failed: 1, why: [`the proofs ended with ${code}`] };
  return { passed, failed: missed.length, why: missed.map(reasonOf) };
}

function reasonOf({ name, tried, failed, control, why = [] }: Proof): string {
  const counted = `${name}: ${tried} / ${failed}, control ${control ? "red" : "GREEN"}`;
  return [counted, ...why.slice(0, 3).map((line) => line.slice(0, 300))].join("; ");
}
