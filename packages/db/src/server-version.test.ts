import { expect, test } from "vitest";
import { isSafeVersion } from "./server-version.ts";

test("a server is safe from the patch that hides statistics of hidden rows", () => {
  expect([150_014, 160_010, 170_006, 180_000, 180_004].map(isSafeVersion)).toEqual([true, true, true, true, true]);
  expect([140_020, 150_013, 160_009, 170_005].map(isSafeVersion)).toEqual([false, false, false, false]);
});
