import { addDays, dayOf, lastBookableDay, type Span } from "@pulsecal/core";
import type { Availability, OfferedService } from "./availability.ts";
import { loadAvailability, type Reads } from "./availability.repo.ts";
import { questionOf, type Wanted } from "./question.ts";
import type { Load } from "./remembered-rules.ts";
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
} & Wanted;

export type FoundTimes = {
  availability: Availability;
  service: OfferedService;
  days: DayOfTimes[];
  nextDay: string | null;
  previousDay: string | null;
  nextPage: string | null;
};

/** The times of some days with their counts, and where to go from there; null when nobody offers the service. */
export async function searchTimes(db: Reads, q: TimesQuery, load: Load = loadAvailability): Promise<FoundTimes | null> {
  const from = q.from !== null && q.from > q.today ? q.from : q.today;
  const window = spanOfDays(from, q.days, q.zone);
  const found = await loadOffered(db, q, { window, load });
  if (!found) return null;
  const { a, service } = found;
  const times = offeredTimes(a, service, window, q);
  const after = addDays(from, q.days);
  const last = lastDay(a, service, q);
  const later = times.length > 0 || after > last ? [] : await nextTimes(db, { ...q, from: after }, load);
  return {
    availability: a,
    service,
    days: byDay(times, from, q.days, q.zone),
    nextDay: later[0] ? dayOf(later[0].start, q.zone) : null,
    previousDay: from > q.today ? maxDay(addDays(from, -q.days), q.today) : null,
    nextPage: after <= last ? after : null,
  };
}

/** The times of the first stretch from a day on that has any; empty when the horizon or a year of days ends before. */
export async function nextTimes(
  db: Reads,
  q: Pick<TimesQuery, "clinicId" | "zone" | "serviceId" | "practitionerId"> & Wanted & { from: string },
  load: Load = loadAvailability,
): Promise<OfferedTime[]> {
  let [first, last] = [q.from, q.from];
  for (let from = q.from; from <= last; from = maxDay(addDays(from, stride), first)) {
    const window = spanOfDays(from, stride, q.zone);
    const found = await loadOffered(db, q, { window, load });
    if (!found) return [];
    first = maxDay(q.from, firstDay(found.service, q));
    last = minDay(lastDay(found.a, found.service, q), addDays(first, furthestDays));
    const times = offeredTimes(found.a, found.service, window, q);
    if (times.length > 0) return times;
  }
  return [];
}

type Asked = Pick<TimesQuery, "clinicId" | "serviceId" | "practitionerId" | "without" | "standing">;

/** The availability and its one service; null when nobody gives it. */
async function loadOffered(
  db: Reads,
  { clinicId, serviceId, practitionerId, without, standing = false }: Asked,
  { window, load }: { window: Span; load: Load },
): Promise<{ a: Availability; service: OfferedService } | null> {
  const a = await load(db, { clinicId, serviceId, practitionerId, window, standing, ...(without && { without }) });
  const service = a?.services[0];
  return a && service && service.practitionerIds.length > 0 ? { a, service } : null;
}

/** Nobody looks further: a range of dates may end in another century. */
const furthestDays = 365;

/** Before a range of dates begins there is nothing to look at. */
function firstDay({ horizon }: OfferedService, { unbound = false }: Wanted): string {
  return !unbound && "from" in horizon ? horizon.from : "";
}

function lastDay(a: Availability, service: OfferedService, wanted: Wanted): string {
  const furthest = addDays(dayOf(a.now, a.clinic.zone), furthestDays);
  return lastBookableDay(questionOf(a, service, "any", wanted)) ?? furthest;
}

function maxDay(a: string, b: string): string {
  return a > b ? a : b;
}

function minDay(a: string, b: string): string {
  return a < b ? a : b;
}
