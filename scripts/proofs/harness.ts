import { mkdir, writeFile } from "node:fs/promises";

/**
 * One line of a proof. `control` says whether the deliberately broken build or policy turned the same check red; a proof
 * whose control stayed green has proven nothing, so it is not met whatever it counted.
 */
export type Proof = {
  name: string;
  tried: number;
  failed: number;
  control: boolean;
  goal: string;
  met: boolean;
  /** what failed, where a proof can tell */
  why?: string[];
};

export type ProofOptions = { full: boolean; seed: number };
export type ProofSuite = (options: ProofOptions) => Promise<Proof[]>;

/** Builds a proof's line: met when enough was tried, nothing failed and the control turned red. */
export function proof(
  name: string,
  counted: { tried: number; failed: number; control: boolean; atLeast?: number; why?: string[] },
): Proof {
  const atLeast = counted.atLeast ?? 1;
  return {
    name,
    tried: counted.tried,
    failed: counted.failed,
    control: counted.control,
    goal: `0 of at least ${atLeast}`,
    met: counted.failed === 0 && counted.tried >= atLeast && counted.control,
    ...(counted.why && counted.why.length > 0 ? { why: counted.why } : {}),
  };
}

/** Prints each proof as `name: tried / failed` and writes `reports/proofs.json`. */
export async function reportProofs(proofs: Proof[]): Promise<void> {
  for (const row of proofs) {
    console.log(
      `${row.met ? "ok  " : "FAIL"} ${row.name}: ${row.tried} / ${row.failed}  control ${row.control ? "red" : "GREEN"}  goal ${row.goal}`,
    );
  }
  await mkdir("reports", { recursive: true });
  await writeFile("reports/proofs.json", `${JSON.stringify(proofs, null, 2)}\n`);
}

/** A small seeded generator (mulberry32), so that a run can be repeated from its printed seed. */
export function seeded(seed: number): {
  next: () => number;
  int: (below: number) => number;
  pick: <T>(items: readonly T[]) => T;
} {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(items.length)];
    if (item === undefined) throw new Error("pick from an empty list");
    return item;
  };
  return { next, int, pick };
}
