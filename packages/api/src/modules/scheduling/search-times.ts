import { addDays, dayOf } from "@pulsecal/core";
import { type Availability, loadAvailability, type OfferedService, type Reads } from "./availability.repo.ts";
import { byDay, type DayOfTimes, type OfferedTime, offeredTimes, spanOfDays } from "./times.ts";

/** Days read at once when a window is empty; with the longest horizon the search ends after fourteen reads. */
const stride = 28;

export type TimesQuery = {
  clinicId: string;
  zone: string;
  serviceId: string;
  practitionerId: string | null;
  /** null: today */
  from: string | null;
  days: number;
  /** the caller's clock; only used to choose the days to read, what is offered is decided by the database's */
  today: string;
};

export type FoundTimes = {
  availability: Availability;
  service: OfferedService;
  days: DayOfTimes[];
  nextDay: string | null;
  previousDay: string | null;
  nextPage: string | null;
};

/** The times of some days with their counts, and where to go from there; null when nobody offers the service. */
export async function searchTimes(db: Reads, q: TimesQuery): Promise<FoundTimes | null> {
  const from = q.from !== null && q.from > q.today ? q.from : q.today;
  const window = spanOfDays(from, q.days, q.zone);
  const a = await loadAvailability(db, {
    clinicId: q.clinicId,
    serviceId: q.serviceId,
    practitionerId: q.practitionerId,
    window,
  });
  const service = a?.services[0];
  if (!a || !service || service.practitionerIds.length === 0) return null;
  const times = offeredTimes(a, service, window);
  const after = addDays(from, q.days);
  const last = lastDay(a, service);
  const later = times.length > 0 || after > last ? [] : await nextTimes(db, { ...q, from: after });
  return {
    availability: a,
    service,
    days: byDay(times, from, q.days, q.zone),
    nextDay: later[0] ? dayOf(later[0].start, q.zone) : null,
    previousDay: from > q.today ? maxDay(addDays(from, -q.days), q.today) : null,
    nextPage: after <= last ? after : null,
  };
}

/** The times of the first stretch from a day on that has any; empty when the horizon ends before. */
export async function nextTimes(
  db: Reads,
  q: { clinicId: string; zone: string; serviceId: string; practitionerId: string | null; from: string },
): Promise<OfferedTime[]> {
  let last = q.from;
  for (let from = q.from; from <= last; from = addDays(from, stride)) {
    const window = spanOfDays(from, stride, q.zone);
    const a = await loadAvailability(db, {
      clinicId: q.clinicId,
      serviceId: q.serviceId,
      practitionerId: q.practitionerId,
      window,
    });
    const service = a?.services[0];
    if (!a || !service || service.practitionerIds.length === 0) return [];
    last = lastDay(a, service);
    const times = offeredTimes(a, service, window);
    if (times.length > 0) return times;
  }
  return [];
}

function lastDay(a: Availability, service: OfferedService): string {
  return addDays(dayOf(a.now, a.clinic.zone), service.horizonDays);
}

function maxDay(a: string, b: string): string {
  return a > b ? a : b;
}
