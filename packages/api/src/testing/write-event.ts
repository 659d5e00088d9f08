import { newId } from "@pulsecal/db";
import type { TestDatabase } from "@pulsecal/db/testing";
import type { EventType } from "../infra/outbox.ts";

/** Writes an event as a use case would, without the use case. */
export async function writeEvent(
  t: TestDatabase,
  event: { clinicId: string; type: EventType; payload: Record<string, string>; notBefore?: Date },
): Promise<{ eventId: string; clinicId: string }> {
  const { clinicId, type, payload, notBefore } = event;
  const id = newId();
  await t.db.withTx({ clinicId, actor: "guest" }, (tx) =>
    tx.event.createMany({ data: [{ clinicId, id, type, payload, ...(notBefore && { notBefore }) }] }),
  );
  return { eventId: id, clinicId };
}
