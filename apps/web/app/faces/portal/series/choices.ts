import { dayOf, formatDay, formatTime } from "@pulsecal/core";
import type { Staff } from "../types.ts";

/** A date of a series as the API sees it: free, blocked and why, or a time that clocks jump over. */
export type SeriesDate = Staff["series"]["check"]["dates"][number];

/** What was chosen for dates, by date: an instant, "out", or nothing yet. */
export type Chosen = Readonly<Record<string, string>>;

export const out = "out";

/** What stands for a date: what was chosen if it is still there, the time asked for where it is free, or nothing. */
export function choiceOf(date: SeriesDate, chosen: Chosen): string | null {
  const picked = chosen[date.date];
  if (picked === out) return out;
  const asked = date.result === "free" && date.start !== undefined ? date.start.toISOString() : null;
  if (picked === undefined) return asked;
  const there = picked === asked || date.alternatives.some((time) => time.toISOString() === picked);
  return there ? picked : asked;
}

/** The dates that would be booked, by the clock of the series. */
export function bookedOf(dates: readonly SeriesDate[], chosen: Chosen): { date: string; start: Date }[] {
  return dates.flatMap((one) => {
    const choice = choiceOf(one, chosen);
    return choice === null || choice === out ? [] : [{ date: one.date, start: new Date(choice) }];
  });
}

/** Two chosen times of one series that overlap: the later of them, by its date. */
export function clashOf(booked: readonly { date: string; start: Date }[], minutes: number): string | null {
  const sorted = [...booked].sort((a, b) => +a.start - +b.start);
  const at = sorted.findIndex((one, n) => +one.start - +(sorted[n - 1]?.start ?? 0) < minutes * 60_000);
  return sorted[at]?.date ?? null;
}

/** Every blocked date that nobody has decided on gets its nearest time, one that no other date has; or stays open. */
export function nearestForAll(dates: readonly SeriesDate[], chosen: Chosen, minutes: number): Record<string, string> {
  const next: Record<string, string> = { ...chosen };
  for (const one of dates) {
    if (choiceOf(one, next) !== null) continue;
    const time = one.alternatives.find((start) => {
      const booked = [...bookedOf(dates, next), { date: one.date, start }];
      return clashOf(booked, minutes) === null;
    });
    if (time !== undefined) next[one.date] = time.toISOString();
  }
  return next;
}

/** The dates that look different now from what is on screen. */
export function changedDates(shown: readonly SeriesDate[], now: readonly SeriesDate[]): string[] {
  const looks = new Map(shown.map((one) => [one.date, lookOf(one)]));
  return now.filter((one) => looks.get(one.date) !== lookOf(one)).map(({ date }) => date);
}

const lookOf = ({ result, why, alternatives }: SeriesDate): string =>
  JSON.stringify([result, why, alternatives.map((time) => +time)]);

/** "Tue 24 Nov"; the year too where it is not the one of the day it is read on. */
export function dayWords(instant: number, zone: string, today: string): string {
  const year = dayOf(instant, zone).slice(0, 4);
  return `${formatDay(instant, zone)}${year === today.slice(0, 4) ? "" : ` ${year}`}`;
}

/** A time beside a date: the clock alone on the same day, else with its day. */
export function besideWords(start: Date, date: string, zone: string, today: string): string {
  const clock = formatTime(+start, zone);
  return dayOf(+start, zone) === date ? clock : `${dayWords(+start, zone, today)}, ${clock}`;
}
