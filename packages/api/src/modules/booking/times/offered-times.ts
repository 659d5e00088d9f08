import { dayOf } from "@pulsecal/core";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import {
  checkLength,
  lengthsOf,
  loadAvailability,
  type OfferedService,
  searchTimes,
  steadinessOf,
  steadyAnswer,
  withRememberedRules,
} from "../../scheduling/index.ts";
import type { MoveTimesInput, TimesInput } from "../booking.schema.ts";
import { pointedBooking } from "../booking-on-link.ts";
import { minutesOf } from "../booking-view.ts";

export type ClinicWork = Work & { clinic: { zone: string; status: string } };

/** What can be booked here and with whom; empty until the clinic is open for public booking. */
export async function catalog(work: ClinicWork) {
  const now = work.s.now().getTime();
  const q = { clinicId: work.clinicId, serviceId: null, practitionerId: null, window: { from: now, to: now } };
  const a = await inTenant(work, (db) => loadAvailability(db, q));
  if (!a || a.clinic.status !== "live") return { services: [], practitioners: [] };
  const services = a.services.filter((service) => service.practitionerIds.length > 0);
  const offering = new Set(services.flatMap((service) => service.practitionerIds));
  return {
    services: services.map(({ id, name, minutes, priceCents, practitionerIds }) => ({
      id,
      name,
      minutes,
      priceCents,
      practitionerIds,
    })),
    practitioners: a.practitioners.filter((person) => offering.has(person.id)).map(({ id, name }) => ({ id, name })),
  };
}

/**
 * The free times of some days, their counts, and a cursor from which a live subscription goes on without a gap. The
 * answer may be handed out again: nobody changes it.
 */
export function offeredTimesOf(work: ClinicWork, input: TimesInput) {
  const { serviceId, who, from, days, minutes, seats } = input;
  const today = dayOf(work.s.now().getTime(), work.clinic.zone);
  return steadyAnswer(work, [today, serviceId, who, from, days, minutes, seats].join("|"), () =>
    timesOf(work, input, (service) => checkLength(service, minutes)),
  );
}

/** The same for a booking that is to be moved: its own length, as if it were not there. */
export async function moveTimesOf(work: ClinicWork, { token, who, from, days }: MoveTimesInput) {
  const row = await inTenant(work, (db) => pointedBooking(db, work.clinicId, { token }));
  const own = { serviceId: row.serviceId, minutes: minutesOf(row), without: row.id };
  const { answer } = await timesOf(work, { ...own, who: who ?? (row.given ? row.practitionerId : "any"), from, days });
  return answer;
}

async function timesOf(
  work: ClinicWork,
  input: TimesInput & { without?: string },
  check?: (service: OfferedService) => void,
) {
  const { zone } = work.clinic;
  const found = await inTenant(work, (db) =>
    searchTimes(
      db,
      {
        clinicId: work.clinicId,
        zone,
        serviceId: input.serviceId,
        practitionerId: input.who === "any" ? null : input.who,
        from: input.from ?? null,
        days: input.days,
        minutes: input.minutes,
        seats: input.seats,
        without: input.without,
        today: dayOf(work.s.now().getTime(), zone),
      },
      withRememberedRules(work),
    ),
  );
  if (!found) throw refuse("not_found");
  const { availability: a, service } = found;
  if (a.clinic.status === "closed") throw refuse("not_found");
  // The clinic was known from before, and has moved to another zone since.
  if (a.clinic.zone !== zone) return timesOf({ ...work, clinic: a.clinic }, input, check);
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  check?.(service);
  const person = input.who === "any" ? null : a.practitioners[0];
  const answer = {
    zone,
    service: {
      id: service.id,
      name: service.name,
      minutes: input.minutes ?? service.minutes,
      minutesChoices: lengthsOf(service),
      seats: service.seats,
      priceCents: service.priceCents,
    },
    who: person ? { id: person.id, name: person.name } : null,
    days: found.days.map(({ date, times }) => ({
      date,
      times: times.map((time) => ({ ...time, start: new Date(time.start) })),
    })),
    cursor: work.s.bus.cursorAt(work.clinicId, a.horizon),
    nextDay: found.nextDay,
    previousDay: found.previousDay,
    nextPage: found.nextPage,
  };
  const weight = found.days.reduce((sum, { times }) => sum + times.length, 1);
  return { answer, steady: steadinessOf(found), weight };
}
