import { newId } from "@pulsecal/db";
import type { ClinicKey, PatientKey } from "@pulsecal/vault";
import type { PatientRow } from "./patients.repo.ts";
import { type Contact, sealPatient } from "./sealed-patient.ts";

/** A patient's row as it will be written, and the key that what they tell is sealed under. */
export type SealedPerson = { row: PatientRow; key: PatientKey };

/** Seals somebody who can be reached. */
export function sealContact(
  clinic: ClinicKey,
  person: { name: string } & Contact,
  patientId: string = newId(),
): SealedPerson {
  return sealPerson(clinic, { ...person, patientId, guardianId: null });
}

/**
 * Seals somebody who is booked for by their guardian: a patient with a key of their own, so that what is told about them
 * can be erased without the guardian's, and without a contact. Whoever reaches them reaches the guardian.
 */
export function sealDependant(
  clinic: ClinicKey,
  dependant: { guardianId: string; name: string },
  patientId: string = newId(),
): SealedPerson {
  return sealPerson(clinic, { ...dependant, email: null, phone: null, patientId });
}

function sealPerson(
  clinic: ClinicKey,
  p: { patientId: string; guardianId: string | null; name: string } & Contact,
): SealedPerson {
  const { key, stored, contact } = sealPatient(clinic, p.patientId, p);
  return { key, row: { id: p.patientId, guardianId: p.guardianId, name: p.name, key: stored, ...contact } };
}
