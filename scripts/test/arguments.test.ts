import { expect, test } from "vitest";
import { readPlan } from "./arguments.ts";
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
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{}, {}] },
    { status: "passed", assertionResults: [{}] },
  ];
  expect(countOf({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({ passed: 2, failed: 2 });
});
