import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import type { EventOf, Outcome } from "../../jobs/catalog.ts";
import { isDone, recordDone } from "../../jobs/inbox.repo.ts";
import { inBookingTx } from "../booking/index.ts";
import { findFreed, findGap, type Freed, gapOfHold, putGap, resourcesAround } from "./gaps.repo.ts";
import { gapsThatSuit, somebodyFits } from "./suits.ts";
import { lookAgain, tellGap } from "./tell.ts";
import { takeTurn } from "./turn.ts";

/** The effect's own mark in the inbox, written with what it did. */
export type Done = { eventId: string; effect: "open_gap" | "open_span" | "waitlist_turn" | "waitlist_match" };

/** A booking left its time: whoever waits for one like it is asked, one at a time. */
export async function openGap(work: Work, event: EventOf<"open_gap">): Promise<Outcome> {
  const done: Done = { eventId: event.id, effect: "open_gap" };
  const ofOffer = await inTenant(work, (db) => gapOfHold(db, work.clinicId, event.payload.bookingId));
  // The hold of an offer has no gap of its own: it is the turn of the next at the gap it came from.
  if (ofOffer !== null) return turnOf(work, ofOffer, done);
  const freed = await inTenant(work, (db) => findFreed(db, work.clinicId, leftOf(event.payload)));
  if (!freed || !(await inTenant(work, (db) => somebodyFits(db, work.clinicId, freed)))) return nothing(work, done);
  return makeGap(work, freed, done, event.payload.byClinic === true);
}

/** Whoever moves a visit at the desk may want the time they made free; until then it is only shown as a gap. */
export const quietMs = 3 * 60_000;

/** The place that was left: a booking's own, or where it stood before it moved, without what it has kept there. */
function leftOf({ bookingId, startsAt, resourceIds, fromStartsAt, fromResourceIds }: EventOf<"open_gap">["payload"]) {
  if (fromStartsAt === undefined || fromResourceIds === undefined) return { bookingId, startsAt, resourceIds };
  const kept = fromStartsAt === startsAt ? resourceIds : [];
  return { bookingId, startsAt: fromStartsAt, resourceIds: fromResourceIds.filter((id) => !kept.includes(id)) };
}

async function makeGap(work: Work, freed: Freed, done: Done, quiet: boolean): Promise<Outcome> {
  const { clinicId } = work;
  const resourceIds = await inTenant(work, (db) => resourcesAround(db, clinicId, freed.practitionerId));
  const did = await inBookingTx(work, { resourceIds, key: null }, async (tx, now) => {
    // In the transaction of what it does: a worker that dies here has done all of it or nothing.
    if (await isDone(tx, { clinicId, ...done })) return "done before";
    await recordDone(tx, { clinicId, ...done });
    const gap = await putGap(tx, clinicId, freed);
    if (gap.made) await tellGap(tx, work, gap.id, freed.startsAt);
    if (!quiet) return (await takeTurn(tx, work, gap.id, now)).did;
    await lookAgain(tx, work, gap.id, new Date(now + quietMs));
    return "waits for the desk";
  });
  return { did };
}

/** Whose turn it is at one gap; the mark of the job goes into the same transaction. */
export async function turnOf(work: Work, gapId: string, done: Done | null): Promise<Outcome> {
  const { clinicId } = work;
  const gap = await inTenant(work, (db) => findGap(db, clinicId, gapId));
  if (!gap) return nothing(work, done);
  const resourceIds = await inTenant(work, (db) => resourcesAround(db, clinicId, gap.practitionerId));
  const did = await inBookingTx(work, { resourceIds, key: null }, async (tx, now) => {
    if (done) await recordDone(tx, { clinicId, ...done });
    return (await takeTurn(tx, work, gapId, now)).did;
  });
  return { did };
}

/** Somebody new waits: gaps that nobody has been found for get another look, the soonest first. */
export async function matchEntry(work: Work, event: EventOf<"waitlist_match">): Promise<Outcome> {
  const { clinicId } = work;
  const done: Done = { eventId: event.id, effect: "waitlist_match" };
  const now = work.s.now().getTime();
  const gapIds = await inTenant(work, (db) => gapsThatSuit(db, clinicId, { entryIds: [event.payload.entryId], now }));
  // A turn taken twice makes no second offer, so the job is marked when all of them were.
  for (const gapId of gapIds) await turnOf(work, gapId, null);
  return nothing(work, done, `looked at ${gapIds.length}`);
}

async function nothing(work: Work, done: Done | null, did = "nothing: nobody waits for it"): Promise<Outcome> {
  const { clinicId } = work;
  if (done) await inTx(work, (tx) => recordDone(tx, { clinicId, ...done }));
  return { did };
}
