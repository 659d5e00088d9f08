import { type ClinicKey, newPatientKey } from "@pulsecal/vault";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import type { StoredPatientKey } from "./sealed-patient.ts";

/** The key of a patient who has none yet, since nothing of theirs was sealed before: made once, whoever asks first. */
export async function ensurePatientKey(work: Work, clinic: ClinicKey, patientId: string): Promise<StoredPatientKey> {
  const { clinicId } = work;
  const { version, wrapped } = newPatientKey(clinic, patientId).stored;
  const context = { clinicId, actor: work.actor };
  await work.s.db.writeOnce(
    context,
    (once) => once.$queryRaw`
      INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
      VALUES (${clinicId}::uuid, ${patientId}::uuid, ${version}::int, ${wrapped}::bytea) ON CONFLICT DO NOTHING`,
  );
  const [stored] = await inTenant(
    work,
    (db) => db.$queryRaw<StoredPatientKey[]>`
      SELECT version, wrapped FROM app.patient_key WHERE clinic_id = ${clinicId}::uuid AND id = ${patientId}::uuid`,
  );
  if (!stored) throw new Error("a patient's key was stored and is not there");
  return stored;
}
