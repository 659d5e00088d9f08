import { addDays, dayOf, formatTime, wallTime } from "@pulsecal/core";
import { formatMinutes, parseMinutes } from "@pulsecal/ui/app";

/** The weekdays as the API names them, Monday first. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];
export const weekdayNames: Record<Weekday, string> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};

export const frequencies = ["daily", "weekly", "monthly"] as const;
export type Frequency = (typeof frequencies)[number];

/** A series as its form has it: texts as typed, choices that make no sense replaced by the usual ones. */
export type RuleTyped = {
  service: string;
  practitioner: string;
  /** one of the service's other lengths; empty for its own */
  minutes: string;
  date: string;
  time: string;
  every: string;
  freq: Frequency;
  days: Weekday[];
  ends: "count" | "until";
  count: string;
  until: string;
};

/** What the API is asked about. */
export type RuleInput = {
  serviceId: string;
  practitionerId: string;
  start: Date;
  minutes?: number;
  rule: { freq: Frequency; interval: number; count?: number; until?: string; byDay?: Weekday[] };
};

type Problem = { id: string; text: string };

/** As many as the API takes. */
const mostDates = 52;
const mostBetween = 26;
const usualCount = "6";

/**
 * Reads the rule from an address or a form. `at` is an instant that a place of the agenda leads in with; the form says
 * date and time on the clinic's clock.
 */
export function readRule(params: URLSearchParams, zone: string, today: string): RuleTyped {
  const text = (name: string) => (params.get(name) ?? "").trim().slice(0, 40);
  const at = Date.parse(params.get("at") ?? "");
  const led = Number.isNaN(at) ? null : { date: dayOf(at, zone), time: formatTime(at, zone) };
  return {
    service: text("service"),
    practitioner: text("with"),
    minutes: text("minutes"),
    date: params.has("date") ? text("date") : (led?.date ?? addDays(today, 1)),
    time: params.has("time") ? tidyTime(text("time")) : (led?.time ?? "09:00"),
    every: params.has("every") ? text("every") : "1",
    freq: frequencies.find((one) => one === text("freq")) ?? "weekly",
    days: weekdays.filter((day) => params.getAll("day").includes(day)),
    ends: text("ends") === "until" ? "until" : "count",
    count: params.has("count") ? text("count") : usualCount,
    until: text("until"),
  };
}

/** The rule as an address says it; reading it gives the same rule. */
export function ruleParams(rule: RuleTyped): URLSearchParams {
  const { service, practitioner, minutes, date, time, every, freq, days, ends, count, until } = rule;
  const params = new URLSearchParams({ service, with: practitioner });
  if (minutes !== "") params.set("minutes", minutes);
  for (const [name, value] of Object.entries({ date, time, every, freq, ends, count, until })) params.set(name, value);
  for (const day of days) params.append("day", day);
  return params;
}

/** Checks what was typed, in words for the desk; what is right goes to the API. */
export function checkRule(
  typed: RuleTyped,
  zone: string,
): { ok: true; input: RuleInput } | { ok: false; problems: Problem[] } {
  const problems: Problem[] = [];
  const wrong = (id: string, text: string) => void problems.push({ id: `rule-${id}`, text });
  const interval = wholeNumber(typed.every);
  const count = wholeNumber(typed.count);
  const minute = minuteOf(typed.time);
  if (!isDate(typed.date)) wrong("date", "Choose the first date");
  if (minute === null) wrong("time", "Enter a time, like 10:30");
  if (interval === null || interval < 1 || interval > mostBetween)
    wrong("every", `Enter how often, from 1 to ${mostBetween}`);
  if (typed.ends === "count" && (count === null || count < 2 || count > mostDates))
    wrong("count", `Enter how many times, from 2 to ${mostDates}`);
  if (typed.ends === "until" && !isDate(typed.until)) wrong("until", "Choose the last date");
  else if (typed.ends === "until" && isDate(typed.date) && typed.until <= typed.date)
    wrong("until", "Choose a last date after the first");
  if (problems.length > 0) return { ok: false, problems };

  const { instant, existed } = wallTime(typed.date, minute ?? 0, zone);
  if (!existed) wrong("time", "The clocks go forward over this time on the first date. Choose another.");
  if (problems.length > 0) return { ok: false, problems };
  const minutes = wholeNumber(typed.minutes);
  return {
    ok: true,
    input: {
      serviceId: typed.service,
      practitionerId: typed.practitioner,
      start: new Date(instant),
      ...(minutes === null ? {} : { minutes }),
      rule: {
        freq: typed.freq,
        interval: interval ?? 1,
        ...(typed.ends === "count" ? { count: count ?? 1 } : { until: typed.until }),
        ...(typed.freq === "weekly" && typed.days.length > 0 ? { byDay: typed.days } : {}),
      },
    },
  };
}

const units: Record<Frequency, [string, string]> = {
  daily: ["day", "days"],
  weekly: ["week", "weeks"],
  monthly: ["month", "months"],
};

/** "Every 2 weeks on Tuesday and Thursday at 10:00", of a rule that was checked. */
export function ruleWords(rule: RuleTyped): string {
  const [one, several] = units[rule.freq];
  const often = Number(rule.every) === 1 ? `Every ${one}` : `Every ${rule.every} ${several}`;
  return `${often}${onWords(rule)} at ${rule.time}`;
}

function onWords({ freq, days, date }: RuleTyped): string {
  if (freq === "daily") return "";
  if (freq === "monthly") return ` on day ${Number(date.slice(8))}`;
  const names = (days.length > 0 ? days : [weekdayOf(date)]).map((day) => weekdayNames[day]);
  const last = names.at(-1) ?? "";
  return ` on ${names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`}`;
}

/** The weekday of a date of the calendar; Monday where it is none. */
export const weekdayOf = (date: string): Weekday =>
  weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "MO";

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  const year = Number(text.slice(0, 4));
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) && year >= 2000 && year <= 2150;
}

/** "930" is half past nine; what is no time stays as it was typed. */
function tidyTime(text: string): string {
  const minute = minuteOf(text);
  return minute === null ? text.slice(0, 5) : formatMinutes(minute);
}

/** A visit begins before the day is over: 24:00 is the next day's 00:00. */
function minuteOf(text: string): number | null {
  const minute = parseMinutes(text);
  return minute === null || minute >= 1440 ? null : minute;
}

const wholeNumber = (text: string): number | null => (/^\d{1,4}$/.test(text) ? Number(text) : null);
