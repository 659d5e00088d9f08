import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { Keyring } from "./keyring.ts";
import { open, type Place, SealBroken, seal, sealedWith } from "./seal.ts";

/** A key as it is stored: wrapped by another one. `kekId` names the deployment key of a clinic's key. */
export type WrappedClinicKey = { clinicId: string; version: number; kekId: string; wrapped: Uint8Array };
export type WrappedPatientKey = { clinicId: string; patientId: string; version: number; wrapped: Uint8Array };

/** An opened key. Lives in memory for the length of a request. */
export type ClinicKey = { clinicId: string; version: number; key: Buffer };
export type PatientKey = { clinicId: string; patientId: string; version: number; key: Buffer };

const clinicKeyPlace = (clinicId: string, kekId: string): Place => ({
  clinicId,
  table: "clinic_key",
  column: kekId,
  rowId: clinicId,
});
const patientKeyPlace = (clinicId: string, patientId: string): Place => ({
  clinicId,
  table: "patient_key",
  column: "wrapped",
  rowId: patientId,
});

/** Makes a clinic's key, wrapped by the deployment's current key. */
export function newClinicKey(
  ring: Keyring,
  clinicId: string,
  version = 1,
): { stored: WrappedClinicKey; opened: ClinicKey } {
  const opened: ClinicKey = { clinicId, version, key: randomBytes(32) };
  return { stored: wrapClinicKey(ring, opened), opened };
}

/** Wraps a clinic's key with the deployment's current key; rotating that key is this call over `openClinicKey`. */
export function wrapClinicKey(ring: Keyring, opened: ClinicKey): WrappedClinicKey {
  const wrapped = seal(ring.current.key, opened.version, clinicKeyPlace(opened.clinicId, ring.current.id), opened.key);
  return { clinicId: opened.clinicId, version: opened.version, kekId: ring.current.id, wrapped };
}

/** @throws SealBroken when the deployment key is gone, or the row is another clinic's */
export function openClinicKey(ring: Keyring, stored: WrappedClinicKey): ClinicKey {
  const kek = ring.byId.get(stored.kekId);
  if (!kek || sealedWith(stored.wrapped) !== stored.version) throw new SealBroken();
  return {
    clinicId: stored.clinicId,
    version: stored.version,
    key: open(kek.key, clinicKeyPlace(stored.clinicId, stored.kekId), stored.wrapped),
  };
}

/** Makes a patient's own key. Destroying its row makes every value under it unreadable, in backups too. */
export function newPatientKey(
  clinic: ClinicKey,
  patientId: string,
  version = 1,
): { stored: WrappedPatientKey; opened: PatientKey } {
  const opened: PatientKey = { clinicId: clinic.clinicId, patientId, version, key: randomBytes(32) };
  return { stored: wrapPatientKey(clinic, opened), opened };
}

/** Wraps a patient's key with its clinic's key. */
export function wrapPatientKey(clinic: ClinicKey, opened: PatientKey): WrappedPatientKey {
  const wrapped = seal(clinic.key, opened.version, patientKeyPlace(opened.clinicId, opened.patientId), opened.key);
  return { clinicId: opened.clinicId, patientId: opened.patientId, version: opened.version, wrapped };
}

/** @throws SealBroken */
export function openPatientKey(clinic: ClinicKey, stored: WrappedPatientKey): PatientKey {
  if (stored.clinicId !== clinic.clinicId || sealedWith(stored.wrapped) !== stored.version) throw new SealBroken();
  const key = open(clinic.key, patientKeyPlace(stored.clinicId, stored.patientId), stored.wrapped);
  return { clinicId: stored.clinicId, patientId: stored.patientId, version: stored.version, key };
}

/** Seals a text for one column of one row of the patient's. */
export function sealText(key: PatientKey, at: Omit<Place, "clinicId">, text: string): Buffer {
  return seal(key.key, key.version, { ...at, clinicId: key.clinicId }, Buffer.from(text, "utf8"));
}

/** @throws SealBroken when the value was made for another place, another key or was changed */
export function openText(key: PatientKey, at: Omit<Place, "clinicId">, blob: Uint8Array): string {
  if (sealedWith(blob) !== key.version) throw new SealBroken();
  return open(key.key, { ...at, clinicId: key.clinicId }, blob).toString("utf8");
}

/**
 * A look-up value for exact matches: HMAC-SHA-256 under a key of this clinic and this column, first 16 bytes. It reveals
 * which rows of one clinic hold the same value and nothing across clinics. bytea `=` is leakproof, so it uses its index
 * under row-level security.
 */
export function blindIndex(clinic: ClinicKey, column: string, normalised: string): Buffer {
  const clinicKey = createSecretKey(clinic.key);
  const columnKey = createHmac("sha256", clinicKey).update(`blind-index|${clinic.clinicId}|${column}`).digest();
  return createHmac("sha256", createSecretKey(columnKey)).update(normalised, "utf8").digest().subarray(0, 16);
}
