import { inOneWrite, inTenant, type Work } from "../../infra/in-tx.ts";
import { hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import type { StoredPatientKey } from "../records/index.ts";
import { onceMoreOnKeyRace, replay } from "../scheduling/index.ts";
import type { BookingAudit, BookingEvent } from "./booking.live.ts";
import { type BookingMove, type BookingRow, findBooking, moveBookingOnce } from "./booking.repo.ts";

/** How a booking is pointed at: by the secret of its link, or by its id for staff. */
export type Pointer = { token: string } | { bookingId: string };

/** A change that was decided on: what moves, and what is told of it. */
export type Change = { to: BookingMove; events: readonly BookingEvent[]; audit: BookingAudit };

/** How it ended: the booking as it was read, and the change, if there was one to make. */
export type Changed = { row: BookingRow; change: Change | null };

/** Somebody who presses at the same moments as others still gets an answer about what is there now. */
const rounds = 4;

/**
 * Reads a booking, decides on it, and writes the change if the booking is still as it was read; otherwise starts over.
 * `decide` refuses by throwing; null leaves the booking alone. With a key, a change made before is not made again.
 */
export async function changeBooking(
  work: Work,
  pointer: Pointer,
  once: { key: string; inputHash: string } | null,
  decide: (row: BookingRow, patientKey: StoredPatientKey | null) => Change | null | Promise<Change | null>,
): Promise<Changed> {
  for (let round = 0; round < rounds; round++) {
    const found = await inTenant(work, (db) => findBooking(db, work.clinicId, byOf(pointer), once?.key));
    if (!found) throw refuse("not_found");
    const { row, stored, patientKey } = found;
    if (once && replay(stored, once.inputHash)) return { row, change: null };
    const change = await decide(row, patientKey);
    if (!change) return { row, change };
    const answer = once && { ...once, answer: { bookingId: row.id } };
    const { status } = await onceMoreOnKeyRace(() =>
      inOneWrite(work, (db) => moveBookingOnce(db, work.clinicId, row, change.to, { ...change, answer })),
    );
    if (status === "moved") return { row, change };
  }
  throw refuse("conflict");
}

/** The booking a pointer means, or not_found: an unknown link and another clinic's are the same. */
export async function pointedBooking(
  db: Parameters<typeof findBooking>[0],
  clinicId: string,
  pointer: Pointer,
): Promise<BookingRow> {
  const found = await findBooking(db, clinicId, byOf(pointer));
  if (!found) throw refuse("not_found");
  return found.row;
}

function byOf(pointer: Pointer): { id: string } | { tokenHash: string } {
  return "token" in pointer ? { tokenHash: hashToken(pointer.token) } : { id: pointer.bookingId };
}
