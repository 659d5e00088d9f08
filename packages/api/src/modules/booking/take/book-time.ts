import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { bookingToken } from "../../../infra/tokens.ts";
import { pointedBooking } from "../booking-on-link.ts";
import { ownClash } from "../booking.repo.ts";
import type { BookInput, BookingView, StaffBooking, Warning } from "../booking.schema.ts";
import { staffViewOf, viewOf } from "../booking-view.ts";
import { staffBooking } from "../desk/staff-day.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishToBook } from "./wish.ts";

/** Books a time in one step, without a hold. */
export async function bookTime(
  work: Work,
  input: BookInput,
  options?: TakeOptions,
): Promise<{ token: string; booking: BookingView; warnings: Warning[] }> {
  const { answer, row, clash } = await takeTime(work, wishToBook(work, input, "patient"), options);
  const token = bookingToken(work.s.env.secret, work.clinicId, answer.bookingId);
  if (row) return { token, booking: viewOf(work, row), warnings: warningsOf(clash) };
  // The answer of an earlier try: what was said then is worked out again from the rows.
  return inTenant(work, async (db) => {
    const { bookingId } = answer;
    const booking = viewOf(work, await pointedBooking(db, work.clinicId, { bookingId }));
    return { token, booking, warnings: warningsOf(await ownClash(db, work.clinicId, bookingId)) };
  });
}

/** What somebody is told who has another booking at that time. */
export function warningsOf(clash: boolean): Warning[] {
  return clash ? ["own_clash"] : [];
}

/** Books a time for a patient who called or stands at the desk. */
export async function bookForPatient(work: Work, input: BookInput): Promise<StaffBooking> {
  const { answer, row } = await takeTime(work, wishToBook(work, input, "staff"));
  return row && row.resourceIds.length === 1 ? staffViewOf(row) : staffBooking(work, answer.bookingId);
}
