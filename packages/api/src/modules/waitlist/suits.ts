import { fits } from "@pulsecal/core";
import type { TenantDb, TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { asWaiting, findEntries, sameContact } from "./entries.repo.ts";
import { asGap, findOffers, type Freed, type OpenGap, openGaps } from "./gaps.repo.ts";
import { lookAgain } from "./tell.ts";

type Db = Pick<TenantDb, "$queryRaw" | "clinic">;

/** Looked at for one person at once: they are asked about one time at a time, and the end of that looks at others. */
const mostLooks = 20;

/**
 * Open gaps about which somebody of these could be asked at `now`, the soonest first: one suits them and their service's
 * notice, they have not been asked, and nobody else is being asked. The first twenty.
 */
export async function gapsThatSuit(
  db: Db,
  clinicId: string,
  { entryIds, now }: { entryIds: readonly string[]; now: number },
): Promise<string[]> {
  const clinic = await db.clinic.findFirst({ where: { id: clinicId }, select: { zone: true } });
  const gaps = await openGaps(db, clinicId);
  if (!clinic || gaps.length === 0 || entryIds.length === 0) return [];
  const wanted = new Set(entryIds);
  const entries = (await findEntries(db, clinicId)).filter(({ id, silent }) => wanted.has(id) && !silent);
  const offers = await findOffers(
    db,
    clinicId,
    gaps.map(({ id }) => id),
  );
  const taken = new Set(offers.filter(({ state }) => state === "live").map(({ gapId }) => gapId));
  const asked = new Set(offers.map(({ gapId, entryId }) => `${gapId} ${entryId}`));
  const waiting = entries.map((entry) => ({
    ...asWaiting(entry, clinic.zone),
    earliest: now + entry.noticeMinutes * 60_000,
  }));
  const suits = (gap: OpenGap) =>
    waiting.some(
      (one) =>
        gap.startsAt.getTime() >= one.earliest &&
        !asked.has(`${gap.id} ${one.id}`) &&
        fits(one, asGap(gap, [one.serviceId]), clinic.zone),
    );
  const found = gaps.filter((gap) => !taken.has(gap.id) && suits(gap));
  return found.slice(0, mostLooks).map(({ id }) => id);
}

/** Whether anybody waits for what fits a time. */
export async function somebodyFits(db: Db, clinicId: string, freed: Freed): Promise<boolean> {
  const { practitionerId } = freed;
  const entries = await findEntries(db, clinicId, { practitionerId });
  const clinic = await db.clinic.findFirst({ where: { id: clinicId }, select: { zone: true } });
  if (!clinic) return false;
  const serviceIds = entries.map((entry) => entry.serviceId);
  const gap = asGap({ id: "", ...freed }, serviceIds);
  return entries.some((entry) => fits(asWaiting(entry, clinic.zone), gap, clinic.zone));
}

/**
 * Somebody can be asked again: while they had an offer they, and others who are reached the same way, were passed over at
 * other gaps, which get another look. One they were asked about before does not come to them twice.
 */
export async function lookAgainFor(
  tx: TenantTx,
  work: Work,
  { entryId, now }: { entryId: string; now: number },
): Promise<void> {
  const { clinicId } = work;
  const entryIds = await sameContact(tx, clinicId, entryId);
  for (const gapId of await gapsThatSuit(tx, clinicId, { entryIds, now })) await lookAgain(tx, work, gapId);
}
