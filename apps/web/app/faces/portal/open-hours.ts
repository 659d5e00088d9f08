import { addDays, type DayWindow, type Rules } from "@pulsecal/core";

export type Stretch = { from: number; to: number };

const day = 1440;

/** ISO weekday of a calendar date: it belongs to no zone. */
const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

function windowsOn(rules: Rules, date: string): DayWindow[] {
  const other = rules.overrides.find((one) => one.date === date);
  return other === undefined ? rules.weekly.filter((window) => window.weekday === weekdayOf(date)) : other.windows;
}

/** When a doctor works on a date, in minutes of that day, joined and in order; last night's late hours included. */
export function openStretches(rules: Rules, date: string): Stretch[] {
  const past = ({ from, to }: DayWindow): Stretch => ({ from, to: to <= from ? to + day : to });
  const all = [
    ...windowsOn(rules, addDays(date, -1))
      .map(past)
      .map(({ from, to }) => ({ from: from - day, to: to - day })),
    ...windowsOn(rules, date).map(past),
  ]
    .filter(({ to }) => to > 0)
    .map(({ from, to }) => ({ from: Math.max(0, from), to }))
    .toSorted((a, b) => a.from - b.from);
  const joined: Stretch[] = [];
  for (const next of all) {
    const last = joined.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else joined.push({ ...next });
  }
  return joined;
}

/** What is left of a range when the doctor works only in these stretches. */
export function closedStretches(open: readonly Stretch[], range: Stretch): Stretch[] {
  const closed: Stretch[] = [];
  let at = range.from;
  for (const { from, to } of open) {
    if (from > at) closed.push({ from: at, to: Math.min(from, range.to) });
    at = Math.max(at, to);
  }
  if (at < range.to) closed.push({ from: at, to: range.to });
  return closed.filter(({ from, to }) => to > from);
}
