import { addDays, dayOf, formatRange, formatTime, formatWhen } from "@pulsecal/core";

/** Words for instants on pages. The clinic's zone always decides, never the reader's. */
export const time = (at: Date, zone: string): string => formatTime(at.getTime(), zone);
export const when = (at: Date, zone: string): string => formatWhen(at.getTime(), zone);
export const range = (from: Date, to: Date, zone: string): string => formatRange(from.getTime(), to.getTime(), zone);

/** "today 14:15", "tomorrow 08:00", and from then on the day by name. */
export function soon(at: Date, now: Date, zone: string): string {
  const date = dayOf(at.getTime(), zone);
  const today = dayOf(now.getTime(), zone);
  if (date === today) return `today ${time(at, zone)}`;
  if (date === addDays(today, 1)) return `tomorrow ${time(at, zone)}`;
  return when(at, zone);
}

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);
const part = (date: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(noon(date));

/** A calendar day in parts: it belongs to no zone. */
export function dayParts(date: string): { weekday: string; day: string; name: string; short: string } {
  const weekday = part(date, { weekday: "short" });
  const number = part(date, { day: "numeric" });
  return {
    weekday,
    day: number,
    name: `${part(date, { weekday: "long" })} ${number} ${part(date, { month: "long" })}`,
    short: `${weekday} ${number} ${part(date, { month: "short" })}`,
  };
}

/** "10:15", "10:15 and 10:45", "10:15, 10:45 and 11:00". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
