import type { Work } from "../../infra/in-tx.ts";
import {
  ensurePatientKey,
  patientKeyOf,
  sealBookingText,
  sealPatient,
  type StoredPatientKey,
} from "../records/index.ts";
import type { BookingRow, NewPatient } from "./booking.repo.ts";
import type { Guest } from "./wish.ts";

type Ids = { patientId: string; bookingId: string };
type Bytes = Uint8Array<ArrayBuffer>;

/** Seals what a guest tells, under a key of their own that is written with them. */
export async function sealGuest(
  work: Work,
  ids: Ids,
  guest: Guest,
): Promise<{ patient: NewPatient; reason: Bytes | null }> {
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const { key, stored, contact } = sealPatient(clinic, ids.patientId, guest);
  return {
    patient: { id: ids.patientId, name: guest.name, key: stored, ...contact },
    reason: guest.reason === null ? null : sealBookingText(key, ids.bookingId, "reason_sealed", guest.reason),
  };
}

/** Seals why a booking is cancelled; an erased patient's reason is not kept, and a time held for nobody has none. */
export async function sealCancelReason(
  work: Work,
  booking: BookingRow,
  stored: StoredPatientKey | null,
  reason: string | undefined,
): Promise<Bytes | null> {
  const { patientId } = booking;
  if (reason === undefined || patientId === null) return null;
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const key = patientKeyOf(clinic, patientId, stored ?? (await ensurePatientKey(work, clinic, patientId)));
  return key && sealBookingText(key, booking.id, "cancel_reason_sealed", reason);
}
