import { expect, test } from "vitest";
import { readFlags } from "./arguments.ts";

test("known flags are read and unknown ones are answered with what there is", () => {
  const known = { smoke: "runs the main job once and exits" };
  expect(readFlags(["--smoke"], known)).toEqual({ smoke: true });
  expect(readFlags([], known)).toEqual({ smoke: false });
  expect(() => readFlags(["--smokey"], known)).toThrow(
    "Unknown argument --smokey; there is: --smoke (runs the main job once and exits).",
  );
});
