import { join } from "node:path";
import { expect, test } from "vitest";
import { readPlan } from "./arguments.ts";
import { root } from "../services/folders.ts";
import { countOf } from "./run-vitest.ts";

test.each([
  [[], { unit: [], e2e: [], proofs: true }],
  [["--unit"], { unit: [], e2e: null, proofs: false }],
  [["--e2e"], { unit: null, e2e: [], proofs: false }],
  [["--proofs"], { unit: null, e2e: null, proofs: true }],
  [["--unit", "--e2e"], { unit: [], e2e: [], proofs: false }],
  [["packages/core"], { unit: ["packages/core"], e2e: null, proofs: false }],
  [["apps/web/e2e/clinic/book.spec.ts"], { unit: null, e2e: ["apps/web/e2e/clinic/book.spec.ts"], proofs: false }],
  [["packages/core", "apps/web/e2e"], { unit: ["packages/core"], e2e: ["apps/web/e2e"], proofs: false }],
  [["--e2e", "book"], { unit: null, e2e: ["book"], proofs: false }],
])("%j runs %j", (args, plan) => {
  expect(readPlan(args)).toEqual(plan);
});

test("an unknown flag is refused with the usage", () => {
  expect(() => readPlan(["--watch"])).toThrow(/Unknown argument --watch\. Usage: npm test/);
});

test("a file that could not be loaded counts as one failure", () => {
  const name = join(root, "some.test.ts");
  const passed = { status: "passed", fullName: "fits" };
  const failed = {
    status: "failed",
    fullName: "does not",
    failureMessages: ["expected 1\nto be 2\nat all\nat line 5"],
  };
  const testResults = [
    { name, status: "failed", message: "no such module", assertionResults: [] },
    { name, status: "failed", assertionResults: [passed, failed] },
    { name, status: "passed", assertionResults: [passed] },
  ];
  expect(countOf({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({
    passed: 2,
    failed: 2,
    why: ["some.test.ts: no such module", "some.test.ts: does not: expected 1 to be 2 at all"],
  });
});
