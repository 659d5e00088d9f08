import type { TenantDb, TenantTx } from "@pulsecal/db";
import { newId } from "@pulsecal/db";

export type Effect = { clinicId: string; eventId: string; effect: string };

/** Remembers, in the transaction of the effect, that it is done; the second time changes nothing. */
export async function recordDone(tx: TenantTx, effect: Effect): Promise<void> {
  await tx.inbox.createMany({ data: [{ ...effect, id: newId() }], skipDuplicates: true });
}

/** Whether the inbox already holds this effect. */
export async function isDone(tx: TenantTx, effect: Effect): Promise<boolean> {
  return (await tx.inbox.findFirst({ where: effect, select: { id: true } })) !== null;
}

/** The effects of one event that are done. */
export async function effectsDone(tx: TenantDb, event: { clinicId: string; eventId: string }): Promise<Set<string>> {
  const rows = await tx.inbox.findMany({ where: event, select: { effect: true } });
  return new Set(rows.map((row) => row.effect));
}
