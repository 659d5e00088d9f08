import { dayStart, formatDay } from "@pulsecal/core";
import { formatMinutes } from "@pulsecal/ui/app";

type Window = { weekday: number; from: number; to: number };
type Wishes = { canCome: readonly Window[]; notBefore: string | null; notAfter: string | null; who: string | null };

const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const noon = 720;

/** The parts of a week that the form offers, each as one window a day. */
export const partsOfDay = [
  { value: "morning", label: "mornings", from: 0, to: noon },
  { value: "afternoon", label: "afternoons", from: noon, to: 1440 },
] as const;

/** When somebody can come, in words: "any time", "mornings", "Mon, Wed 08:00 to 12:00, from Tue 1 Dec". */
export function wishText({ canCome, notBefore, notAfter, who }: Wishes, zone: string): string {
  const day = (date: string) => formatDay(dayStart(date, zone) + noon * 60_000, zone);
  return [
    who === null ? "any doctor" : who,
    canCome.length === 0 ? "any time" : windowsText(canCome),
    ...(notBefore === null ? [] : [`from ${day(notBefore)}`]),
    ...(notAfter === null ? [] : [`until ${day(notAfter)}`]),
  ].join(", ");
}

function windowsText(windows: readonly Window[]): string {
  const byHours = new Map<string, number[]>();
  for (const { weekday, from, to } of windows) {
    const part = partsOfDay.find((one) => one.from === from && one.to === to);
    const hours = part?.label ?? `${formatMinutes(from)} to ${formatMinutes(to)}`;
    byHours.set(hours, [...(byHours.get(hours) ?? []), weekday]);
  }
  return [...byHours].map(([hours, days]) => `${daysText(days)}${hours}`).join(" and ");
}

function daysText(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length >= 5 && [1, 2, 3, 4, 5].every((day) => sorted.includes(day)) && sorted.length !== 6) return "";
  return `${sorted.map((day) => names[day - 1] ?? "").join(", ")} `;
}

/** "9 days", "1 day", "today". */
export const waitedText = (days: number): string =>
  days === 0 ? "since today" : days === 1 ? "1 day" : `${days} days`;

/** The windows of the ticked parts of day, on every day of the week. */
export function windowsOf(
  parts: readonly string[],
): { weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7; from: number; to: number }[] {
  const chosen = partsOfDay.filter(({ value }) => parts.includes(value));
  if (chosen.length === 0 || chosen.length === partsOfDay.length) return [];
  return chosen.flatMap(({ from, to }) => ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from, to })));
}

export const urgencies = [
  { value: "0", label: "Can wait" },
  { value: "1", label: "This month" },
  { value: "2", label: "This week" },
  { value: "3", label: "As soon as possible" },
] as const;
