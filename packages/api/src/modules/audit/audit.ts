import { newId } from "@pulsecal/db";
import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";

export type AuditEntry = {
  /** domain word and verb: "booking.cancelled" */
  action: string;
  entity: string;
  entityId: string;
  /** ids, states and times only */
  detail?: Record<string, string | number | boolean | null>;
};

/** Writes who did what, in the transaction of the deed. Rows can be added and read, never changed. */
export async function audit(tx: TenantTx, work: Work, entry: AuditEntry): Promise<void> {
  await tx.$executeRaw`
    insert into app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
    values (${work.clinicId}::uuid, ${newId()}::uuid, ${work.actor}, ${entry.action}, ${entry.entity}, ${entry.entityId}::uuid,
      ${JSON.stringify(entry.detail ?? {})}::jsonb, ${work.requestId ?? null})`;
}
