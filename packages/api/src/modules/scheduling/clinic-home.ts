import { dayOf, openState } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import type { Availability } from "./availability.ts";
import { loadAvailability } from "./availability.repo.ts";
import { nextTimes } from "./search-times.ts";
import { offeredTimes, type OfferedTime, spanOfDays } from "./times.ts";

const days = 7;

/** The clinic's front page: is it open, when is the next time, how to reach it. */
export async function clinicHome(work: Work & { clinic: { zone: string } }) {
  const { zone } = work.clinic;
  const window = spanOfDays(dayOf(work.s.now().getTime(), zone), days, zone);
  return inTenant(work, async (db) => {
    const a = await loadAvailability(db, { clinicId: work.clinicId, serviceId: null, practitionerId: null, window });
    if (!a) throw refuse("not_found");
    const { name, slug, status, phone, about } = a.clinic;
    const { holidays, closures } = a;
    const rules = a.practitioners.map((person) => person.rules);
    const state = openState({ zone, now: a.now, rules, holidays, closures });
    const services = a.services.filter((service) => service.practitionerIds.length > 0);
    const bookable = status === "live" && services.length > 0;
    let next = bookable ? firstTime(a, window) : null;
    const first = services[0];
    if (bookable && first && !next) {
      // A whole week without a time is rare; then the first service stands for all.
      const later = await nextTimes(db, {
        clinicId: work.clinicId,
        zone,
        serviceId: first.id,
        practitionerId: null,
        from: dayOf(window.to, zone),
      });
      next = later[0] ? { ...later[0], serviceId: first.id } : null;
    }
    return {
      name,
      slug,
      status,
      zone,
      phone,
      about,
      address: a.practitioners[0]?.address ?? null,
      open: state.open,
      openUntil: state.until === null ? null : new Date(state.until),
      nextOpening: state.next === null ? null : new Date(state.next),
      next: next && named(a, next),
      bookable,
    };
  });
}

type FirstTime = OfferedTime & { serviceId: string };

/** The earliest time of any service; of equals the one first on the clinic's list. */
function firstTime(a: Availability, window: { from: number; to: number }): FirstTime | null {
  let best: FirstTime | null = null;
  for (const service of a.services) {
    // Once a time is known, only earlier ones matter, so the search gets shorter with every service.
    const [time] = offeredTimes(a, service, best ? { from: window.from, to: best.start } : window);
    if (time) best = { ...time, serviceId: service.id };
  }
  return best;
}

function named(a: Availability, time: FirstTime) {
  return {
    start: new Date(time.start),
    serviceId: time.serviceId,
    serviceName: a.services.find((service) => service.id === time.serviceId)?.name ?? "",
    practitionerId: time.practitionerId,
    practitionerName: a.practitioners.find((person) => person.id === time.practitionerId)?.name ?? "",
  };
}
