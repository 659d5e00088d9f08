import { dayOf } from "@pulsecal/core";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import {
  loadAvailability,
  nearest,
  nextTimes,
  type OfferedTime,
  offeredTimes,
  type Wanted,
} from "../../scheduling/index.ts";

export type Alternative = { start: Date; practitionerId: string };

/** A time somebody wanted, with whatever else the times in its place must allow for. */
export type MissedTime = { serviceId: string; who: string; start: number } & Wanted;

const dayMs = 24 * 60 * 60_000;
const count = 3;

/** Three free times closest to one that could not be had; fewer only when the horizon has no more. */
export async function nearestTimes(
  work: Work,
  { serviceId, who, start, ...wanted }: MissedTime,
): Promise<Alternative[]> {
  const practitionerId = who === "any" ? null : who;
  const times = await inTenant(work, async (db): Promise<OfferedTime[]> => {
    const q = { clinicId: work.clinicId, serviceId, practitionerId, ...wanted };
    // A wish far outside what is offered gets the times around the edge of it.
    const middle = Math.max(start, work.s.now().getTime());
    const window = { from: middle - 3 * dayMs, to: middle + 10 * dayMs };
    const { without, standing = false } = wanted;
    const a = await loadAvailability(db, {
      clinicId: work.clinicId,
      serviceId,
      practitionerId,
      window,
      standing,
      ...(without && { without }),
    });
    const service = a?.services[0];
    if (!a || !service) return [];
    const around = offeredTimes(a, service, window, wanted);
    if (around.length >= count) return around;
    const later = await nextTimes(db, { ...q, zone: a.clinic.zone, from: dayOf(window.to, a.clinic.zone) });
    return [...around, ...later.filter((time) => time.start >= window.to)];
  });
  return nearest(times, start, count).map((time) => ({
    start: new Date(time.start),
    practitionerId: time.practitionerId,
  }));
}
