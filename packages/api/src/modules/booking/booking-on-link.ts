import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { findAnswer, inOneFlight, replay } from "../scheduling/index.ts";
import { type BookingRow, findBooking, lockBookingById, lockBookingOfLink } from "./booking.repo.ts";

/** How a booking is pointed at: by the secret of its link, or by its id for staff. */
export type Pointer = { token: string } | { bookingId: string };

/** Joins the queue of the booking's resource, then reads the booking and, when there is a key, its stored answer. */
export async function lockedBooking(
  tx: TenantTx,
  work: Work,
  pointer: Pointer,
  once: { key: string; inputHash: string } | null,
): Promise<{ row: BookingRow; answered: boolean }> {
  const { clinicId } = work;
  const by = byOf(pointer);
  await ("id" in by ? lockBookingById(tx, clinicId, by.id) : lockBookingOfLink(tx, clinicId, by.tokenHash));
  const [stored, row] = await inOneFlight([
    once ? findAnswer(tx, clinicId, once.key) : Promise.resolve(null),
    findBooking(tx, clinicId, by),
  ]);
  if (!row) throw refuse("not_found");
  return { row, answered: once !== null && replay(stored, once.inputHash) !== null };
}

/** The booking a pointer means, or not_found: an unknown link and another clinic's are the same. */
export async function pointedBooking(
  db: Parameters<typeof findBooking>[0],
  clinicId: string,
  pointer: Pointer,
): Promise<BookingRow> {
  const row = await findBooking(db, clinicId, byOf(pointer));
  if (!row) throw refuse("not_found");
  return row;
}

function byOf(pointer: Pointer): { id: string } | { tokenHash: string } {
  return "token" in pointer ? { tokenHash: hashToken(pointer.token) } : { id: pointer.bookingId };
}
