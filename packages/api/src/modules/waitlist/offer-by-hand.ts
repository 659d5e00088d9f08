import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { inBookingTx } from "../booking/index.ts";
import { hashInput } from "../scheduling/index.ts";
import { canTake } from "./can-take.ts";
import { findEntries } from "./entries.repo.ts";
import { fairOrder, rankOf } from "./fair-order.ts";
import { findGap, findOffers, resourcesAround } from "./gaps.repo.ts";
import { makeOffer, shortestOfferMs } from "./make-offer.ts";
import { releaseAnswered, takeTurn } from "./turn.ts";
import type { OfferInput } from "./waitlist.schema.ts";

/**
 * Offers a gap to somebody whom staff chose, or to whoever's turn it is. Who was asked before is not asked again, and
 * while somebody is being asked nobody else is: both are refused with `conflict`. Notice and wishes do not bind staff.
 */
export async function offerByHand(work: Work, input: OfferInput): Promise<void> {
  const { clinicId } = work;
  const { gapId, entryId } = input;
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, "waitlist.offer", input) };
  const resourceIds = await inTenant(work, async (db) => {
    const gap = await findGap(db, clinicId, gapId);
    if (!gap) throw refuse("not_found");
    return resourcesAround(db, clinicId, gap.practitionerId);
  });
  await inBookingTx(work, { resourceIds, key: once }, async (tx, now) => {
    if (entryId === undefined) await toNext(tx, work, gapId, now);
    else await toOne(tx, work, { gapId, entryId }, now);
    return null;
  });
}

async function toNext(tx: TenantTx, work: Work, gapId: string, now: number): Promise<void> {
  const { did } = await takeTurn(tx, work, gapId, now);
  if (did !== "offered") throw refuse(did === "waits" ? "conflict" : "not_offered");
}

async function toOne(tx: TenantTx, work: Work, to: { gapId: string; entryId: string }, now: number): Promise<void> {
  const gap = await findGap(tx, work.clinicId, to.gapId);
  if (!gap) throw refuse("not_found");
  const entries = await findEntries(tx, work.clinicId, { practitionerId: gap.practitionerId });
  const entry = entries.find((one) => one.id === to.entryId);
  if (!entry) throw refuse("not_found");
  if (gap.state !== "open" || gap.startsAt.getTime() - now < shortestOfferMs) throw refuse("not_offered");
  const log = await findOffers(tx, work.clinicId, [gap.id]);
  if (log.some((offer) => offer.state === "live" || offer.entryId === entry.id)) throw refuse("conflict");
  await releaseAnswered(tx, work, log);

  const check = canTake(tx, work, gap, true);
  const zone = await check.zone();
  if (zone === null) throw refuse("not_bookable");
  if (!(await check.assignment(entry.serviceId))) throw refuse((await check.isTaken()) ? "slot_taken" : "not_offered");
  const { order } = fairOrder(gap, entries, zone);
  const rank = rankOf(order, gap, entry, { by: "hand", passed: [] });
  const offered = await makeOffer(tx, work, { gap, entry, check, rank, now });
  // They stopped waiting, or are asked about another time.
  if (offered === null) throw refuse("conflict");
}
