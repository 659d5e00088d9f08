import { newId, type TenantTx } from "@pulsecal/db";
import type { Work } from "../../../infra/in-tx.ts";
import { putPatients, sealContact, sealDependant } from "../../records/index.ts";
import type { VisitPatient } from "./visit.ts";
import type { Guest } from "./wish.ts";

/**
 * Whom a visit is for. Somebody who books for a dependant is their guardian: both get a record, the guardian is reached,
 * and what is told about the dependant is sealed under the dependant's own key.
 */
export async function writePeople(
  tx: TenantTx,
  work: Work,
  guest: Guest,
  dependant: string | null,
): Promise<NonNullable<VisitPatient>> {
  if (dependant === null) return { new: guest, id: newId() };
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const guardian = sealContact(clinic, guest);
  const child = sealDependant(clinic, { guardianId: guardian.row.id, name: dependant });
  await putPatients(tx, work.clinicId, [guardian.row, child.row]);
  return { existing: child.row.id, reason: guest.reason };
}
