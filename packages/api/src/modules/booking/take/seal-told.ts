import type { TenantTx } from "@pulsecal/db";
import type { PatientKey } from "@pulsecal/vault";
import type { Work } from "../../../infra/in-tx.ts";
import {
  ensurePatientKey,
  type PatientRow,
  patientKeyOf,
  sealBookingText,
  sealContact,
  sealDependant,
  sealPatient,
  type StoredPatientKey,
} from "../../records/index.ts";
import type { BookingRow, NewPatient } from "../booking.repo.ts";
import type { Visit, VisitPatient } from "./visit.ts";
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

/**
 * Seals what a guest tells of themselves, or of a dependant whose guardian they are: the records to write (a guardian
 * first), the key of the one the visit is for, and what was told about the visit under it.
 */
export async function sealTold(
  work: Work,
  ids: Ids,
  guest: Guest,
  dependant: string | null,
): Promise<{ patients: PatientRow[]; key: PatientKey; reason: Bytes | null }> {
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const reasonUnder = (key: PatientKey) =>
    guest.reason === null ? null : sealBookingText(key, ids.bookingId, "reason_sealed", guest.reason);
  if (dependant === null) {
    const { row, key } = sealContact(clinic, guest, ids.patientId);
    return { patients: [row], key, reason: reasonUnder(key) };
  }
  const guardian = sealContact(clinic, guest);
  const { row, key } = sealDependant(clinic, { guardianId: guardian.row.id, name: dependant }, ids.patientId);
  return { patients: [guardian.row, row], key, reason: reasonUnder(key) };
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

/** What is sealed of a visit that will be written. */
export type SealedVisit = { patientId: string | null; reason: Bytes | null; squeezeReason: Bytes | null };

/** Seals what was told with visits. Somebody new gets a key of their own; `patients` are written before the visits. */
export async function sealVisits(
  tx: TenantTx,
  work: Work,
  visits: readonly Visit[],
): Promise<{ patients: PatientRow[]; sealed: SealedVisit[] }> {
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const keys = new Map<string, PatientKey | null>();
  const patients: PatientRow[] = [];
  const sealed: SealedVisit[] = [];
  for (const { bookingId, patient, squeeze } of visits) {
    const person = patient !== null && "new" in patient ? sealContact(clinic, patient.new, patient.id) : null;
    if (person) {
      patients.push(person.row);
      keys.set(person.row.id, person.key);
    }
    const patientId = person?.row.id ?? (patient !== null && "existing" in patient ? patient.existing : null);
    const reason = reasonOf(patient);
    if (patientId !== null && !keys.has(patientId) && (reason !== null || squeeze)) {
      keys.set(patientId, await storedKeyOf(tx, work, patientId));
    }
    const key = patientId === null ? null : (keys.get(patientId) ?? null);
    sealed.push({
      patientId,
      reason: key && reason !== null ? sealBookingText(key, bookingId, "reason_sealed", reason) : null,
      squeezeReason: key && squeeze ? sealBookingText(key, bookingId, "squeeze_reason_sealed", squeeze.reason) : null,
    });
  }
  return { patients, sealed };
}

function reasonOf(patient: VisitPatient): string | null {
  if (patient === null) return null;
  return "new" in patient ? patient.new.reason : (patient.reason ?? null);
}

/** The key of a patient whose row is there, also one written in this transaction; null once it was destroyed. */
export async function storedKeyOf(tx: TenantTx, work: Work, patientId: string): Promise<PatientKey | null> {
  const [stored] = await tx.$queryRaw<StoredPatientKey[]>`
    SELECT version, wrapped FROM app.patient_key WHERE clinic_id = ${work.clinicId}::uuid AND id = ${patientId}::uuid`;
  return stored ? patientKeyOf(await work.s.vault.clinicKey(work.clinicId), patientId, stored) : null;
}
