import type { TenantTx } from "@pulsecal/db";
import type { SealedContact } from "./sealed-patient.ts";

/** A new patient, as the row keeps them, with the key that comes with them. */
export type PatientRow = {
  id: string;
  /** who books and is told for this person; written before them, or in the same call */
  guardianId: string | null;
  name: string;
  key: { version: number; wrapped: Uint8Array<ArrayBuffer> };
} & SealedContact;

/** Writes patients and their keys in the caller's transaction. A guardian may stand in the same list. */
export async function putPatients(tx: TenantTx, clinicId: string, patients: readonly PatientRow[]): Promise<void> {
  if (patients.length === 0) return;
  // bytes as hex: a list of them does not pass through Prisma
  const rows = JSON.stringify(
    patients.map(({ id, guardianId, name, key, emailSealed, emailIndex, phoneSealed, phoneIndex }) => ({
      id,
      guardian: guardianId,
      name,
      email: hex(emailSealed),
      email_index: hex(emailIndex),
      phone: hex(phoneSealed),
      phone_index: hex(phoneIndex),
      version: key.version,
      wrapped: hex(key.wrapped),
    })),
  );
  // One statement for each table: keys refer to patients, and a foreign key looks when its own statement ends.
  await tx.$executeRaw`
    INSERT INTO app.patient (clinic_id, id, guardian_id, name, email_sealed, email_index, phone_sealed, phone_index)
    SELECT ${clinicId}::uuid, r.id, r.guardian, r.name, decode(r.email, 'hex'), decode(r.email_index, 'hex'), decode(r.phone, 'hex'),
      decode(r.phone_index, 'hex')
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, guardian uuid, name text, email text, email_index text, phone text,
      phone_index text)`;
  await tx.$executeRaw`
    INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
    SELECT ${clinicId}::uuid, r.id, r.version, decode(r.wrapped, 'hex')
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, version int, wrapped text)`;
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString("hex");
}
