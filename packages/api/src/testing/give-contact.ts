import type { TestDatabase } from "@pulsecal/db/testing";
import { readEnv } from "../infra/env.ts";
import { createVault, type Vault } from "../infra/vault.ts";
import { sealPatient } from "../modules/records/index.ts";
import { testSettings } from "./test-services.ts";

/** A vault of the tests' deployment on a test's own database. */
export function testVault(t: TestDatabase): Vault {
  return createVault({ db: t.db, keyring: readEnv(testSettings()).keyring, now: () => new Date() });
}

/** Gives a patient that a factory wrote an address, sealed as a booking seals it. */
export async function giveContact(
  t: TestDatabase,
  patient: { clinicId: string; patientId: string },
  contact: { email?: string; phone?: string },
): Promise<void> {
  const clinic = await testVault(t).clinicKey(patient.clinicId);
  const { email = null, phone = null } = contact;
  const { stored, contact: sealed } = sealPatient(clinic, patient.patientId, { email, phone });
  await t.admin("INSERT INTO app.patient_key (clinic_id, id, version, wrapped) VALUES ($1, $2, $3, $4)", [
    patient.clinicId,
    patient.patientId,
    stored.version,
    stored.wrapped,
  ]);
  await t.admin(
    "UPDATE app.patient SET email_sealed = $2, email_index = $3, phone_sealed = $4, phone_index = $5 WHERE id = $1",
    [patient.patientId, sealed.emailSealed, sealed.emailIndex, sealed.phoneSealed, sealed.phoneIndex],
  );
}
