import type { Busy, Span } from "@pulsecal/core";
import {
  type Assignment,
  assignmentAt,
  nearest,
  type OfferedService,
  offeredTimes,
  type Sources,
  type Wanted,
} from "../../scheduling/index.ts";

/** A visit that cannot stay where it is, or a group session with all who sit in it: they go together. */
export type Displaced = { bookingIds: [string, ...string[]]; serviceId: string; start: number; minutes: number };
export type Proposal = { start: number; practitionerId: string };

/** What the clinic knows of a service, as it stands now. */
export type Known = { sources: Sources; service: OfferedService };

type Claims = ReadonlyMap<string, readonly Busy[]>;

const minuteMs = 60_000;

/**
 * New times for the visits of somebody who is away, by booking: another practitioner at the same time where one is free,
 * else the nearest time anybody has; for a group session one that has seats for all of it. Earlier visits choose first,
 * and no time is proposed twice. Pure: nothing is held.
 */
export function planDay(
  away: { practitionerId: string; day: Span },
  visits: readonly Displaced[],
  known: ReadonlyMap<string, Known>,
  window: Span,
): Map<string, Proposal | null> {
  const plan = new Map<string, Proposal | null>();
  const claims = new Map<string, Busy[]>();
  for (const visit of [...visits].sort((a, b) => a.start - b.start)) {
    const found = known.get(visit.serviceId);
    const to = found ? placeFor(visit, { ...found, sources: without(found.sources, away, claims) }, window) : null;
    const place = to && { start: to.start, practitionerId: to.practitionerId };
    for (const bookingId of visit.bookingIds) plan.set(bookingId, place);
    if (to) claim(claims, visit.bookingIds[0], to);
  }
  return plan;
}

function placeFor(visit: Displaced, { sources, service }: Known, window: Span): Assignment | null {
  const own: Wanted = { minutes: visit.minutes, without: visit.bookingIds[0], seats: visit.bookingIds.length };
  const unbound = { ...own, who: "any", unbound: true, anyMinute: true };
  const same = visit.start > sources.now ? assignmentAt(sources, service, visit.start, unbound) : null;
  if (same) return same;
  const [next] = nearest(offeredTimes(sources, service, window, own), visit.start, 1);
  return next ? assignmentAt(sources, service, next.start, { ...own, who: next.practitionerId }) : null;
}

/** The sources as they are with somebody away for the day, and with what was proposed so far taken. */
function without(sources: Sources, away: { practitionerId: string; day: Span }, claims: Claims): Sources {
  const taken = <R extends { id: string; busy: readonly Busy[] }>(resource: R): R => ({
    ...resource,
    busy: [...resource.busy, ...(claims.get(resource.id) ?? [])],
  });
  return {
    ...sources,
    resources: sources.resources.map(taken),
    practitioners: sources.practitioners
      .map(taken)
      .map((person) =>
        person.id === away.practitionerId ? { ...person, leave: [...person.leave, away.day] } : person,
      ),
  };
}

function claim(claims: Map<string, Busy[]>, bookingId: string, { start, resources }: Assignment): void {
  for (const { id, minutes, bufferBefore: before, bufferAfter: after } of resources) {
    const busy = { from: start, to: start + minutes * minuteMs, before, after, booking: `to ${bookingId}` };
    claims.set(id, [...(claims.get(id) ?? []), busy]);
  }
}
