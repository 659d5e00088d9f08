import { addDays, dayOf, formatTime } from "@pulsecal/core";

/** Minutes on the clinic's clock since the date began; more than 1440 on the day after, less than 0 the day before. */
export function wallMinutesOf(instant: number, date: string, zone: string): number {
  const [hours = "0", minutes = "0"] = formatTime(instant, zone).split(":");
  const minute = Number(hours) * 60 + Number(minutes);
  const day = dayOf(instant, zone);
  if (day === date) return minute;
  return day === addDays(date, 1) ? minute + 1440 : day > date ? 2880 : minute - 1440;
}

const calendarDate = /^\d{4}-\d{2}-\d{2}$/;

/** The date in an address, or the one given when it is none of the calendar. */
export function dateFrom(raw: string | null, otherwise: string): string {
  if (raw === null || !calendarDate.test(raw)) return otherwise;
  const time = Date.parse(`${raw}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== raw ? otherwise : raw;
}
