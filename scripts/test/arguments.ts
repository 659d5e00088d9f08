import { Trouble } from "../services/trouble.ts";

/** Which parts run, and the path filters of each; null leaves a part out. */
export type Plan = { unit: string[] | null; e2e: string[] | null; proofs: boolean };

const USAGE = "npm test -- [--unit | --e2e | --proofs] [--full] [part of a test file's path ...]";
const parts = ["--unit", "--e2e", "--proofs"];

/** Reads the command line. Without arguments everything runs: unit and database tests, browser tests, short proofs. */
export function readPlan(args: string[]): Plan {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const unknown = flags.find((flag) => !parts.includes(flag));
  if (unknown !== undefined) throw new Trouble(`Unknown argument ${unknown}. Usage: ${USAGE}`);
  if (flags.length > 0) {
    const chosen = (flag: string): string[] | null => (flags.includes(flag) ? paths : null);
    return { unit: chosen("--unit"), e2e: chosen("--e2e"), proofs: flags.includes("--proofs") };
  }
  if (paths.length === 0) return { unit: [], e2e: [], proofs: true };
  const inBrowser = paths.filter((path) => /(^|\/)e2e(\/|$)|\.spec\.ts$/.test(path));
  const others = paths.filter((path) => !inBrowser.includes(path));
  return { unit: others.length > 0 ? others : null, e2e: inBrowser.length > 0 ? inBrowser : null, proofs: false };
}
