import type { DayWindow, Rules, Timetable } from "@pulsecal/core";

const dayAndNight: DayWindow = { from: 0, to: 1440 };
const everyDay = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, ...dayAndNight }));

/**
 * When a room or a device is there. Without a week of its own it is there at any hour, also on public holidays; a date
 * that differs is the exception. null: at any hour without exception.
 */
export function roomRules(
  { weekly, overrides, timetables }: Rules & { timetables: Timetable[] },
  holidays: readonly string[],
): Rules | null {
  if (weekly.length > 0 || timetables.length > 0) return { weekly, overrides, timetables };
  if (overrides.length === 0) return null;
  const different = new Set(overrides.map(({ date }) => date));
  const asEver = holidays.filter((date) => !different.has(date)).map((date) => ({ date, windows: [dayAndNight] }));
  return { weekly: everyDay, overrides: [...overrides, ...asEver] };
}
