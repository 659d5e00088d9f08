import { addDays } from "@pulsecal/core";
import { RRuleTemporal } from "rrule-temporal";

export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];

/** How often something comes again; it ends after so many dates or on a date (included). */
export type SeriesRule = {
  freq: "daily" | "weekly" | "monthly";
  /** every so many days, weeks or months */
  interval: number;
  count?: number | undefined;
  /** YYYY-MM-DD */
  until?: string | undefined;
  /** weekly only: on which days, instead of the weekday of the first date */
  byDay?: readonly Weekday[] | undefined;
};

/** Once a week for a year. */
export const mostDates = 52;
/** Nobody knows a clinic's hours further ahead than this. */
const longestDays = 731;

export type SeriesDates = { ok: true; dates: string[] } | { ok: false; why: "too_many" | "too_long" | "none" };

/**
 * The dates of a series as RFC 5545 counts them, the first on or after `first`. Only dates are counted here, without a
 * clock or a zone: the series keeps its wall-clock time, whatever the clocks do on a date. A month without the day
 * (the 31st) is left out.
 */
export function seriesDates(first: string, rule: SeriesRule): SeriesDates {
  const ics = new RRuleTemporal({ rruleString: `DTSTART;VALUE=DATE:${compact(first)}\nRRULE:${ruleText(rule)}` });
  const dates = ics.all((_, index) => index <= mostDates).map((date) => date.toPlainDate().toString());
  const last = dates.at(-1);
  if (last === undefined) return { ok: false, why: "none" };
  if (dates.length > mostDates) return { ok: false, why: "too_many" };
  return last <= addDays(first, longestDays) ? { ok: true, dates } : { ok: false, why: "too_long" };
}

function ruleText({ freq, interval, count, until, byDay }: SeriesRule): string {
  const parts = [`FREQ=${freq.toUpperCase()}`, `INTERVAL=${interval}`];
  if (byDay && byDay.length > 0) parts.push(`BYDAY=${byDay.join(",")}`);
  if (count !== undefined) parts.push(`COUNT=${count}`);
  if (until !== undefined) parts.push(`UNTIL=${compact(until)}`);
  return parts.join(";");
}

function compact(date: string): string {
  return date.replaceAll("-", "");
}
