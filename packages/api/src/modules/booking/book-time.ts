import { inTenant, type Work } from "../../infra/in-tx.ts";
import { bookingToken } from "../../infra/tokens.ts";
import { pointedBooking } from "./booking-on-link.ts";
import type { BookInput, BookingView, StaffBooking } from "./booking.schema.ts";
import { staffViewOf, viewOf } from "./booking-view.ts";
import { staffBooking } from "./staff-day.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishToBook } from "./wish.ts";

/** Books a time in one step, without a hold. */
export async function bookTime(
  work: Work,
  input: BookInput,
  options?: TakeOptions,
): Promise<{ token: string; booking: BookingView }> {
  const { answer, row } = await takeTime(work, wishToBook(work.s.env.secret, input, "patient"), options);
  const token = bookingToken(work.s.env.secret, work.clinicId, answer.bookingId);
  const booking =
    row ?? (await inTenant(work, (db) => pointedBooking(db, work.clinicId, { bookingId: answer.bookingId })));
  return { token, booking: viewOf(booking) };
}

/** Books a time for a patient who called or stands at the desk. */
export async function bookForPatient(work: Work, input: BookInput): Promise<StaffBooking> {
  const { answer, row } = await takeTime(work, wishToBook(work.s.env.secret, input, "staff"));
  return row ? staffViewOf(row) : staffBooking(work, answer.bookingId);
}
