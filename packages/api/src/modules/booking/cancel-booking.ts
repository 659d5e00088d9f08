import { canCancel } from "@pulsecal/core";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { hashInput, onceMoreOnKeyRace } from "../scheduling/index.ts";
import { placeEvent } from "./booking.live.ts";
import { lockedBooking, type Pointer } from "./booking-on-link.ts";
import { type BookingRow, updateBooking } from "./booking.repo.ts";
import { placeOf } from "./write-taken.ts";

export type Cancellation = Pointer & { reason?: string | undefined; key: string };

/** Cancels a booking and frees its time: a patient within the clinic's limit, staff until the visit is over. */
export function cancelBooking(work: Work, by: "patient" | "staff", input: Cancellation): Promise<BookingRow> {
  const once = { key: input.key, inputHash: hashInput(`booking.cancel.${by}`, input) };
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { row, answered } = await lockedBooking(tx, work, input, once);
      if (answered) return row;
      const verdict = canCancel({ state: row.state, startsAt: row.startsAt.getTime() }, row, row.now.getTime(), by);
      if (!verdict.ok) throw refuse(verdict.why);
      const moved = await updateBooking(
        tx,
        work.clinicId,
        {
          id: row.id,
          from: row.state,
          state: "cancelled",
          occupancy: null,
          holdExpiresAt: null,
          countsAsChange: true,
          patient: null,
          reason: null,
          cancelledBy: by,
          cancelReason: input.reason ?? null,
        },
        {
          actor: work.actor,
          requestId: work.requestId ?? null,
          events: [placeEvent("booking.cancelled", placeOf(row))],
          audits: [{ action: "booking.cancelled", entityId: row.id, detail: { from: row.state, to: "cancelled", by } }],
          answer: { ...once, answer: { bookingId: row.id } },
        },
      );
      if (!moved) throw refuse("conflict");
      return { ...row, state: "cancelled", holdExpiresAt: null, sequence: row.sequence + 1 };
    }),
  );
}
