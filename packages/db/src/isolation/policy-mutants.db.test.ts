import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  harmlessMutant,
  killMutants,
  makeProbeWorld,
  policyMutants,
  type TestDatabase,
  testDatabase,
} from "../testing/index.ts";

/** Every clinic policy is broken in each way; a mutant counts as killed when the behaviour, not the catalog, shows it. */
describe("policy mutants", () => {
  let t: TestDatabase;
  let world: Awaited<ReturnType<typeof makeProbeWorld>>;

  beforeAll(async () => {
    t = await testDatabase();
    world = await makeProbeWorld(t);
  });
  afterAll(() => t.close());

  test("each is killed by what a clinic then sees, or no longer sees", async () => {
    const { made, survivors } = await killMutants(t, await policyMutants(t, world));
    console.log(`policy mutants: ${made} made, ${made - survivors.length} killed`);
    expect(survivors).toEqual([]);
    expect(made).toBeGreaterThan(70);
  });

  test("negative control: one that changes no behaviour survives, so this test can see survivors", async () => {
    const mutant = await harmlessMutant(t, world);
    expect(await killMutants(t, [mutant])).toEqual({ made: 1, survivors: [mutant.name] });
  });
});
