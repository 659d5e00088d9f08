import { sign } from "../../../infra/tokens.ts";
import type { Work } from "../../../infra/in-tx.ts";
import type { GivenAnswers } from "../../intake/index.ts";
import { hashInput } from "../../scheduling/index.ts";
import type { BookingRow } from "../booking.repo.ts";

/** What somebody tells of themselves, in the clear. */
export type Guest = { name: string; email: string | null; phone: string | null; reason: string | null };

/** Someone wants a time: to hold it, or to book it at once. */
export type Wish = {
  serviceId: string;
  who: string;
  start: number;
  /** another of the service's lengths */
  minutes: number | undefined;
  /** null holds the time without saying for whom */
  guest: Guest | null;
  /** the name of somebody the guest books for; then the guest is their guardian and is told */
  dependant: string | null;
  answers: GivenAnswers | undefined;
  bookedBy: "patient" | "staff";
  /** the hash of the browser's mark a hold is kept under */
  holder: Uint8Array | null;
  key: string;
  inputHash: string;
};

type Asked = { serviceId: string; who: string; start: Date; minutes?: number | undefined; key: string };
type Told = {
  name: string;
  email?: string | undefined;
  phone?: string | undefined;
  reason?: string | undefined;
  dependant?: { name: string } | undefined;
  answers?: GivenAnswers | undefined;
};

/** What is kept under the key: ids and times only. */
export type TakenAnswer = { bookingId: string; practitionerId: string; start: string; expiresAt: string | null };

/** `row` is there when the time was taken just now, not when an old answer is given again. */
export type Taken = { answer: TakenAnswer; row: BookingRow | null; clash: boolean };

/** A wish to hold a time, with the name its input is remembered by. */
export function wishToHold(work: Work, { holder: mark, ...input }: Asked & { holder?: string | undefined }): Wish {
  const { secret } = work.s.env;
  // The mark says who asks, not what for: a browser that lost its answer may come back with another one.
  const inputHash = hashInput(secret, "booking.hold", input);
  const holder = mark === undefined ? null : holderHash(secret, work.clinicId, mark);
  return {
    ...wanted(input),
    guest: null,
    dependant: null,
    answers: undefined,
    bookedBy: "patient",
    holder,
    inputHash,
  };
}

/** A wish to book a time, by the patient or by staff for one. */
export function wishToBook(work: Work, input: Asked & Told, bookedBy: "patient" | "staff"): Wish {
  const procedure = bookedBy === "staff" ? "staff.booking.book" : "booking.book";
  const inputHash = hashInput(work.s.env.secret, procedure, input);
  const dependant = input.dependant?.name ?? null;
  return {
    ...wanted(input),
    guest: guestOf(input),
    dependant,
    answers: input.answers,
    bookedBy,
    holder: null,
    inputHash,
  };
}

/** What was told, with null for what was not. */
export function guestOf({ name, email, phone, reason }: Told): Guest {
  return { name, email: email ?? null, phone: phone ?? null, reason: reason ?? null };
}

/** What the database keeps of a browser's mark: 128 bits that lead back to nobody. */
function holderHash(secret: string, clinicId: string, mark: string): Uint8Array {
  return new Uint8Array(Buffer.from(sign(secret, "holder", clinicId, mark), "base64url").subarray(0, 16));
}

function wanted({ serviceId, who, start, minutes, key }: Asked) {
  return { serviceId, who, start: start.getTime(), minutes, key };
}
