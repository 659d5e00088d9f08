import { dayOf } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { loadAvailability, searchTimes } from "../scheduling/index.ts";
import type { TimesInput } from "./booking.schema.ts";

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

/** The free times of some days, their counts, and a cursor from which a live subscription goes on without a gap. */
export async function offeredTimesOf(work: ClinicWork, input: TimesInput) {
  const { zone } = work.clinic;
  const found = await inTenant(work, (db) =>
    searchTimes(db, {
      clinicId: work.clinicId,
      zone,
      serviceId: input.serviceId,
      practitionerId: input.who === "any" ? null : input.who,
      from: input.from ?? null,
      days: input.days,
      today: dayOf(work.s.now().getTime(), zone),
    }),
  );
  if (!found) throw refuse("not_found");
  const { availability: a, service } = found;
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  const person = input.who === "any" ? null : a.practitioners[0];
  return {
    zone,
    service: { id: service.id, name: service.name, minutes: service.minutes, priceCents: service.priceCents },
    who: person ? { id: person.id, name: person.name } : null,
    days: found.days.map(({ date, times }) => ({
      date,
      times: times.map(({ start, practitionerId }) => ({ start: new Date(start), practitionerId })),
    })),
    cursor: work.s.bus.cursorAt(work.clinicId, a.horizon),
    nextDay: found.nextDay,
    previousDay: found.previousDay,
    nextPage: found.nextPage,
  };
}
