import { nextOffer, waitlistOrder } from "@pulsecal/core";
import type { TestDatabase } from "@pulsecal/db/testing";
import { asWaiting, type Entry } from "../entries.repo.ts";
import { asGap, asLog, type StoredGap, type StoredOffer } from "../gaps.repo.ts";

type Waited = Entry & { endedAt: Date | null };

/**
 * Works the offers of a gap out again from what is stored, one by one: who waited at that instant, less those whose row
 * says that they were passed over, in the fair order; the rules must name the very person who was asked. Returns the
 * names in the order of the log and those that the replay names.
 */
export async function replayOffers(
  t: TestDatabase,
  { clinicId, gapId, zone }: { clinicId: string; gapId: string; zone: string },
): Promise<{ asked: string[]; replayed: string[] }> {
  const [gap] = (await t.admin(
    `SELECT id, resource_id AS "practitionerId", starts_at AS "startsAt", ends_at AS "endsAt", state,
       created_at AS "createdAt" FROM app.waitlist_gap WHERE id = $1`,
    [gapId],
  )) as StoredGap[];
  if (!gap) throw new Error("no such gap");
  const offers = (await t.admin(
    `SELECT id, gap_id AS "gapId", entry_id AS "entryId", state, offered_at AS "offeredAt", expires_at AS "expiresAt",
       answered_at AS "answeredAt", rank FROM app.waitlist_offer WHERE gap_id = $1 ORDER BY offered_at, id`,
    [gapId],
  )) as StoredOffer[];
  const entries = (await t.admin(
    `SELECT e.id, e.service_id AS "serviceId", s.minutes, e.urgency, e.since, e.ended_at AS "endedAt", e.wishes, p.name
     FROM app.waitlist_entry e JOIN app.service s ON s.clinic_id = e.clinic_id AND s.id = e.service_id
     JOIN app.patient p ON p.clinic_id = e.clinic_id AND p.id = e.patient_id WHERE e.clinic_id = $1`,
    [clinicId],
  )) as Waited[];
  const nameOf = (id: string) => entries.find((entry) => entry.id === id)?.name ?? "";
  return {
    asked: offers.map((offer) => nameOf(offer.entryId)),
    replayed: offers.map((offer, index) => nameOf(askedNext(gap, entries, offers.slice(0, index), offer, zone))),
  };
}

function askedNext(
  gap: StoredGap,
  entries: readonly Waited[],
  before: readonly StoredOffer[],
  offer: StoredOffer,
  zone: string,
): string {
  const at = offer.offeredAt.getTime();
  const passed = new Set(offer.rank.passed.map(({ entryId }) => entryId));
  const waited = entries.filter(
    ({ id, since, endedAt }) =>
      since.getTime() <= at && (endedAt === null || endedAt.getTime() > at) && !passed.has(id),
  );
  const serviceIds = [...new Set(entries.map((entry) => entry.serviceId))];
  const order = waitlistOrder(
    waited.map((entry) => asWaiting(entry, zone)),
    asGap(gap, serviceIds),
    zone,
    gap.createdAt.getTime(),
  );
  const step = nextOffer(order, asGap(gap, serviceIds), asLog(before), at);
  return step.do === "offer" ? step.ranked.entry.id : step.do;
}
