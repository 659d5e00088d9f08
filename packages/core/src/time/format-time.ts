import { civilOf, DAY_MINUTES, weekdayOf } from "./calendar.ts";
import { wallMinutes } from "./days.ts";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

function dayWords(instant: number, zone: string): { weekday: string; day: number; month: string } {
  const n = Math.floor(wallMinutes(instant, zone) / DAY_MINUTES);
  const { month, day } = civilOf(n);
  return { weekday: WEEKDAYS[weekdayOf(n) - 1] ?? "", day, month: MONTHS[month - 1] ?? "" };
}

/** "Tue 24 Nov" */
export function formatDay(instant: number, zone: string): string {
  const { weekday, day, month } = dayWords(instant, zone);
  return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)}`;
}

/** "Tuesday 24 November", for spoken names and headings. */
export function formatLongDay(instant: number, zone: string): string {
  const { weekday, day, month } = dayWords(instant, zone);
  return `${weekday} ${day} ${month}`;
}

/** "10:30", 24-hour clock. */
export function formatTime(instant: number, zone: string): string {
  const minute = ((wallMinutes(instant, zone) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** "Tue 24 Nov, 10:30" */
export function formatWhen(instant: number, zone: string): string {
  return `${formatDay(instant, zone)}, ${formatTime(instant, zone)}`;
}

/** "Tue 24 Nov, 10:00 to 10:20"; an end on another day names its day too. */
export function formatRange(from: number, to: number, zone: string): string {
  const sameDay = formatDay(from, zone) === formatDay(to, zone);
  return `${formatWhen(from, zone)} to ${sameDay ? formatTime(to, zone) : formatWhen(to, zone)}`;
}
