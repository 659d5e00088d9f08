import { DAY_MINUTES, dayNumber, parseDate, weekdayOf } from "../time/calendar.ts";
import { fromWall, type ZoneSpan } from "../time/zone.ts";
import { type IntervalSet, sortPairs } from "./intervals.ts";
import type { DayWindow, Rules, WeeklyWindow } from "./types.ts";

/** Day numbers of the dates without weekly hours. */
export function holidaySet(dates: readonly string[] | undefined): ReadonlySet<number> {
  return new Set((dates ?? []).map(dayNumber));
}

function byWeekday(weekly: readonly WeeklyWindow[]): DayWindow[][] {
  const week: DayWindow[][] = [[], [], [], [], [], [], [], []];
  for (const window of weekly) week[window.weekday]?.push(window);
  return week;
}

type Plan = { from: number; until: number; week: DayWindow[][] };

/** The windows that begin on each date, by the order of precedence: override, holiday, timetable, weekly. */
export function windowsByDay(rules: Rules, holidays: ReadonlySet<number>): (day: number) => readonly DayWindow[] {
  const overrides = new Map<number, DayWindow[]>();
  for (const override of rules.overrides) {
    const day = parseDate(override.date);
    if (day !== null) overrides.set(day, override.windows);
  }
  const plans: Plan[] = [{ from: -Infinity, until: Infinity, week: byWeekday(rules.weekly) }];
  for (const table of rules.timetables ?? []) {
    plans.push({
      from: table.from === null ? -Infinity : dayNumber(table.from),
      until: table.until === null ? Infinity : dayNumber(table.until),
      week: byWeekday(table.weekly),
    });
  }
  // stable: of two that begin on one date the later in the list wins, and any timetable beats `weekly`
  plans.sort((a, b) => (a.from === b.from ? 0 : a.from - b.from));
  return (day) => {
    const override = overrides.get(day);
    if (override) return override;
    if (holidays.has(day)) return [];
    const plan = plans.findLast(({ from, until }) => day >= from && day <= until);
    return plan?.week[weekdayOf(day)] ?? [];
  };
}

/**
 * Opening windows as instants (minutes since 1970), as declared: not joined, sorted by begin. Covers windows that begin
 * on the days first..last. The zone is asked once for each stretch of constant offset, not for each window.
 */
export function declaredWindows(
  windowsOf: (day: number) => readonly DayWindow[],
  spans: readonly ZoneSpan[],
  first: number,
  last: number,
): IntervalSet {
  const out: IntervalSet = [];
  let i = 0;
  for (let day = first; day <= last; day++) {
    const windows = windowsOf(day);
    if (windows.length === 0) continue;
    const midnight = day * DAY_MINUTES;
    let span = spans[i];
    while (span && midnight >= span.to + span.offset && i < spans.length - 1) span = spans[++i];
    const plain =
      span !== undefined && midnight >= span.from + span.offset && midnight + 2 * DAY_MINUTES < span.to + span.offset;
    const offset = span ? span.offset : 0;
    for (const window of windows) {
      const from = midnight + window.from;
      const to = midnight + window.to + (window.to <= window.from ? DAY_MINUTES : 0);
      const begin = plain ? from - offset : fromWall(spans, from).instant;
      const end = plain ? to - offset : fromWall(spans, to).instant;
      if (end > begin) out.push(begin, end);
    }
  }
  return sortPairs(out);
}
