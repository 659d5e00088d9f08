import { hashInput } from "../scheduling/index.ts";
import type { BookingRow, NewPatient } from "./booking.repo.ts";

export type Guest = Omit<NewPatient, "id"> & { reason: string | null };

/** Someone wants a time: to hold it, or to book it at once. */
export type Wish = {
  serviceId: string;
  who: string;
  start: number;
  /** null holds the time without saying for whom */
  guest: Guest | null;
  key: string;
  inputHash: string;
};

/** What is kept under the key: ids and times only. */
export type TakenAnswer = { bookingId: string; practitionerId: string; start: string; expiresAt: string | null };

/** `row` is there when the time was taken just now, not when an old answer is given again. */
export type Taken = { answer: TakenAnswer; row: BookingRow | null };

/** An input as a wish, with the name it is remembered by. */
export function wishOf(input: { serviceId: string; who: string; start: Date; key: string }, guest: Guest | null): Wish {
  return {
    serviceId: input.serviceId,
    who: input.who,
    start: input.start.getTime(),
    guest,
    key: input.key,
    inputHash: hashInput(guest ? "booking.book" : "booking.hold", input),
  };
}
