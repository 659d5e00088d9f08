import { dayOf } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { loadAvailability, nearest, nextTimes, type OfferedTime, offeredTimes } from "../scheduling/index.ts";

export type Alternative = { start: Date; practitionerId: string };

const dayMs = 24 * 60 * 60_000;
const count = 3;

/** Three free times closest to one that could not be had; fewer only when the horizon has no more. */
export async function nearestTimes(
  work: Work,
  wish: { serviceId: string; who: string; start: number },
): Promise<Alternative[]> {
  const practitionerId = wish.who === "any" ? null : wish.who;
  const times = await inTenant(work, async (db): Promise<OfferedTime[]> => {
    const q = { clinicId: work.clinicId, serviceId: wish.serviceId, practitionerId };
    // A wish far outside what is offered gets the times around the edge of it.
    const wanted = Math.max(wish.start, work.s.now().getTime());
    const window = { from: wanted - 3 * dayMs, to: wanted + 10 * dayMs };
    const a = await loadAvailability(db, { ...q, window });
    const service = a?.services[0];
    if (!a || !service) return [];
    const around = offeredTimes(a, service, window);
    if (around.length >= count) return around;
    const later = await nextTimes(db, { ...q, zone: a.clinic.zone, from: dayOf(window.to, a.clinic.zone) });
    return [...around, ...later.filter((time) => time.start >= window.to)];
  });
  return nearest(times, wish.start, count).map(({ start, practitionerId }) => ({
    start: new Date(start),
    practitionerId,
  }));
}
