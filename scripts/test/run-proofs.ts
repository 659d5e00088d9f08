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
  const passed = proofs.filter((proof) => proof.met).length;
  const failed = proofs.length - passed;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
