import { inTenant, type Work } from "../../infra/in-tx.ts";
import { bookingToken } from "../../infra/tokens.ts";
import { pointedBooking } from "./booking-on-link.ts";
import type { BookInput, BookingView } from "./booking.schema.ts";
import { viewOf } from "./booking-view.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishOf } from "./wish.ts";

/** Books a time in one step, without a hold. */
export async function bookTime(
  work: Work,
  input: BookInput,
  options?: TakeOptions,
): Promise<{ token: string; booking: BookingView }> {
  const guest = {
    name: input.name,
    email: input.email ?? null,
    phone: input.phone ?? null,
    reason: input.reason ?? null,
  };
  const { answer, row } = await takeTime(work, wishOf(input, guest), options);
  const token = bookingToken(work.s.env.secret, work.clinicId, answer.bookingId);
  const booking =
    row ?? (await inTenant(work, (db) => pointedBooking(db, work.clinicId, { bookingId: answer.bookingId })));
  return { token, booking: viewOf(booking) };
}
