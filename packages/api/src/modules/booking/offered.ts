import { type BlockReason, checkTime, type Span } from "@pulsecal/core";
import { refuse } from "../../trpc/error-map.ts";
import type { Availability, Bookable, OfferedService } from "../scheduling/index.ts";

const minuteMs = 60_000;

/** A clinic that takes bookings, and the service somebody asked for. */
export type Open = { a: Availability; service: OfferedService };

/** The clinic is open for public booking and offers the service, or this is refused. */
export function checkOpen(a: Availability | null): Open {
  if (!a) throw refuse("not_found");
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  const service = a.services[0];
  if (!service) throw refuse("not_found");
  return { a, service };
}

export type PersonVerdict = { ok: true; lapsedInTheWay: boolean } | { ok: false; why: BlockReason[] };

/** Whether one person can take the time, by the same rules that offered it. */
export function checkPerson({ a, service }: Open, person: Bookable, start: number): PersonVerdict {
  const { rules, busy, leave } = person;
  const verdict = checkTime({ zone: a.clinic.zone, now: a.now, service, rules, busy, leave }, start);
  if (!verdict.ok) return verdict;
  const block = blockOf(service, start);
  return { ok: true, lapsedInTheWay: person.lapsed.some((hold) => hold.from < block.to && hold.to > block.from) };
}

/** What a booking occupies: its minutes and the buffers on both sides. */
export function blockOf(service: OfferedService, start: number): Span {
  return {
    from: start - service.bufferBefore * minuteMs,
    to: start + (service.minutes + service.bufferAfter) * minuteMs,
  };
}
