import { DAY_MINUTES, dayNumber, MINUTE_MS, weekdayOf } from "../time/calendar.ts";
import { fromWall, type ZoneSpan } from "../time/zone.ts";
import type { IntervalSet } from "./intervals.ts";
import type { Busy, Horizon, Limit, Limits } from "./types.ts";

/** First start that keeps the notice: exactly now + notice is allowed. Minutes since 1970. */
export function earliestStart(now: number, noticeMinutes: number): number {
  return Math.ceil(now / MINUTE_MS + Math.max(0, noticeMinutes));
}

/** Dates (day numbers, both included) on which a start may lie; -Infinity..Infinity where there is no horizon. */
export function horizonDays(
  horizon: Horizon | undefined,
  today: number,
  holidays: ReadonlySet<number>,
): { first: number; last: number } {
  if (!horizon) return { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY };
  if ("days" in horizon) return { first: Number.NEGATIVE_INFINITY, last: today + horizon.days };
  if ("from" in horizon) return { first: dayNumber(horizon.from), last: dayNumber(horizon.to) };
  let last = today;
  for (let left = Math.min(horizon.workingDays, 1000); left > 0; ) {
    last += 1;
    if (weekdayOf(last) <= 5 && !holidays.has(last)) left -= 1;
  }
  return { first: Number.NEGATIVE_INFINITY, last };
}

/** The first minute of a date. */
export function midnight(day: number, spans: readonly ZoneSpan[]): number {
  return fromWall(spans, day * DAY_MINUTES).instant;
}

/** A run of dates (day numbers, both included) and the minute each begins; one more for the end of the last. */
export type Days = { first: number; last: number; starts: number[] };

/** Begin of each date first..last+1; asks the zone once per date. */
export function daysBetween(first: number, last: number, spans: readonly ZoneSpan[]): Days {
  const starts: number[] = [];
  for (let day = first; day <= last + 1; day++) starts.push(midnight(day, spans));
  return { first, last, starts };
}

/** The date (day number) an instant lies on; what is outside gives first - 1 or last + 1. */
function dayAt(days: Days, minute: number): number {
  let low = 0;
  let high = days.starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days.starts[middle] as number) <= minute) low = middle + 1;
    else high = middle;
  }
  return days.first + low - 1;
}

/** Bookings and their minutes on each date of `days`. */
type Tally = { counts: number[]; minutes: number[] };

/** Counts bookings by the date they begin on; one that holds several resources counts once. */
function tally(resources: readonly { busy: readonly Busy[] }[], counted: (b: Busy) => boolean, days: Days): Tally {
  const counts = days.starts.map(() => 0);
  const minutes = days.starts.map(() => 0);
  const seen = new Set<string>();
  let day = 0;
  for (const { busy } of resources) {
    for (const b of busy) {
      if (b.counts === false || b.to <= b.from || !counted(b)) continue;
      if (b.booking !== undefined) {
        if (seen.has(b.booking)) continue;
        seen.add(b.booking);
      }
      const minute = b.from / MINUTE_MS;
      // busy time mostly comes in order, so the day before is the best guess
      const guess =
        (days.starts[day] as number) <= minute && minute < (days.starts[day + 1] ?? Number.NEGATIVE_INFINITY);
      if (!guess) day = dayAt(days, minute) - days.first;
      if (day < 0 || day >= counts.length - 1) {
        day = 0;
        continue;
      }
      counts[day] = (counts[day] as number) + 1;
      minutes[day] = (minutes[day] as number) + (b.to - b.from) / MINUTE_MS;
    }
  }
  return { counts, minutes };
}

/** Runs of `length` dates whose tally leaves no room for what one more answer adds. */
function fullRuns(limit: Limit | undefined, sums: Tally, adds: Adds, days: Days, length: number): IntervalSet {
  const out: IntervalSet = [];
  if (!limit) return out;
  for (let first = 0; first + length < days.starts.length; first += length) {
    let { count, minutes } = adds;
    for (let day = first; day < first + length; day++) {
      count += sums.counts[day] as number;
      minutes += sums.minutes[day] as number;
    }
    if (count <= (limit.count ?? Infinity) && minutes <= (limit.minutes ?? Infinity)) continue;
    out.push(days.starts[first] as number, days.starts[first + length] as number);
  }
  return out;
}

/** What one answer adds to a tally. */
export type Adds = { count: number; minutes: number };

/**
 * Stretches in which a limit is used up: starts there are blocked. Day and week apart, so that both can be named.
 * `days` are whole ISO weeks.
 */
export function limitedStarts(
  limits: Limits | undefined,
  busy: { resources: readonly { busy: readonly Busy[] }[]; counted: (b: Busy) => boolean },
  adds: Adds,
  days: () => Days,
): { day: IntervalSet; week: IntervalSet } {
  if (!limits?.perDay && !limits?.perWeek) return { day: [], week: [] };
  const weeks = days();
  const sums = tally(busy.resources, busy.counted, weeks);
  return { day: fullRuns(limits.perDay, sums, adds, weeks, 1), week: fullRuns(limits.perWeek, sums, adds, weeks, 7) };
}
