import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { noteWritten } from "../../infra/outbox.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import {
  ChangedMeanwhile,
  confirmation,
  findBookings,
  inBookingTx,
  moveBookingOnce,
  resourcesOf,
  storedKeyOf,
  untilUnchanged,
} from "../booking/index.ts";
import { checkedAnswers, type GivenAnswers, sealAnswers, writeAnswers } from "../intake/index.ts";
import { hashInput } from "../scheduling/index.ts";
import { endEntry, findLinked, type LinkedEntry, lockEntry } from "./entries.repo.ts";
import {
  closeGap,
  endOffer,
  findGap,
  liveOffer,
  putGap,
  resourcesAround,
  seatsLeft,
  type StoredOffer,
} from "./gaps.repo.ts";
import { lookAgainFor, somebodyFits } from "./suits.ts";
import { lookAgain, tellAnswered, tellGap } from "./tell.ts";

/** Whose answer it is: by the secret of the entry's link, or by its id for staff who were told on the phone. */
export type Answering = ({ token: string } | { entryId: string }) & { key: string };

/** An acceptance, with what the person answered to the service's questions. */
export type Accepting = Answering & { answers?: GivenAnswers | undefined };

/**
 * Takes the offered time: the hold becomes a booking, the gap is filled, the waiting is over. A patient is bound as by
 * any booking of theirs: required questions are answered, and where the clinic approves by hand it becomes a request.
 * @throws refusals hold_expired, not_bookable, invalid (naming each field `answers.<questionId>`)
 */
export async function acceptOffer(work: Work, input: Accepting): Promise<{ token: string }> {
  const bookingId = await answering(work, "accept", input, async (tx, entry, now) => {
    const offer = await standingOffer(tx, work.clinicId, entry.id, now);
    const { clinicId } = work;
    await confirmHold(tx, work, offer.bookingId, input);
    await endOffer(tx, clinicId, offer.id, { state: "accepted", at: now });
    await endEntry(tx, clinicId, entry.id, { state: "booked", at: now });
    await closeGap(tx, clinicId, offer.gapId, "filled");
    await offerSeatsLeft(tx, work, offer.bookingId);
    await tellAnswered(tx, work, offer, "waitlist.accepted");
    // Others who are reached the same way were passed over meanwhile.
    await lookAgainFor(tx, work, { entryId: entry.id, now });
    return offer.bookingId;
  });
  return { token: bookingToken(work.s.env.secret, work.clinicId, bookingId) };
}

/** One seat is taken; the next of the same session is somebody else's turn. */
async function offerSeatsLeft(tx: TenantTx, work: Work, bookingId: string): Promise<void> {
  const session = await seatsLeft(tx, work.clinicId, bookingId);
  if (!session || !(await somebodyFits(tx, work.clinicId, session))) return;
  const gap = await putGap(tx, work.clinicId, session);
  if (gap.made) await tellGap(tx, work, gap.id, session.startsAt);
  await lookAgain(tx, work, gap.id);
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

async function confirmHold(tx: TenantTx, work: Work, bookingId: string, input: Accepting): Promise<void> {
  const { clinicId } = work;
  const by = "token" in input ? "patient" : "staff";
  const [row] = await findBookings(tx, clinicId, [bookingId]);
  if (!row) throw new Error("an offer's booking is not there");
  if (by === "patient" && row.clinicStatus !== "live") throw refuse("not_bookable");
  if (row.asks) {
    const answers = await checkedAnswers(tx, { clinicId, serviceId: row.serviceId }, input.answers, { by });
    const key = row.patientId === null ? null : await storedKeyOf(tx, work, row.patientId);
    if (key) await writeAnswers(tx, clinicId, row.id, sealAnswers(key, answers));
  }
  // Staff who take the answer on the phone have approved it.
  const needsApproval = by === "patient" && row.needsApproval;
  const { to, events, audit } = confirmation({ ...row, needsApproval }, { patient: null, reason: null });
  const end = await moveBookingOnce(tx, clinicId, row, to, { events, audit, answer: null });
  if (end.status !== "moved") throw new ChangedMeanwhile();
  if (end.xid !== null) noteWritten(tx, BigInt(end.xid));
}

async function endDeclined(tx: TenantTx, work: Work, offer: StoredOffer, now: number): Promise<void> {
  const ranOut = offer.expiresAt.getTime() <= now;
  await endOffer(tx, work.clinicId, offer.id, { state: ranOut ? "expired" : "declined", at: now });
  await tellAnswered(tx, work, offer, ranOut ? "waitlist.expired" : "waitlist.declined");
  await lookAgain(tx, work, offer.gapId);
  await lookAgainFor(tx, work, { entryId: offer.entryId, now });
}
