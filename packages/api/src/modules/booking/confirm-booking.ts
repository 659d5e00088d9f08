import { canMove } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { hashInput, onceMoreOnKeyRace } from "../scheduling/index.ts";
import { placeEvent, reminderEvents } from "./booking.live.ts";
import { lockedBooking } from "./booking-on-link.ts";
import { type BookingRow, updateBooking } from "./booking.repo.ts";
import type { BookingView, ConfirmInput } from "./booking.schema.ts";
import { isLapsed, viewOf } from "./booking-view.ts";
import { holdExpired } from "./hold-time.ts";
import { placeOf } from "./write-taken.ts";

/** Turns a live hold into a booking where it stands. */
export async function confirmBooking(work: Work, input: ConfirmInput): Promise<BookingView> {
  const once = { key: input.key, inputHash: hashInput("booking.confirm", input) };
  const { row, over } = await onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { row, answered } = await lockedBooking(tx, work, input, once);
      if (answered) return { row, over: false };
      if (row.clinicStatus !== "live") throw refuse("not_bookable");
      if (row.state !== "held" || isLapsed(row)) return { row, over: true };
      if (!canMove(row.state, "confirmed")) throw refuse("conflict");
      const patient = { id: newId(), name: input.name, email: input.email ?? null, phone: input.phone ?? null };
      const place = placeOf(row);
      const moved = await updateBooking(
        tx,
        work.clinicId,
        {
          id: row.id,
          from: row.state,
          state: "confirmed",
          occupancy: "booked",
          holdExpiresAt: null,
          countsAsChange: false,
          patient,
          reason: input.reason ?? null,
          cancelledBy: null,
          cancelReason: null,
        },
        {
          actor: work.actor,
          requestId: work.requestId ?? null,
          events: [placeEvent("booking.confirmed", place), ...reminderEvents(place, row.now.getTime())],
          audits: [
            {
              action: "booking.confirmed",
              entityId: row.id,
              detail: { from: "held", to: "confirmed", startsAt: place.startsAt },
            },
          ],
          answer: { ...once, answer: { bookingId: row.id } },
        },
      );
      if (!moved) throw refuse("conflict");
      const confirmed: BookingRow = {
        ...row,
        state: "confirmed",
        holdExpiresAt: null,
        patientId: patient.id,
        patientName: patient.name,
      };
      return { row: confirmed, over: false };
    }),
  );
  if (over) throw await whyNotConfirmed(work, row);
  return viewOf(row);
}

/** A hold that ran out has alternatives; one that somebody confirmed already is a booking now. */
async function whyNotConfirmed(work: Work, row: BookingRow) {
  const ranOut = row.state === "held" || row.state === "expired" || row.state === "cancelled";
  return ranOut ? holdExpired(work, row) : refuse("conflict");
}
