import type { SlotGroup } from "@pulsecal/ui/site";
import { time } from "../../../lib/format.ts";

type Time = { start: Date; practitionerId: string };
type Person = { id: string; name: string };

/** Times under Morning, Afternoon and Evening of the clinic's clock, each spoken with its date and doctor. */
export function groupTimes(
  times: readonly Time[],
  zone: string,
  dayWords: string,
  people: readonly Person[],
): SlotGroup[] {
  const names = new Map(people.map((person) => [person.id, person.name]));
  const groups = new Map<string, SlotGroup["slots"][number][]>();
  const seen = new Set<number>();
  for (const each of times) {
    // Two free doctors at one time are one time to a patient who takes the first.
    if (seen.has(each.start.getTime())) continue;
    seen.add(each.start.getTime());
    const clock = time(each.start, zone);
    const name = names.get(each.practitionerId);
    const group = partOfDay(clock);
    const slots = groups.get(group) ?? [];
    slots.push({
      start: each.start.toISOString(),
      time: clock,
      name: `${dayWords}, ${clock}${name ? ` with ${name}` : ""}`,
    });
    groups.set(group, slots);
  }
  return [...groups].map(([title, slots]) => ({ title, slots }));
}

function partOfDay(clock: string): string {
  if (clock < "12:00") return "Morning";
  return clock < "17:00" ? "Afternoon" : "Evening";
}

/** The picker's address for a window of days and, in it, a day; opening a day leads to its times. */
export function windowHref(base: string, from: string | null, day?: string, hash = "#times"): string {
  const query = new URLSearchParams();
  if (from) query.set("from", from);
  if (day) query.set("day", day);
  const search = query.size > 0 ? `?${query}` : "";
  return `${base}${search}${day ? hash : ""}`;
}
