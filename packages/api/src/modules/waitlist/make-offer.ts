import { newId, type TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { takeSeats, writeVisits } from "../booking/index.ts";
import type { TimeCheck } from "./can-take.ts";
import { type Entry, isFree } from "./entries.repo.ts";
import { putOffer, type Rank, type StoredGap } from "./gaps.repo.ts";
import { tellOffered } from "./tell.ts";

const minuteMs = 60_000;
/** How long somebody has to answer; less when the visit begins sooner. */
export const offerMs = 15 * minuteMs;
/** Nobody reads a mail and answers in less. */
export const shortestOfferMs = 2 * minuteMs;
/**
 * The time stays held a little longer than it is promised, so that the next one's turn comes before the public's. A
 * worker that is away longer than this gives the time back to everybody.
 */
export const graceMs = minuteMs;

export type Offering = { gap: StoredGap; entry: Entry; check: TimeCheck; rank: Rank; now: number };

/**
 * Holds the gap's time for one person and promises it to them: hold, row of the log, events and audit in one
 * transaction. Null, with nothing written, when they have stopped waiting or are asked elsewhere; otherwise the hold's id.
 */
export async function makeOffer(tx: TenantTx, work: Work, o: Offering): Promise<string | null> {
  const { gap, entry, rank, now } = o;
  const assignment = await o.check.assignment(entry.serviceId);
  if (!assignment) return null;
  if (!(await isFree(tx, work.clinicId, entry.id))) return null;
  const start = gap.startsAt.getTime();
  const expiresAt = Math.min(now + offerMs, start);
  const bookingId = newId();
  const { minutes, resources, seats } = assignment;
  const { serviceId } = entry;
  const { practitionerId } = gap;
  const session = { service: { id: serviceId, seats }, practitionerId, start, minutes, resources, wanted: 1 };
  const [seat] = seats > 1 ? await takeSeats(tx, work, session) : [];
  await writeVisits(
    tx,
    work,
    [
      {
        bookingId,
        serviceId,
        practitionerId,
        start,
        minutes,
        resources,
        seat,
        state: "held",
        holdExpiresAt: expiresAt + graceMs,
        patient: { existing: entry.patientId },
        bookedBy: rank.by === "hand" ? "staff" : "patient",
      },
    ],
    now,
  );
  await putOffer(tx, work.clinicId, { gapId: gap.id, entryId: entry.id, bookingId, offeredAt: now, expiresAt, rank });
  await tellOffered(tx, work, { gapId: gap.id, entryId: entry.id, expiresAt: new Date(expiresAt), by: rank.by });
  return bookingId;
}
