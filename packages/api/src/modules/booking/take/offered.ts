import { type BlockReason, explain, type Span } from "@pulsecal/core";
import { refuse } from "../../../trpc/error-map.ts";
import { type Bookable, type Facts, type OfferedService, questionOf, type Wanted } from "../../scheduling/index.ts";

const minuteMs = 60_000;

/** Facts of a clinic that takes bookings, with the service and the person that were asked for. */
export type Open = Facts & { service: OfferedService; person: Bookable };

/** The clinic is open for public booking and the person gives the service, or this is refused. */
export function checkOpen(facts: Facts | null): Open {
  if (!facts) throw refuse("not_found");
  if (facts.clinic.status !== "live") throw refuse("not_bookable");
  const { service, person } = facts;
  if (!service || !person) throw refuse("not_found");
  return { ...facts, service, person };
}

/** Whether the person can take the time, by the same rules that offered it. */
export function checkPerson(open: Open, start: number, wanted: Wanted = {}): CheckedTime {
  const blocks = explain(questionOf(open, open.service, open.person.id, wanted), start);
  if (blocks.length === 0) return { ok: true };
  return { ok: false, why: [...new Set(blocks.map((block) => block.why))] };
}

export type CheckedTime = { ok: true } | { ok: false; why: BlockReason[] };

/** What a booking occupies: its minutes and the buffers on both sides. */
export function blockOf(service: OfferedService, start: number, minutes: number): Span {
  return {
    from: start - service.bufferBefore * minuteMs,
    to: start + (minutes + service.bufferAfter) * minuteMs,
  };
}
