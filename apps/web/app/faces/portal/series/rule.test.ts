import { describe, expect, test } from "vitest";
import { checkRule, readRule, ruleParams, type RuleTyped, ruleWords, weekdayOf } from "./rule.ts";

const zone = "Africa/Johannesburg";
const today = "2026-11-22";
const read = (address: string) => readRule(new URLSearchParams(address), zone, today);
const problemsOf = (over: Partial<RuleTyped>, where = zone) => {
  const checked = checkRule({ ...read("at=2026-11-24T08:00:00Z"), ...over }, where);
  return checked.ok ? [] : checked.problems.map(({ id, text }) => `${id}: ${text}`);
};

describe("the rule of a series", () => {
  test("begins at the place of the agenda that led to it: every week, six times, on the clinic's clock", () => {
    const rule = read("service=s&with=p&at=2026-11-24T08:00:00Z");
    expect(rule).toMatchObject({ service: "s", practitioner: "p", date: "2026-11-24", time: "10:00", freq: "weekly" });
    expect(rule).toMatchObject({ every: "1", ends: "count", count: "6", days: [] });
    const checked = checkRule(rule, zone);
    expect(checked).toEqual({
      ok: true,
      input: {
        serviceId: "s",
        practitionerId: "p",
        start: new Date("2026-11-24T08:00:00Z"),
        rule: { freq: "weekly", interval: 1, count: 6 },
      },
    });
  });

  test("takes a time as people type it, and keeps what is none as it was typed", () => {
    expect(["time=930", "time=9h30", "time=24:00", "time=soon"].map((address) => read(address).time)).toEqual([
      "09:30",
      "09:30",
      "24:00",
      "soon",
    ]);
    expect(problemsOf({ time: "24:00" })).toEqual(["rule-time: Enter a time, like 10:30"]);
  });

  test("is the same rule after a way through the address", () => {
    const rule: RuleTyped = {
      ...read("at=2026-11-24T08:00:00Z&service=s&with=p&minutes=40"),
      every: "2",
      days: ["TU", "TH"],
      ends: "until",
      until: "2027-02-01",
    };
    expect(readRule(ruleParams(rule), zone, today)).toEqual(rule);
  });

  test("leaves out what belongs to another kind: weekdays of a monthly one, a count beside a last date", () => {
    const checked = checkRule(
      { ...read(""), freq: "monthly", days: ["MO"], ends: "until", until: "2027-06-01", count: "9" },
      zone,
    );
    expect(checked.ok && checked.input.rule).toEqual({ freq: "monthly", interval: 1, until: "2027-06-01" });
  });

  test("says of each field what to do, and nothing of a field that is not asked for", () => {
    expect(problemsOf({ date: "2026-02-30", time: "25:00", every: "0", count: "1" })).toEqual([
      "rule-date: Choose the first date",
      "rule-time: Enter a time, like 10:30",
      "rule-every: Enter how often, from 1 to 26",
      "rule-count: Enter how many times, from 2 to 52",
    ]);
    expect(problemsOf({ ends: "until", count: "", until: "" })).toEqual(["rule-until: Choose the last date"]);
    expect(problemsOf({ ends: "until", until: "2026-11-24" })).toEqual([
      "rule-until: Choose a last date after the first",
    ]);
  });

  test("does not begin at a time that the clocks jump over", () => {
    expect(problemsOf({ date: "2027-03-28", time: "02:30" }, "Europe/Berlin")).toEqual([
      "rule-time: The clocks go forward over this time on the first date. Choose another.",
    ]);
  });

  test.each<[Partial<RuleTyped>, string]>([
    [{}, "Every week on Tuesday at 10:00"],
    [{ every: "2", days: ["TU", "TH", "FR"] }, "Every 2 weeks on Tuesday, Thursday and Friday at 10:00"],
    [{ freq: "daily" }, "Every day at 10:00"],
    [{ freq: "monthly", every: "3" }, "Every 3 months on day 24 at 10:00"],
  ])("reads in words: %j", (over, words) => {
    expect(ruleWords({ ...read("at=2026-11-24T08:00:00Z"), ...over })).toBe(words);
  });

  test("knows the weekday of a date", () => {
    expect([weekdayOf("2026-11-22"), weekdayOf("2026-11-23")]).toEqual(["SU", "MO"]);
  });
});
