import { benchSlots } from "../../packages/core/src/availability/bench/slots.bench.ts";
import type { Figure } from "./harness.ts";

export const rounds = 15;

/** The availability engine with everything switched on against the floor sweep it ships with; no server is involved. */
export async function run(count: number): Promise<Figure[]> {
  return benchSlots({ rounds: count });
}
