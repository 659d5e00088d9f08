import { type BookingState, canMove } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { checkedAnswers, sealAnswers, writeAnswers } from "../../intake/index.ts";
import { putPatients } from "../../records/index.ts";
import { hashInput } from "../../scheduling/index.ts";
import { warningsOf } from "./book-time.ts";
import { holdDueEvent, placeEvent, placeOf, reminderEvents } from "../booking.live.ts";
import { type Change, changeBooking } from "../booking-on-link.ts";
import { type BookingMove, type BookingRow, ownClash } from "../booking.repo.ts";
import type { ConfirmInput, ConfirmOut } from "../booking.schema.ts";
import { isLapsed, viewOf } from "../booking-view.ts";
import { holdExpired } from "./hold-time.ts";
import { sealGuest, sealTold } from "./seal-told.ts";
import { guestOf } from "./wish.ts";

/**
 * Turns a live hold into a booking where it stands, or into a request where the clinic answers by hand. Nothing but
 * booking and patient is one statement; answers and a dependant are written before it in the same transaction.
 */
export async function confirmBooking(work: Work, input: ConfirmInput): Promise<ConfirmOut> {
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.confirm", input) };
  const patientId = newId();
  let over = false;
  const { row, change, clash } = await changeBooking(work, input, once, async (booking) => {
    if (booking.clinicStatus !== "live") throw refuse("not_bookable");
    // A visit that has begun is no visit to book, however long its hold was drawn out.
    over = booking.state !== "held" || isLapsed(booking) || booking.startsAt <= booking.now;
    if (over) return null;
    // A family is booked whole (public.booking.family.confirm) or not at all.
    if (booking.setKind === "family") throw refuse("invalid", { fields: [{ path: "token", issue: "one of a set" }] });
    return confirmation(booking, await toldWith(work, booking, patientId, input));
  });
  if (over) throw await whyNotConfirmed(work, row);
  if (!change) {
    const met = await inTenant(work, (db) => ownClash(db, work.clinicId, row.id));
    return { ...viewOf(work, row), warnings: warningsOf(met) };
  }
  // The patient who was written beside their answers was not looked at on the way; who books for another is not warned.
  const looked = change.before === undefined || input.dependant !== undefined;
  const met = looked ? clash : await inTenant(work, (db) => ownClash(db, work.clinicId, row.id));
  const { state, holdExpiresAt } = change.to;
  const patientName = input.dependant?.name ?? input.name;
  const booked = { ...row, state, holdExpiresAt, patientId, patientName };
  return { ...viewOf(work, booked), warnings: warningsOf(met) };
}

/** What was told, sealed: a patient who comes with the booking, or one who is written before it with their answers. */
type Told = Pick<BookingMove, "patient" | "patientId" | "reason"> & Pick<Change, "before">;

async function toldWith(work: Work, row: BookingRow, patientId: string, input: ConfirmInput): Promise<Told> {
  const guest = guestOf(input);
  if (!input.dependant && !row.asks) return sealGuest(work, { patientId, bookingId: row.id }, guest);
  const dependant = input.dependant?.name ?? null;
  const { patients, key, reason } = await sealTold(work, { patientId, bookingId: row.id }, guest, dependant);
  const before = async (tx: TenantTx) => {
    const { clinicId } = work;
    const answers = await checkedAnswers(tx, { clinicId, serviceId: row.serviceId }, input.answers, { by: "patient" });
    await putPatients(tx, clinicId, patients);
    await writeAnswers(tx, clinicId, row.id, sealAnswers(key, answers));
  };
  return { patient: null, patientId, reason, before };
}

/** A hold that becomes a booking where it stands, or a request where the clinic answers by hand. */
export function confirmation(row: BookingRow, { before, ...told }: Told): Change {
  const state: BookingState = row.needsApproval ? "requested" : "confirmed";
  if (!canMove(row.state, state)) throw refuse("conflict");
  const place = placeOf(row);
  // A request waits for the clinic until its time comes.
  const holdExpiresAt = state === "requested" ? row.startsAt : null;
  const changed = { standing: true, countsAsChange: false, cancelledBy: null, cancelReason: null };
  return {
    to: { ...changed, ...told, state, occupancy: holdExpiresAt ? "held" : "booked", holdExpiresAt },
    events: holdExpiresAt
      ? [placeEvent("booking.requested", place), holdDueEvent(row.id, place.startsAt)]
      : [placeEvent("booking.confirmed", place), ...reminderEvents(place, row.now.getTime())],
    audit: { action: `booking.${state}`, detail: { from: "held", to: state, startsAt: place.startsAt } },
    before,
  };
}

/** A hold that ran out has alternatives; one that somebody confirmed already is a booking now. */
async function whyNotConfirmed(work: Work, row: BookingRow) {
  const ranOut = row.state === "held" || row.state === "expired" || row.state === "cancelled";
  return ranOut ? holdExpired(work, row) : refuse("conflict");
}
