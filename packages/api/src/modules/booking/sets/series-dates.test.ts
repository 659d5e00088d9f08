import { addDays, dayOf, evaluateSeries, formatTime, type Question, wallTime } from "@pulsecal/core";
import { describe, expect, test } from "vitest";
import { type Next, seeded } from "./testing/seeded.ts";
import { type SeriesRule, seriesDates, type Weekday, weekdays } from "./series-dates.ts";

const datesOf = (first: string, rule: SeriesRule) => {
  const found = seriesDates(first, rule);
  return found.ok ? found.dates : found.why;
};

describe("the dates of a series", () => {
  test.each<[string, SeriesRule, string[] | string]>([
    ["2026-11-24", { freq: "daily", interval: 2, count: 3 }, ["2026-11-24", "2026-11-26", "2026-11-28"]],
    ["2026-12-29", { freq: "weekly", interval: 1, count: 3 }, ["2026-12-29", "2027-01-05", "2027-01-12"]],
    [
      "2026-11-24",
      { freq: "weekly", interval: 2, count: 4, byDay: ["TU", "TH"] },
      ["2026-11-24", "2026-11-26", "2026-12-08", "2026-12-10"],
    ],
    ["2026-11-24", { freq: "weekly", interval: 1, count: 2, byDay: ["MO"] }, ["2026-11-30", "2026-12-07"]],
    ["2026-10-31", { freq: "monthly", interval: 1, count: 3 }, ["2026-10-31", "2026-12-31", "2027-01-31"]],
    ["2028-02-29", { freq: "monthly", interval: 12, count: 1 }, ["2028-02-29"]],
    ["2026-11-24", { freq: "daily", interval: 1, until: "2026-11-26" }, ["2026-11-24", "2026-11-25", "2026-11-26"]],
    ["2026-11-24", { freq: "daily", interval: 1, until: "2026-11-23" }, "none"],
    ["2026-11-24", { freq: "daily", interval: 1, until: "2027-11-23" }, "too_many"],
    ["2026-11-24", { freq: "monthly", interval: 6, count: 6 }, "too_long"],
  ])("from %s, %j", (first, rule, dates) => {
    expect(datesOf(first, rule)).toEqual(dates);
  });
});

function anyRule(next: Next): { first: string; rule: SeriesRule } {
  const freq = (["daily", "weekly", "monthly"] as const)[next(3)] ?? "daily";
  const byDay = weekdays.filter(() => next(3) === 0);
  const rule: SeriesRule = { freq, interval: 1 + next(4), count: 1 + next(10) };
  return {
    first: addDays("2024-01-01", next(2000)),
    rule: freq === "weekly" && byDay.length > 0 ? { ...rule, byDay } : rule,
  };
}

/** The slow, obvious way: walk day by day and ask of each whether it belongs. */
function walked(first: string, { freq, interval, count = 0, byDay }: SeriesRule): string[] {
  const weekdayOf = (date: string): Weekday => weekdays[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? "MO";
  const daysFrom = (date: string) => (Date.parse(date) - Date.parse(first)) / 86_400_000;
  const mondayOf = (date: string) => addDays(date, -weekdays.indexOf(weekdayOf(date)));
  const monthOf = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  const belongs = (date: string): boolean => {
    if (freq === "daily") return daysFrom(date) % interval === 0;
    if (freq === "monthly")
      return date.slice(8) === first.slice(8) && (monthOf(date) - monthOf(first)) % interval === 0;
    const week = (Date.parse(mondayOf(date)) - Date.parse(mondayOf(first))) / (7 * 86_400_000);
    return (byDay ?? [weekdayOf(first)]).includes(weekdayOf(date)) && week % interval === 0;
  };
  const dates: string[] = [];
  for (let date = first; dates.length < count; date = addDays(date, 1)) if (belongs(date)) dates.push(date);
  return dates;
}

test("are those a slow walk day by day finds", () => {
  seeded("a series' dates equal a walk day by day", 200, (next) => {
    const { first, rule } = anyRule(next);
    const found = seriesDates(first, rule);
    const expected = walked(first, rule);
    if (found.ok) expect(found.dates, `${first} ${JSON.stringify(rule)}`).toEqual(expected);
    else expect(Date.parse(expected.at(-1) ?? "") - Date.parse(first)).toBeGreaterThan(731 * 86_400_000);
  });
});

const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Johannesburg"];

test("keep their time on the clinic's clock across clock changes, and say where a clock jumps over it", () => {
  seeded("a series keeps its wall-clock time", 200, (next) => {
    const { first, rule } = anyRule(next);
    const zone = zones[next(zones.length)] ?? "UTC";
    const minute = next(96) * 15;
    const found = seriesDates(first, rule);
    if (!found.ok) return;
    const open: Question = {
      zone,
      now: 0,
      service: { minutes: 15, intervalMinutes: 1 },
      resources: [{ id: "room", rules: null, busy: [], leave: [] }],
    };
    const { results } = evaluateSeries(
      open,
      found.dates.map((date) => ({ date, minute })),
      0,
    );
    const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    for (const result of results) {
      const where = `${result.date} ${clock} ${zone}`;
      const { existed } = wallTime(result.date, minute, zone);
      expect(result.result, where).toBe(existed ? "free" : "no_such_time");
      if (result.result !== "free") continue;
      expect(dayOf(result.start, zone), where).toBe(result.date);
      expect(formatTime(result.start, zone), where).toBe(clock);
    }
  });
});
