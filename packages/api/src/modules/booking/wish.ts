import { hashInput } from "../scheduling/index.ts";
import type { BookingRow } from "./booking.repo.ts";

/** What somebody tells of themselves, in the clear. */
export type Guest = { name: string; email: string | null; phone: string | null; reason: string | null };

/** Someone wants a time: to hold it, or to book it at once. */
export type Wish = {
  serviceId: string;
  who: string;
  start: number;
  /** null holds the time without saying for whom */
  guest: Guest | null;
  bookedBy: "patient" | "staff";
  key: string;
  inputHash: string;
};

type Asked = { serviceId: string; who: string; start: Date; key: string };
type Told = { name: string; email?: string | undefined; phone?: string | undefined; reason?: string | undefined };

/** What is kept under the key: ids and times only. */
export type TakenAnswer = { bookingId: string; practitionerId: string; start: string; expiresAt: string | null };

/** `row` is there when the time was taken just now, not when an old answer is given again. */
export type Taken = { answer: TakenAnswer; row: BookingRow | null };

/** A wish to hold a time, with the name its input is remembered by. */
export function wishToHold(secret: string, input: Asked): Wish {
  return { ...wanted(input), guest: null, bookedBy: "patient", inputHash: hashInput(secret, "booking.hold", input) };
}

/** A wish to book a time, by the patient or by staff for one. */
export function wishToBook(secret: string, input: Asked & Told, bookedBy: "patient" | "staff"): Wish {
  const guest = guestOf(input);
  const procedure = bookedBy === "staff" ? "staff.booking.book" : "booking.book";
  return { ...wanted(input), guest, bookedBy, inputHash: hashInput(secret, procedure, input) };
}

/** What was told, with null for what was not. */
export function guestOf({ name, email, phone, reason }: Told): Guest {
  return { name, email: email ?? null, phone: phone ?? null, reason: reason ?? null };
}

function wanted({ serviceId, who, start, key }: Asked) {
  return { serviceId, who, start: start.getTime(), key };
}
