import type { Availability, Bookable, OfferedService } from "./availability.ts";
import { loadAvailability, type Reads } from "./availability.repo.ts";

/**
 * What a booking or a search is decided on, all of one snapshot: everything but what is booked already. `version` is
 * the clinic's count of changes to any of it.
 */
export type Facts = Omit<Availability, "services" | "stored" | "horizon"> & {
  /** null: the clinic has no such service, or not any more */
  service: OfferedService | null;
  /** null: nobody of that id gives the service, or nobody was asked for by id */
  person: Bookable | null;
};

/** The facts for one service and one person, or for everyone who gives it, in one round trip; null without the clinic. */
export async function loadFacts(
  db: Reads,
  { clinicId, serviceId, practitionerId }: { clinicId: string; serviceId: string; practitionerId: string | null },
): Promise<Facts | null> {
  const a = await loadAvailability(db, { clinicId, serviceId, practitionerId, window: null });
  if (!a) return null;
  const { services, stored: _, horizon: __, ...facts } = a;
  return {
    ...facts,
    service: services[0] ?? null,
    person: practitionerId === null ? null : (facts.practitioners[0] ?? null),
  };
}
