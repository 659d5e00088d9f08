import { canCancel } from "@pulsecal/core";
import type { Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { hashInput } from "../../scheduling/index.ts";
import { placeEvent, placeOf } from "../booking.live.ts";
import { type Change, changeBooking, type Pointer } from "../booking-on-link.ts";
import type { BookingMove, BookingRow } from "../booking.repo.ts";
import { sealCancelReason } from "../take/seal-told.ts";

export type Cancellation = Pointer & { reason?: string | undefined; key: string };

/** Cancels a booking and frees its time: a patient within the clinic's limit, staff until the visit is over. */
export async function cancelBooking(work: Work, by: "patient" | "staff", input: Cancellation): Promise<BookingRow> {
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, `booking.cancel.${by}`, input) };
  const { row, change } = await changeBooking(work, input, once, async (booking, patientKey) => {
    checkCancel(booking, by);
    return cancellation(booking, by, await sealCancelReason(work, booking, patientKey, input.reason));
  });
  return change ? { ...row, state: "cancelled", holdExpiresAt: null, sequence: row.sequence + 1 } : row;
}

function checkCancel(row: BookingRow, by: "patient" | "staff"): void {
  const booking = { state: row.state, startsAt: row.startsAt.getTime(), movedByClinic: row.movedFrom !== null };
  const verdict = canCancel(booking, row, row.now.getTime(), by);
  if (!verdict.ok) throw refuse(verdict.why);
}

function cancellation(row: BookingRow, by: "patient" | "staff", reason: BookingMove["cancelReason"]): Change {
  return {
    to: {
      state: "cancelled",
      occupancy: null,
      holdExpiresAt: null,
      standing: false,
      countsAsChange: true,
      patient: null,
      reason: null,
      cancelledBy: by,
      cancelReason: reason,
    },
    events: [placeEvent("booking.cancelled", placeOf(row))],
    audit: { action: "booking.cancelled", detail: { from: row.state, to: "cancelled", by } },
  };
}
