import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { checkedAnswers, sealAnswers, writeAnswers } from "../../intake/index.ts";
import { checkLength, type Wanted } from "../../scheduling/index.ts";
import { type BookingRow, ownClash } from "../booking.repo.ts";
import { candidateResources } from "./candidates.repo.ts";
import { type Decided, decideVisit } from "./decide-visit.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { orAlternatives } from "./lost-time.ts";
import { writePeople } from "./people.ts";
import { releaseHeld } from "../queue.repo.ts";
import { storedKeyOf } from "./seal-told.ts";
import { takeSeats } from "../sets/take-seats.ts";
import { holdMs, type Visit } from "./visit.ts";
import type { Taken, TakenAnswer, Wish } from "./wish.ts";
import { writeVisits } from "./write-visits.ts";

/**
 * Takes a time that more than one person's calendar decides on: rooms and devices, seats, limits, approval by hand,
 * questions, a dependant. It queues for everything the visit could take, lets the engine decide on what stands under the
 * locks, and writes that concrete choice. What the same browser held before goes in the same step, if this is had.
 */
export function takeVisit(work: Work, wish: Wish): Promise<Taken> {
  return untilUnchanged(() => takeOnce(work, wish));
}

async function takeOnce(work: Work, wish: Wish): Promise<Taken> {
  const { serviceId, who, start, minutes, key, inputHash, holder } = wish;
  const candidates = await inTenant(work, (db) => candidateResources(db, work.clinicId, { serviceId, who }));
  if (candidates.length === 0) throw refuse("not_found");
  let taken: Pick<Taken, "row" | "clash"> = { row: null, clash: false };
  const run = () =>
    inBookingTx(work, { resourceIds: candidates, key: { key, inputHash }, holder }, async (tx, now, { former }) => {
      if (former.length > 0) await releaseHeld(tx, work.clinicId, former);
      const wanted = { serviceId, who, start, ...wantedOf(wish), queuedFor: candidates };
      const decided = await decideVisit(tx, work.clinicId, wanted);
      const { status } = decided.availability.clinic;
      if (status !== "live" && !(status === "practice" && wish.bookedBy === "staff")) throw refuse("not_bookable");
      if (wish.bookedBy === "patient") checkLength(decided.service, minutes);
      const row = await writeWish(tx, work, wish, { decided, now });
      // Only a patient who books for themselves is warned.
      const warned = wish.guest !== null && wish.bookedBy === "patient" && wish.dependant === null;
      taken = { row, clash: warned && (await ownClash(tx, work.clinicId, row.id)) };
      return answerOf(row);
    });
  const answer = await orAlternatives(work, { serviceId, who, start, ...wantedOf(wish), anyMinute: false }, run);
  return { answer, ...taken };
}

/** Patients by every rule; staff past notice, horizon and grid. */
function wantedOf({ minutes, bookedBy }: Wish): Wanted {
  return bookedBy === "staff" ? { minutes, unbound: true, anyMinute: true } : { minutes };
}

async function writeWish(
  tx: TenantTx,
  work: Work,
  wish: Wish,
  { decided, now }: { decided: Decided; now: number },
): Promise<BookingRow> {
  const { clinicId } = work;
  const { bookedBy: by, serviceId } = wish;
  const answers = wish.guest ? await checkedAnswers(tx, { clinicId, serviceId }, wish.answers, { by }) : [];
  const visit = await visitOf(tx, work, wish, { decided, now });
  const [row] = await writeVisits(tx, work, [visit], now);
  if (!row) throw new Error("a booking was written and is not there");
  const key = answers.length > 0 && row.patientId !== null ? await storedKeyOf(tx, work, row.patientId) : null;
  if (key) await writeAnswers(tx, clinicId, row.id, sealAnswers(key, answers));
  return row;
}

async function visitOf(
  tx: TenantTx,
  work: Work,
  wish: Wish,
  { decided, now }: { decided: Decided; now: number },
): Promise<Visit> {
  const { service, assignment } = decided;
  const { practitionerId, start, minutes, resources } = assignment;
  const patient = wish.guest && (await writePeople(tx, work, wish.guest, wish.dependant));
  const seats = { service, practitionerId, start, minutes, resources, wanted: 1 };
  const [seat] = service.seats > 1 ? await takeSeats(tx, work, seats) : [];
  return {
    bookingId: newId(),
    serviceId: wish.serviceId,
    practitionerId,
    start,
    minutes,
    resources,
    ...stateOf(wish, service.needsApproval, now),
    patient,
    bookedBy: wish.bookedBy,
    seat,
    holder: wish.holder,
  };
}

/** A hold lasts ten minutes; a request waits for the clinic until its time comes; staff need nobody's approval. */
function stateOf(wish: Wish, needsApproval: boolean, now: number): Pick<Visit, "state" | "holdExpiresAt"> {
  if (!wish.guest) return { state: "held", holdExpiresAt: now + holdMs };
  if (needsApproval && wish.bookedBy === "patient") return { state: "requested", holdExpiresAt: wish.start };
  return { state: "confirmed", holdExpiresAt: null };
}

function answerOf(row: BookingRow): TakenAnswer {
  return {
    bookingId: row.id,
    practitionerId: row.practitionerId,
    start: row.startsAt.toISOString(),
    expiresAt: row.holdExpiresAt?.toISOString() ?? null,
  };
}
