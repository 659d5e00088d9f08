import type { Ranked } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { releaseHeld } from "../booking/index.ts";
import { canTake, type TimeCheck } from "./can-take.ts";
import { type Entry, findEntries } from "./entries.repo.ts";
import { fairOrder, rankOf } from "./fair-order.ts";
import {
  closeGap,
  endOffer,
  findGap,
  findOffers,
  type Passed,
  type Rank,
  type StoredGap,
  type StoredOffer,
} from "./gaps.repo.ts";
import { makeOffer, shortestOfferMs } from "./make-offer.ts";
import { lookAgainFor } from "./suits.ts";
import { tellAnswered } from "./tell.ts";

/** What a turn did; only `offered` promised the time to somebody. */
export type TurnEnd =
  | { did: "offered"; entryId: string; bookingId: string }
  /** somebody is being asked */
  | { did: "waits"; entryId: string }
  /** nobody who fits is left; whoever joins may still have it */
  | { did: "nobody" }
  /** filled, taken by somebody else, or past */
  | { did: "over" };

/**
 * Whose turn a gap is, worked out from the log alone and written in the caller's transaction, which has queued for the
 * gap's resources: an offer that ran out ends, its hold goes, and the next in the fair order gets one. Doing it twice,
 * or on two nodes, makes no second offer.
 */
export async function takeTurn(tx: TenantTx, work: Work, gapId: string, now: number): Promise<TurnEnd> {
  const gap = await findGap(tx, work.clinicId, gapId);
  if (!gap || gap.state !== "open") return { did: "over" };
  const log = await findOffers(tx, work.clinicId, [gapId]);
  await endLapsed(tx, work, log, now);
  const live = log.find((offer) => offer.state === "live");
  if (live) return { did: "waits", entryId: live.entryId };
  await releaseAnswered(tx, work, log);
  if (gap.startsAt.getTime() - now < shortestOfferMs) return close(tx, work, gap);
  return offerNext(tx, work, gap, log, now);
}

/** Offers that have run out, or whose hold somebody took away, end here; `log` says so afterwards. */
async function endLapsed(tx: TenantTx, work: Work, log: StoredOffer[], now: number): Promise<void> {
  for (const offer of log) {
    if (offer.state !== "live" || (offer.expiresAt.getTime() > now && offer.bookingState === "held")) continue;
    await endOffer(tx, work.clinicId, offer.id, { state: "expired", at: now });
    await tellAnswered(tx, work, offer, "waitlist.expired");
    await lookAgainFor(tx, work, { entryId: offer.entryId, now });
    offer.state = "expired";
    offer.answeredAt = new Date(now);
  }
}

/** What was held for those who did not take it is let go of; in the same transaction it is held for the next. */
export async function releaseAnswered(tx: TenantTx, work: Work, log: readonly StoredOffer[]): Promise<void> {
  const held = log.filter(({ state, bookingState }) => state !== "live" && bookingState === "held");
  if (held.length === 0) return;
  await releaseHeld(
    tx,
    work.clinicId,
    held.map((offer) => offer.bookingId),
  );
}

async function offerNext(
  tx: TenantTx,
  work: Work,
  gap: StoredGap,
  log: readonly StoredOffer[],
  now: number,
): Promise<TurnEnd> {
  const check = canTake(tx, work, gap);
  const zone = await check.zone();
  if (zone === null) return close(tx, work, gap);
  const entries = await findEntries(tx, work.clinicId, { practitionerId: gap.practitionerId });
  const { order, next } = fairOrder(gap, entries, zone);
  const passed: Rank["passed"] = [];
  for (let entry = next(log, passed, now); entry; entry = next(log, passed, now)) {
    const why = await whyPassed(check, entry);
    const rank = rankOf(order, gap, entry, { by: "order", passed });
    const bookingId = why === null ? await makeOffer(tx, work, { gap, entry, check, rank, now }) : null;
    if (bookingId !== null) return { did: "offered", entryId: entry.id, bookingId };
    // Free when read, but not under the lock: somebody else was quicker.
    passed.push({ entryId: entry.id, why: why ?? "offered_elsewhere" });
  }
  return (await isGone(order, check)) ? close(tx, work, gap) : { did: "nobody" };
}

/** Somebody has the time, or it is nobody's to give: what no rule allows, notice aside, for any of those it would suit. */
async function isGone(order: readonly Ranked[], check: TimeCheck): Promise<boolean> {
  if (await check.isTaken()) return true;
  for (const serviceId of new Set(order.map(({ entry }) => entry.serviceId))) {
    if (await check.byStaff(serviceId)) return false;
  }
  return order.length > 0;
}

/** Why somebody cannot be asked now, though it is their turn; null when they can. */
async function whyPassed(check: TimeCheck, entry: Entry): Promise<Passed | null> {
  if (entry.again) return "again";
  if (entry.busy) return "offered_elsewhere";
  // Twice no word: staff, who see it, may call them.
  if (entry.silent) return "silent";
  // An offer runs out in minutes: whoever cannot be written to is asked by staff, who can call them.
  if (!entry.reachable) return "no_mail";
  return (await check.assignment(entry.serviceId)) ? null : "not_offered";
}

async function close(tx: TenantTx, work: Work, gap: StoredGap): Promise<TurnEnd> {
  await closeGap(tx, work.clinicId, gap.id, "over");
  return { did: "over" };
}
