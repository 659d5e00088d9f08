import { expect, test } from "vitest";
import { backoff, JobRefused, judge, NotNow, retryPolicy } from "./retry.ts";

const day = 24 * 3_600_000;

test("waits double and stay bounded", () => {
  expect([1, 2, 3, 10].map((made) => backoff(made, retryPolicy))).toEqual([1_000, 2_000, 4_000, 60_000]);
});

test("an outage costs no attempt, and waits grow with its age", () => {
  const waits = [0, 4_000, day].map((age) => judge(new NotNow("mail server away"), age, retryPolicy));
  expect(waits).toEqual([1_000, 4_000, 60_000].map((waitMs) => ({ kind: "later", waitMs })));
  expect(judge({ code: "ECONNREFUSED" }, 0, retryPolicy).kind).toBe("later");
  expect(judge(new NotNow("busy", { waitMs: 15_000 }), 0, retryPolicy)).toEqual({ kind: "later", waitMs: 15_000 });
});

test("an outage longer than our patience counts like any error", () => {
  expect(judge(new NotNow("mail server away"), 4 * day, retryPolicy)).toEqual({ kind: "again" });
});

test("a job that is wrong is dead at once, other errors are tried again", () => {
  expect(judge(new JobRefused("forged"), 0, retryPolicy)).toEqual({ kind: "dead" });
  expect(judge(new TypeError("ours"), 0, retryPolicy)).toEqual({ kind: "again" });
});
