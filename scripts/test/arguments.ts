import { Trouble } from "../services/trouble.ts";

export type Plan = { unit: string[] | null; e2e: string[] | null };

const USAGE = "npm test -- [--unit | --e2e] [part of a test file's path ...]";

/** Which parts run, and the path filters of each; null leaves a part out. */
export function readPlan(args: string[]): Plan {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const unknown = flags.find((flag) => flag !== "--unit" && flag !== "--e2e");
  if (unknown !== undefined) throw new Trouble(`Unknown argument ${unknown}. Usage: ${USAGE}`);
  const chosen = { unit: flags.includes("--unit"), e2e: flags.includes("--e2e") };
  if (chosen.unit !== chosen.e2e) return chosen.unit ? { unit: paths, e2e: null } : { unit: null, e2e: paths };
  if (paths.length === 0) return { unit: [], e2e: [] };
  const inBrowser = paths.filter((path) => /(^|\/)e2e(\/|$)|\.spec\.ts$/.test(path));
  const others = paths.filter((path) => !inBrowser.includes(path));
  return { unit: others.length > 0 ? others : null, e2e: inBrowser.length > 0 ? inBrowser : null };
}
