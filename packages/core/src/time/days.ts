import { DAY_MINUTES, dateString, dayNumber, MINUTE_MS } from "./calendar.ts";
import { fromWall, offsetAt, zoneSpans } from "./zone.ts";

/** Wall-clock minutes since 1970 of an instant in milliseconds. */
export function wallMinutes(instant: number, zone: string): number {
  const minute = Math.floor(instant / MINUTE_MS);
  return minute + offsetAt(zone, minute);
}

/** The date in the zone at an instant (epoch milliseconds). */
export function dayOf(instant: number, zone: string): string {
  return dateString(Math.floor(wallMinutes(instant, zone) / DAY_MINUTES));
}

/** The instant (epoch milliseconds) of a wall-clock minute of a date; `existed` is false in a daylight-saving gap. */
export function wallTime(date: string, minute: number, zone: string): { instant: number; existed: boolean } {
  const wall = dayNumber(date) * DAY_MINUTES + minute;
  const { instant, existed } = fromWall(zoneSpans(zone, wall - 2 * DAY_MINUTES, wall + 2 * DAY_MINUTES), wall);
  return { instant: instant * MINUTE_MS, existed };
}

/** The first instant of a date in the zone (epoch milliseconds). Midnight in a gap moves later. */
export function dayStart(date: string, zone: string): number {
  return wallTime(date, 0, zone).instant;
}
