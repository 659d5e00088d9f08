import { expect, test } from "vitest";
import { withoutFilters } from "./forgotten-filters.ts";
import { probeProcedures } from "./procedure-probes.ts";
import { type Breakage, makeProcedureWorld } from "./procedure-world.ts";

async function probe(breakage: Breakage, names?: string[]) {
  const world = await makeProcedureWorld(breakage);
  try {
    return await probeProcedures(world, ({ name }) => names?.includes(name) ?? true);
  } finally {
    await world.close();
  }
}

test("no procedure tells or changes anything of another clinic, whoever asks", { timeout: 180_000 }, async () => {
  const { crossing, twins, failures } = await probe({});
  expect(failures).toEqual([]);
  expect(crossing).toBeGreaterThan(1_000);
  expect(twins).toBeGreaterThan(100);
});

test("without filters, row security alone keeps clinics apart", { timeout: 180_000 }, async () => {
  expect((await probe({ database: withoutFilters }, ["guest", "owner"])).failures).toEqual([]);
});

test("negative control: without filters and row security the probes see leaks", { timeout: 180_000 }, async () => {
  const { failures } = await probe({ openPolicies: true, database: withoutFilters }, ["guest", "owner"]);
  expect(failures.filter((failure) => failure.includes("the answer names the other clinic"))).not.toEqual([]);
});
