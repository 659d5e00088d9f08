import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { noteWritten } from "../../infra/outbox.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import {
  ChangedMeanwhile,
  findBookings,
  inBookingTx,
  moveBookingOnce,
  placeEvent,
  placeOf,
  reminderEvents,
  resourcesOf,
  untilUnchanged,
} from "../booking/index.ts";
import { hashInput } from "../scheduling/index.ts";
import { endEntry, findLinked, type LinkedEntry, lockEntry } from "./entries.repo.ts";
import { closeGap, endOffer, findGap, liveOffer, resourcesAround, type StoredOffer } from "./gaps.repo.ts";
import { lookAgain, tellAnswered } from "./tell.ts";

/** Whose answer it is: by the secret of the entry's link, or by its id for staff who were told on the phone. */
export type Answering = ({ token: string } | { entryId: string }) & { key: string };

/** Takes the offered time: the hold becomes a booking, the gap is filled, the waiting is over. */
export async function acceptOffer(work: Work, input: Answering): Promise<{ token: string }> {
  const bookingId = await answering(work, "accept", input, async (tx, entry, now) => {
    const offer = await standingOffer(tx, work.clinicId, entry.id, now);
    await confirmHold(tx, work, offer.bookingId, now);
    const { clinicId } = work;
    await endOffer(tx, clinicId, offer.id, { state: "accepted", at: now });
    await endEntry(tx, clinicId, entry.id, { state: "booked", at: now });
    await closeGap(tx, clinicId, offer.gapId, "filled");
    await tellAnswered(tx, work, offer, "waitlist.accepted");
    return offer.bookingId;
  });
  return { token: bookingToken(work.s.env.secret, work.clinicId, bookingId) };
}

/** Passes on the offered time and waits on. The hold stays until the worker gives it to the next, within moments. */
export async function declineOffer(work: Work, input: Answering): Promise<void> {
  await answering(work, "decline", input, async (tx, entry, now) => {
    const offer = await liveOffer(tx, work.clinicId, entry.id);
    // One that has run out meanwhile is passed on anyway.
    if (offer) await endDeclined(tx, work, offer, now);
    return entry.id;
  });
}

/** Leaves the waitlist; an offer that stands goes to the next. Leaving twice changes nothing. */
export async function leaveWaitlist(work: Work, input: Answering): Promise<void> {
  await answering(work, "withdraw", input, async (tx, entry, now) => {
    const offer = await liveOffer(tx, work.clinicId, entry.id);
    if (offer) await endDeclined(tx, work, offer, now);
    await endEntry(tx, work.clinicId, entry.id, { state: "withdrawn", at: now });
    return entry.id;
  });
}

/** Runs an answer once per key, queued behind whoever else decides on the offer's time. Returns the id `fn` gives. */
function answering(
  work: Work,
  kind: "accept" | "decline" | "withdraw",
  input: Answering,
  fn: (tx: TenantTx, entry: LinkedEntry, now: number) => Promise<string>,
): Promise<string> {
  const { clinicId } = work;
  const by = "token" in input ? { tokenHash: hashToken(input.token) } : { entryId: input.entryId };
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, `waitlist.${kind}`, input) };
  return untilUnchanged(async () => {
    const { entry, offer, resourceIds } = await inTenant(work, async (db) => {
      const found = await findLinked(db, clinicId, by);
      if (!found) throw refuse("not_found");
      const live = await liveOffer(db, clinicId, found.id);
      const gap = live && (await findGap(db, clinicId, live.gapId));
      const queue = live && gap ? await queueOf(db, clinicId, live, gap.practitionerId) : [];
      return { entry: found, offer: live, resourceIds: queue };
    });
    return inBookingTx(work, { resourceIds, key: once }, async (tx, now) => {
      await lockEntry(tx, clinicId, entry.id);
      // Queued for the wrong time: the offer was made since it was read.
      const live = await liveOffer(tx, clinicId, entry.id);
      if (live && live.id !== offer?.id) throw new ChangedMeanwhile();
      return fn(tx, entry, now);
    });
  });
}

async function queueOf(
  db: Parameters<typeof resourcesAround>[0],
  clinicId: string,
  offer: StoredOffer,
  practitionerId: string,
): Promise<string[]> {
  const around = await resourcesAround(db, clinicId, practitionerId);
  return [...new Set([...around, ...(await resourcesOf(db, clinicId, [offer.bookingId]))])];
}

/** The offer as it still stands at this instant, or a refusal: after its end it is promised to the next. */
async function standingOffer(tx: TenantTx, clinicId: string, entryId: string, now: number): Promise<StoredOffer> {
  const offer = await liveOffer(tx, clinicId, entryId);
  if (!offer || offer.bookingState !== "held" || offer.expiresAt.getTime() <= now) throw refuse("hold_expired");
  return offer;
}

async function confirmHold(tx: TenantTx, work: Work, bookingId: string, now: number): Promise<void> {
  const [row] = await findBookings(tx, work.clinicId, [bookingId]);
  if (!row) throw new Error("an offer's booking is not there");
  const place = placeOf(row);
  const end = await moveBookingOnce(
    tx,
    work.clinicId,
    row,
    {
      state: "confirmed",
      occupancy: "booked",
      holdExpiresAt: null,
      standing: true,
      countsAsChange: false,
      patient: null,
      reason: null,
      cancelledBy: null,
      cancelReason: null,
    },
    {
      events: [placeEvent("booking.confirmed", place), ...reminderEvents(place, now)],
      audit: { action: "booking.confirmed", detail: { from: "held", to: "confirmed", startsAt: place.startsAt } },
      answer: null,
    },
  );
  if (end.status !== "moved") throw new ChangedMeanwhile();
  if (end.xid !== null) noteWritten(tx, BigInt(end.xid));
}

async function endDeclined(tx: TenantTx, work: Work, offer: StoredOffer, now: number): Promise<void> {
  const ranOut = offer.expiresAt.getTime() <= now;
  await endOffer(tx, work.clinicId, offer.id, { state: ranOut ? "expired" : "declined", at: now });
  await tellAnswered(tx, work, offer, ranOut ? "waitlist.expired" : "waitlist.declined");
  await lookAgain(tx, work, offer.gapId);
}
