import { addDays, dayOf, dayStart, findStarts, findTimes, type Span } from "@pulsecal/core";
import { refuse } from "../../trpc/error-map.ts";
import type { Bookable, OfferedService, Sources } from "./availability.ts";
import { questionOf, type Wanted, type Who } from "./question.ts";

/** `left` is there for group sessions: the seats that are left at this time. */
export type OfferedTime = { start: number; practitionerId: string; left?: number };
export type DayOfTimes = { date: string; times: OfferedTime[] };

/** What one resource is occupied with for a visit; buffers and length in minutes. */
export type Occupied = { id: string; minutes: number; bufferBefore: number; bufferAfter: number };

/** A time with everything it takes: the practitioner first, then what the service needs besides. */
export type Assignment = OfferedTime & {
  minutes: number;
  resources: Occupied[];
  /** the group session whose seat it is, where one is there already */
  sessionId: string | null;
};

/** The people of an availability who give a service, in the clinic's own order. */
export function peopleFor(a: Sources, service: OfferedService): Bookable[] {
  return a.practitioners.filter((person) => service.practitionerIds.includes(person.id));
}

/** The lengths a visit may have, minutes, ascending. */
export function lengthsOf({ minutes, otherMinutes }: OfferedService): number[] {
  return [...new Set([minutes, ...otherMinutes])].sort((a, b) => a - b);
}

/** Refuses a length that the service does not offer. */
export function checkLength(service: OfferedService, minutes: number | undefined): void {
  if (minutes === undefined || lengthsOf(service).includes(minutes)) return;
  throw refuse("invalid", { fields: [{ path: "minutes", issue: "not a length of this service" }] });
}

/** Every time at which the service can start in the window, ascending; where several people are free, the fair choice. */
export function offeredTimes(a: Sources, service: OfferedService, window: Span, wanted: Wanted = {}): OfferedTime[] {
  const byStart = new Map<number, Bookable[]>();
  for (const person of peopleFor(a, service)) {
    for (const start of findStarts(questionOf(a, service, person.id, wanted), window)) {
      const free = byStart.get(start);
      if (free) free.push(person);
      else byStart.set(start, [person]);
    }
  }
  return [...byStart]
    .sort(([left], [right]) => left - right)
    .map(([start, free]) => timeWith(service, start, choiceOf(service, free, start, a.clinic.zone)));
}

/**
 * Who and what takes one time, or null when it is not offered. Several free people are chosen among by the same rule as
 * when times are listed, so the page and the booking agree.
 */
export function assignmentAt(
  a: Sources,
  service: OfferedService,
  start: number,
  wanted: Wanted & { who: Who },
): Assignment | null {
  const asked = peopleFor(a, service).filter(({ id }) => wanted.who === "any" || id === wanted.who);
  const offers = new Map<string, readonly string[]>();
  for (const { id } of asked) {
    const [offer] = findTimes(questionOf(a, service, id, wanted), { from: start, to: start + 1 });
    if (offer) offers.set(id, offer.resources);
  }
  const free = asked.filter(({ id }) => offers.has(id));
  if (free.length === 0) return null;
  const chosen = choiceOf(service, free, start, a.clinic.zone);
  const minutes = wanted.minutes ?? service.minutes;
  return {
    ...timeWith(service, start, chosen),
    minutes,
    resources: occupiedBy(service, offers.get(chosen.id) ?? [], minutes),
    sessionId: chosen ? (sessionOf(service, chosen, start)?.booking ?? null) : null,
  };
}

/** Each resource of an offer with the length and buffers of the need it answers. */
export function occupiedBy(service: OfferedService, resources: readonly string[], minutes: number): Occupied[] {
  const { bufferBefore, bufferAfter } = service;
  const shapes = service.needs.flatMap((need) =>
    Array.from({ length: need.count }, () => ({
      minutes: need.minutes ?? minutes,
      bufferBefore: need.bufferBefore ?? bufferBefore,
      bufferAfter: need.bufferAfter ?? bufferAfter,
    })),
  );
  return resources.flatMap((id, place) => {
    const shape = place === 0 ? { minutes, bufferBefore, bufferAfter } : shapes[place - 1];
    return shape ? [{ id, ...shape }] : [];
  });
}

function timeWith(service: OfferedService, start: number, person: Bookable): OfferedTime {
  if (service.seats === 1) return { start, practitionerId: person.id };
  const seats = sessionOf(service, person, start)?.seats;
  return { start, practitionerId: person.id, left: seats ? seats.of - seats.taken : service.seats };
}

/** A seat in a session that is there already comes before opening a new one. */
function choiceOf(service: OfferedService, free: readonly Bookable[], start: number, zone: string): Bookable {
  const seated = service.seats > 1 ? free.filter((person) => sessionOf(service, person, start)) : [];
  // There is somebody: a start is only listed with the first one who is free.
  return fairest(seated.length > 0 ? seated : free, start, zone)[0] as Bookable;
}

function sessionOf(service: OfferedService, person: Bookable, start: number) {
  return person.busy.find((busy) => busy.seats && busy.service === service.id && busy.from === start);
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
