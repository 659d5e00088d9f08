import { addDays, dayOf, dayStart, freeTimes } from "@pulsecal/core";
import type { Span } from "@pulsecal/core";
import type { Availability, Bookable, OfferedService } from "./availability.repo.ts";

export type OfferedTime = { start: number; practitionerId: string };
export type DayOfTimes = { date: string; times: OfferedTime[] };

/** The people of an availability who give a service, in the clinic's own order. */
export function peopleFor(a: Availability, service: OfferedService): Bookable[] {
  return a.practitioners.filter((person) => service.practitionerIds.includes(person.id));
}

/** Every time at which the service can start in the window, ascending; where several people are free, the fair choice. */
export function offeredTimes(a: Availability, service: OfferedService, window: Span): OfferedTime[] {
  const byStart = new Map<number, Bookable[]>();
  for (const person of peopleFor(a, service)) {
    const { rules, busy, leave } = person;
    for (const start of freeTimes({ zone: a.clinic.zone, now: a.now, window, service, rules, busy, leave })) {
      const free = byStart.get(start);
      if (free) free.push(person);
      else byStart.set(start, [person]);
    }
  }
  return [...byStart]
    .sort(([left], [right]) => left - right)
    .map(([start, free]) => ({ start, practitionerId: fairest(free, start, a.clinic.zone)[0]?.id ?? "" }));
}

/**
 * Who takes a time that several have free: whoever has the fewest bookings that day, then the clinic's order.
 * The same data always gives the same answer, so the page and the booking agree.
 */
export function fairest(free: readonly Bookable[], start: number, zone: string): Bookable[] {
  if (free.length < 2) return [...free];
  const date = dayOf(start, zone);
  const day = { from: dayStart(date, zone), to: dayStart(addDays(date, 1), zone) };
  const load = new Map(
    free.map((person) => [person.id, person.busy.filter((busy) => busy.from >= day.from && busy.from < day.to).length]),
  );
  const count = (person: Bookable) => load.get(person.id) ?? 0;
  return [...free].sort((a, b) => count(a) - count(b) || a.position - b.position || (a.id < b.id ? -1 : 1));
}

/** Times put under their days; a day without times is there too. */
export function byDay(times: readonly OfferedTime[], from: string, days: number, zone: string): DayOfTimes[] {
  const dates = Array.from({ length: days }, (_, index) => addDays(from, index));
  const grouped = new Map<string, OfferedTime[]>(dates.map((date) => [date, []]));
  for (const time of times) grouped.get(dayOf(time.start, zone))?.push(time);
  return dates.map((date) => ({ date, times: grouped.get(date) ?? [] }));
}

/** The span of whole days in the clinic's zone. */
export function spanOfDays(from: string, days: number, zone: string): Span {
  return { from: dayStart(from, zone), to: dayStart(addDays(from, days), zone) };
}

/** The span of some minutes on both sides of an instant. */
export function spanAround(instant: number, minutes: number): Span {
  return { from: instant - minutes * 60_000, to: instant + minutes * 60_000 };
}

/** The times closest to the one that was wanted, in order of the clock. */
export function nearest(times: readonly OfferedTime[], wanted: number, count: number): OfferedTime[] {
  return [...times]
    .sort((a, b) => Math.abs(a.start - wanted) - Math.abs(b.start - wanted) || a.start - b.start)
    .slice(0, count)
    .sort((a, b) => a.start - b.start);
}
