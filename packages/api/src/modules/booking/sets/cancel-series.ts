import { canCancel } from "@pulsecal/core";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { hashInput } from "../../scheduling/index.ts";
import { placeEvent, placeOf } from "../booking.live.ts";
import { type BookingRow, findBookings } from "../booking.repo.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { resourcesOf } from "../queue.repo.ts";
import { ChangedMeanwhile } from "../slot-taken.ts";
import { bookingsOfSet, changeSet } from "./set.repo.ts";
import type { SeriesCancelInput } from "./sets.schema.ts";

/** Cancels what lies ahead of a series, all at once; what has begun or is over stays as it is. */
export async function cancelSeries(work: Work, input: SeriesCancelInput): Promise<{ cancelled: number }> {
  const { clinicId } = work;
  const key = { key: input.key, inputHash: hashInput(work.s.env.secret, "staff.series.cancel", input) };
  return untilUnchanged(async () => {
    const { ids, resourceIds } = await inTenant(work, async (db) => {
      const found = await bookingsOfSet(db, clinicId, input.setId);
      return { ids: found, resourceIds: await resourcesOf(db, clinicId, found) };
    });
    if (ids.length === 0) throw refuse("not_found");
    return inBookingTx(work, { resourceIds, key }, async (tx, now) => {
      const rows = await findBookings(tx, clinicId, ids);
      if (!rows.every((row) => row.resourceIds.every((id) => resourceIds.includes(id)))) throw new ChangedMeanwhile();
      const from = Math.max(input.from?.getTime() ?? now, now);
      const ahead = rows.filter((row) => row.startsAt.getTime() >= from && mayCancel(row, now));
      if (ahead.length > 0) await changeSet(tx, clinicId, ahead.map(cancelled), trailOf(ahead));
      return { cancelled: ahead.length };
    });
  });
}

function mayCancel(row: BookingRow, now: number): boolean {
  return canCancel({ state: row.state, startsAt: row.startsAt.getTime() }, row, now, "staff").ok;
}

function cancelled(row: BookingRow) {
  return {
    bookingId: row.id,
    state: "cancelled",
    occupancy: "released",
    holdExpiresAt: null,
    countsAsChange: true,
    patientId: null,
    reason: null,
    cancelledBy: "staff",
  } as const;
}

function trailOf(rows: readonly BookingRow[]) {
  const last = rows.at(-1)?.startsAt.toISOString();
  return {
    // The patient is told once, of all of them by the first; but one that was changed alone since stands in their calendar
    // by itself, and goes out of it by a mail of its own.
    events: rows.map((row, index) => {
      const event = placeEvent("booking.cancelled", placeOf(row));
      if (index === 0) return { ...event, payload: { ...event.payload, series: { count: rows.length, last } } };
      return row.sequence > 0 ? event : { ...event, payload: { ...event.payload, quiet: true } };
    }),
    audits: rows.map((row) => ({
      bookingId: row.id,
      action: "booking.cancelled",
      detail: { from: row.state, to: "cancelled", by: "staff", setId: row.setId },
    })),
  };
}
