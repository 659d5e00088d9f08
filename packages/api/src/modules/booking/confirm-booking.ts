import { canMove } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { hashInput } from "../scheduling/index.ts";
import { placeEvent, placeOf, reminderEvents } from "./booking.live.ts";
import { type Change, changeBooking } from "./booking-on-link.ts";
import type { BookingMove, BookingRow } from "./booking.repo.ts";
import type { BookingView, ConfirmInput } from "./booking.schema.ts";
import { isLapsed, viewOf } from "./booking-view.ts";
import { holdExpired } from "./hold-time.ts";
import { sealGuest } from "./seal-told.ts";
import { guestOf } from "./wish.ts";

/** Turns a live hold into a booking where it stands. */
export async function confirmBooking(work: Work, input: ConfirmInput): Promise<BookingView> {
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.confirm", input) };
  const patientId = newId();
  let over = false;
  const { row, change } = await changeBooking(work, input, once, async (booking) => {
    if (booking.clinicStatus !== "live") throw refuse("not_bookable");
    over = booking.state !== "held" || isLapsed(booking);
    if (over) return null;
    return confirmation(booking, await sealGuest(work, { patientId, bookingId: booking.id }, guestOf(input)));
  });
  if (over) throw await whyNotConfirmed(work, row);
  if (!change) return viewOf(row);
  return viewOf({ ...row, state: "confirmed", holdExpiresAt: null, patientId, patientName: input.name });
}

function confirmation(row: BookingRow, { patient, reason }: Pick<BookingMove, "patient" | "reason">): Change {
  if (!canMove(row.state, "confirmed")) throw refuse("conflict");
  const place = placeOf(row);
  return {
    to: {
      state: "confirmed",
      occupancy: "booked",
      holdExpiresAt: null,
      standing: true,
      countsAsChange: false,
      patient,
      reason,
      cancelledBy: null,
      cancelReason: null,
    },
    events: [placeEvent("booking.confirmed", place), ...reminderEvents(place, row.now.getTime())],
    audit: { action: "booking.confirmed", detail: { from: "held", to: "confirmed", startsAt: place.startsAt } },
  };
}

/** A hold that ran out has alternatives; one that somebody confirmed already is a booking now. */
async function whyNotConfirmed(work: Work, row: BookingRow) {
  const ranOut = row.state === "held" || row.state === "expired" || row.state === "cancelled";
  return ranOut ? holdExpired(work, row) : refuse("conflict");
}
