import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { audit } from "../audit/index.ts";

type Offer = { gapId: string; entryId: string };

/** A time came free for those who wait: staff see it, also when nobody can be written to, and it ends with its start. */
export async function tellGap(tx: TenantTx, work: Work, gapId: string, startsAt: Date): Promise<void> {
  await announce(tx, { clinicId: work.clinicId, type: "waitlist.gap", payload: { gapId } });
  await lookAgain(tx, work, gapId, startsAt);
}

/** An offer stands: the person is written to, screens show it, and the worker looks again when it runs out. */
export async function tellOffered(
  tx: TenantTx,
  work: Work,
  offer: Offer & { expiresAt: Date; by: string },
): Promise<void> {
  const { gapId, entryId, expiresAt, by } = offer;
  const { clinicId } = work;
  await announce(tx, { clinicId, type: "waitlist.offered", payload: { entryId, gapId } });
  await lookAgain(tx, work, gapId, expiresAt);
  await audit(tx, work, {
    action: "waitlist.offered",
    entity: "waitlist_gap",
    entityId: gapId,
    detail: { entryId, expiresAt: expiresAt.toISOString(), by },
  });
}

/** An offer has ended. */
export async function tellAnswered(
  tx: TenantTx,
  work: Work,
  { gapId, entryId }: Offer,
  action: "waitlist.accepted" | "waitlist.declined" | "waitlist.expired",
): Promise<void> {
  await announce(tx, { clinicId: work.clinicId, type: "waitlist.answered", payload: { entryId, gapId } });
  await audit(tx, work, { action, entity: "waitlist_gap", entityId: gapId, detail: { entryId } });
}

/** Asks the worker whose turn it is, now or at an instant. */
export async function lookAgain(tx: TenantTx, work: Work, gapId: string, notBefore?: Date): Promise<void> {
  const at = notBefore && { notBefore };
  await announce(tx, { clinicId: work.clinicId, type: "waitlist.offer_due", payload: { gapId }, live: false, ...at });
}
