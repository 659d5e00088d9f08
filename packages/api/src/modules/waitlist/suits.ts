import { fits } from "@pulsecal/core";
import type { TenantDb, TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { asWaiting, findEntries } from "./entries.repo.ts";
import { asGap, type Freed, openGaps } from "./gaps.repo.ts";
import { lookAgain } from "./tell.ts";

type Db = Pick<TenantDb, "$queryRaw" | "clinic">;

/** The open gaps that suit somebody who waits, the soonest first; none once they have stopped waiting. */
export async function gapsThatSuit(db: Db, clinicId: string, entryId: string): Promise<string[]> {
  const [entry] = await findEntries(db, clinicId, { entryId });
  const clinic = await db.clinic.findFirst({ where: { id: clinicId }, select: { zone: true } });
  if (!entry || !clinic) return [];
  const waiting = asWaiting(entry, clinic.zone);
  const gaps = await openGaps(db, clinicId);
  return gaps.filter((gap) => fits(waiting, asGap(gap, [entry.serviceId]), clinic.zone)).map((gap) => gap.id);
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
 * Somebody can be asked again: while they had an offer they were passed over at other gaps, which get another look. One
 * they were asked about before does not come to them twice.
 */
export async function lookAgainFor(tx: TenantTx, work: Work, entryId: string): Promise<void> {
  for (const gapId of await gapsThatSuit(tx, work.clinicId, entryId)) await lookAgain(tx, work, gapId);
}
