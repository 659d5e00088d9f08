import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { holdDueEvent } from "../booking.live.ts";
import { type BookingRow, findBookings } from "../booking.repo.ts";
import { isLapsed } from "../booking-view.ts";
import { inBookingTx, type Once } from "../in-booking-tx.ts";
import { releaseHeld, resourcesOf } from "../queue.repo.ts";
import { bookingsOfSet, changeSet, type SetChange } from "./set.repo.ts";

/**
 * Keeps every time of a held set until an instant: one press is for all of it, so that a family is never held in part.
 * False when one of them is not held any more; nothing is kept longer then.
 */
export async function extendSet(work: Work, setId: string, until: Date, key: Once | null): Promise<boolean> {
  const { clinicId } = work;
  return inBookingTx(work, { resourceIds: await queueOf(work, setId), key }, async (tx) => {
    const rows = await findBookings(tx, clinicId, await bookingsOfSet(tx, clinicId, setId));
    if (rows.some((row) => row.state !== "held" || isLapsed(row))) return false;
    await changeSet(
      tx,
      clinicId,
      rows.map((row) => kept(row, until)),
      {
        events: rows.map(({ id }) => holdDueEvent(id, until.toISOString())),
        audits: rows.map(({ id }) => ({ bookingId: id, action: "booking.hold_extended", detail: { setId } })),
      },
    );
    return true;
  });
}

/** Gives every time of a set back that is still held; says how many. */
export async function releaseSet(work: Work, setId: string, key: Once | null): Promise<number> {
  const { clinicId } = work;
  return inBookingTx(work, { resourceIds: await queueOf(work, setId), key }, async (tx) =>
    releaseHeld(tx, clinicId, await bookingsOfSet(tx, clinicId, setId)),
  );
}

function queueOf(work: Work, setId: string): Promise<string[]> {
  const { clinicId } = work;
  return inTenant(work, async (db) => resourcesOf(db, clinicId, await bookingsOfSet(db, clinicId, setId)));
}

function kept({ id, holdExpiresAt }: BookingRow, until: Date): SetChange {
  return {
    bookingId: id,
    state: "held",
    occupancy: "held",
    // somebody who pressed at the same moment may have got further
    holdExpiresAt: holdExpiresAt && holdExpiresAt > until ? holdExpiresAt : until,
    countsAsChange: false,
    patientId: null,
    reason: null,
    cancelledBy: null,
  };
}
