import type { Work } from "../../infra/in-tx.ts";
import { type Availability, isLimited, type OfferedService } from "./availability.ts";
import { type AvailabilityQuery, loadAvailability, type Reads } from "./availability.repo.ts";
import type { Facts } from "./facts.repo.ts";
import { forgetFacts, readFactsBy, recallFacts } from "./known-facts.ts";
import { loadOccupied, type OccupiedNow } from "./occupied.repo.ts";

const dayMs = 24 * 60 * 60_000;
/** How far around a window bookings matter: a visit ends after its start, times packed around them hang on whole days. */
const reachMs = { clock: dayMs, opening: dayMs, packed: 3 * dayMs };

export type Load = typeof loadAvailability;

/**
 * Reads an availability as `loadAvailability` does, but only what is booked where the rules are known from before and
 * the database says, in the same read, that they are still the same. What is answered is of that one snapshot; nothing
 * has to tell this memory of a change. Questions it cannot serve go to `loadAvailability`.
 */
export function withRememberedRules(work: Work): Load {
  return async (db, q) => {
    const facts = isPlain(q) ? await factsFor(db, work, q) : null;
    if (!facts?.service || !q.window || countsBookings(facts.service, facts)) return loadAvailability(db, q);
    const reach = reachMs[facts.service.alignment];
    const span = { from: q.window.from - reach, to: q.window.to + reach };
    const resourceIds = [...facts.practitioners, ...facts.resources].map(({ id }) => id);
    const occupied = await loadOccupied(db, work.clinicId, { resourceIds, span });
    if (occupied?.version === facts.version) return joined(facts, facts.service, occupied);
    forgetFacts(work, askedBy(q));
    return loadAvailability(db, q);
  };
}

/** One service, some days, and nothing looked up or left out on the way. */
function isPlain(q: AvailabilityQuery): boolean {
  return (
    q.serviceId !== null &&
    q.window !== null &&
    q.key === undefined &&
    q.without === undefined &&
    !q.standing &&
    !q.everyone
  );
}

function factsFor(db: Reads, work: Work, q: AvailabilityQuery): Promise<Facts | null> | Facts {
  return recallFacts(work, askedBy(q)) ?? readFactsBy(db, work, askedBy(q));
}

function askedBy({ serviceId, practitionerId }: AvailabilityQuery) {
  return { serviceId: serviceId ?? "", practitionerId };
}

/** Seats and limits ask whose the bookings are, and reach over whole weeks. */
function countsBookings(service: OfferedService, { practitioners, resources }: Facts): boolean {
  const limits = [service.limits, ...[...practitioners, ...resources].map((one) => one.limits ?? {})];
  return service.seats > 1 || limits.some(isLimited);
}

function joined(
  facts: Facts,
  service: OfferedService,
  { busy, now, horizon, snapshot, heldUntil }: OccupiedNow,
): Availability {
  const { person: _, ...rules } = facts;
  return {
    ...rules,
    now,
    horizon,
    services: [service],
    practitioners: facts.practitioners.map((person) => ({ ...person, busy: busy.get(person.id) ?? [] })),
    resources: facts.resources.map((one) => ({ ...one, busy: busy.get(one.id) ?? [] })),
    stored: null,
    seen: { snapshot, heldUntil },
  };
}
