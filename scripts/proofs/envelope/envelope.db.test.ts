import { expect, test } from "vitest";
import { envelope } from "../envelope.ts";

test("the short form: nothing forged opens, nothing told stands in the clear", { timeout: 120_000 }, async () => {
  const proofs = await envelope({ full: false, seed: 7 });
  expect(proofs.filter((proof) => !proof.met)).toEqual([]);
  expect(proofs).toHaveLength(4);
});
