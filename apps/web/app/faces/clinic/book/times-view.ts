import type { SlotGroup } from "@pulsecal/ui/site";
import { plural, time } from "../../../lib/format.ts";

type Time = { start: Date; practitionerId: string; left?: number | undefined };
type Person = { id: string; name: string };

/** Times under Morning, Afternoon and Evening of the clinic's clock, each spoken with its date and doctor. */
export function groupTimes(
  times: readonly Time[],
  zone: string,
  dayWords: string,
  people: readonly Person[],
  yours?: Date,
): SlotGroup[] {
  const names = new Map(people.map((person) => [person.id, person.name]));
  const groups = new Map<string, SlotGroup["slots"][number][]>();
  const seen = new Set<number>();
  for (const each of times) {
    // Two free doctors at one time are one time to a patient who takes the first.
    if (seen.has(each.start.getTime())) continue;
    seen.add(each.start.getTime());
    const clock = time(each.start, zone);
    const person = names.get(each.practitionerId);
    const note = noteOf(each, yours);
    const group = partOfDay(clock);
    const slots = groups.get(group) ?? [];
    const name = `${dayWords}, ${clock}${person ? ` with ${person}` : ""}${note ? `, ${note}` : ""}`;
    slots.push({ start: each.start.toISOString(), time: clock, name, note });
    groups.set(group, slots);
  }
  return [...groups].map(([title, slots]) => ({ title, slots }));
}

/** What stands under a time: that it is one's own already, or how many seats its session has left. */
function noteOf({ start, left }: Time, yours: Date | undefined): string | undefined {
  if (start.getTime() === yours?.getTime()) return "yours";
  return left === undefined ? undefined : plural(left, "seat");
}

function partOfDay(clock: string): string {
  if (clock < "12:00") return "Morning";
  return clock < "17:00" ? "Afternoon" : "Evening";
}

/** The day a picker opens on: the one asked for, else the first with times, else the first of all. */
export function shownDay<Day extends { date: string; times: readonly unknown[] }>(
  days: readonly Day[],
  asked: string | null,
): Day | null {
  return days.find((each) => each.date === asked) ?? days.find((each) => each.times.length > 0) ?? days[0] ?? null;
}

/** The length in a picker's address or form; undefined when there is none, or nonsense. */
export function minutesIn(search: URLSearchParams | FormData): number | undefined {
  const minutes = Number(search.get("minutes"));
  return Number.isInteger(minutes) && minutes > 0 && minutes <= 720 ? minutes : undefined;
}

/** Where a picker of times stands: its path, and what its every link keeps. */
export type PickerPlace = { path: string; keep?: Record<string, string> };

/** The picker's address for a window of days and, in it, a day; opening a day leads to its times. */
export function windowHref(place: PickerPlace, from: string | null, day?: string, hash = "#times"): string {
  const query = new URLSearchParams(place.keep);
  if (from) query.set("from", from);
  if (day) query.set("day", day);
  const search = query.size > 0 ? `?${query}` : "";
  return `${place.path}${search}${day ? hash : ""}`;
}
