import { type Alignment, type Need, type Question, type ServiceSpec, type Span, withoutBooking } from "@pulsecal/core";
import { type Availability, isLimited, type OfferedService, type Sources } from "./availability.ts";
import { type AvailabilityQuery, loadAvailability, type Reads } from "./availability.repo.ts";

/** Who it should be: anyone who gives the service, or one practitioner's id. */
export type Who = "any" | (string & {});

export type Wanted = {
  /** the length, where it is not the service's own; minutes */
  minutes?: number | undefined;
  /** seats in one session; 1 unless said */
  seats?: number | undefined;
  /** a booking that is to be moved: as if it were not there */
  without?: string | undefined;
  /** it is a booking's: its service and whoever has it count, though not offered any more (staff who move it) */
  standing?: boolean | undefined;
  /** neither notice nor horizon hold (staff) */
  unbound?: boolean | undefined;
  /** any whole minute will do, not only those of the grid (staff who move a booking) */
  anyMinute?: boolean | undefined;
};

/** The engine's question for one service. Offers give the practitioner first, then the needs' resources in their order. */
export function questionOf(a: Sources, service: OfferedService, who: Who, wanted: Wanted = {}): Question {
  const given = a.practitioners.filter(({ id }) => service.practitionerIds.includes(id));
  const of = given.filter(({ id }) => who === "any" || id === who).map(({ id }) => id);
  const needs: Need[] = [{ count: 1, of, leads: true }, ...service.needs];
  const needed = new Set(needs.flatMap((need) => need.of));
  const resources = [...a.practitioners, ...a.resources].filter(({ id }) => needed.has(id));
  const question: Question = {
    zone: a.clinic.zone,
    now: a.now,
    service: specOf(service, wanted),
    resources: isLimited(service.limits) ? [...resources, countedTowards(service)] : resources,
    needs,
    holidays: a.holidays,
    closures: a.closures,
    shareBuffers: a.clinic.shareBuffers,
    seatsWanted: wanted.seats ?? 1,
  };
  return wanted.without === undefined ? question : withoutBooking(question, wanted.without);
}

function specOf(service: OfferedService, { minutes, unbound, anyMinute }: Wanted): ServiceSpec {
  const { id, bufferBefore, bufferAfter, intervalMinutes, noticeMinutes, horizon, limits, seats } = service;
  const spec: ServiceSpec = {
    id,
    minutes: minutes ?? service.minutes,
    bufferBefore,
    bufferAfter,
    intervalMinutes: anyMinute ? 1 : intervalMinutes,
    alignment: anyMinute ? { kind: "clock" } : alignmentOf(service),
    limits,
    seats,
  };
  return unbound ? spec : { ...spec, noticeMinutes, horizon };
}

function alignmentOf({ alignment, alignmentOffset }: OfferedService): Alignment {
  return alignment === "clock" ? { kind: "clock", offset: alignmentOffset } : { kind: alignment };
}

/** Nobody is booked through it: it only makes the engine count what others do of this service. */
function countedTowards(service: OfferedService): Question["resources"][number] {
  return { id: `all of ${service.id}`, rules: null, busy: service.counted, leave: [] };
}

export type LoadedQuestion = { availability: Availability; service: OfferedService; question: Question };

/**
 * Reads everything about one service for starts in a window, and puts the question; null when the clinic does not offer
 * it, or not with this practitioner. Inside a transaction it reads what that transaction sees.
 */
export async function loadQuestion(
  db: Reads,
  q: { clinicId: string; serviceId: string; who: Who; window: Span; key?: string | undefined } & Wanted,
): Promise<LoadedQuestion | null> {
  const asked: AvailabilityQuery = {
    clinicId: q.clinicId,
    serviceId: q.serviceId,
    practitionerId: q.who === "any" ? null : q.who,
    window: q.window,
  };
  if (q.key !== undefined) asked.key = q.key;
  if (q.without !== undefined) asked.without = q.without;
  if (q.standing) asked.standing = true;
  const availability = await loadAvailability(db, asked);
  const service = availability?.services[0];
  if (!availability || !service || service.practitionerIds.length === 0) return null;
  return { availability, service, question: questionOf(availability, service, q.who, q) };
}

/** Whether a booking that is to be left out is the clinic's own; none to be left out is fine. */
export async function isBookingOf(db: Reads, clinicId: string, bookingId: string | undefined): Promise<boolean> {
  if (bookingId === undefined) return true;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS one FROM app.booking b WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${bookingId}::uuid`;
  return rows.length > 0;
}
