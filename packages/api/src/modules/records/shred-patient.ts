import { inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";

/**
 * Destroys a patient's key: how to reach them and what they told opens nowhere any more, in copies of these rows too.
 * The indexes made from it go with it. What stands in the clear (name, times) stays; doing it twice changes nothing.
 */
export async function shredPatient(work: Work, patientId: string): Promise<void> {
  const { clinicId } = work;
  await inTx(work, async (tx) => {
    const cleared = await tx.$executeRaw`
      UPDATE app.patient SET email_index = NULL, phone_index = NULL
      WHERE clinic_id = ${clinicId}::uuid AND id = ${patientId}::uuid`;
    if (cleared === 0) throw refuse("not_found");
    const destroyed = await tx.$executeRaw`
      INSERT INTO app.patient_key AS k (clinic_id, id, version, destroyed_at)
      VALUES (${clinicId}::uuid, ${patientId}::uuid, 1, clock_timestamp())
      ON CONFLICT (clinic_id, id) DO UPDATE SET wrapped = NULL, destroyed_at = clock_timestamp()
      WHERE k.destroyed_at IS NULL`;
    if (destroyed === 0) return;
    await audit(tx, work, { action: "patient.shredded", entity: "patient", entityId: patientId });
  });
}
