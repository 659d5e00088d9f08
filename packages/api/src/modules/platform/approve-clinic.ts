import type { TenantTx } from "@pulsecal/db";
import { inTx } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import type { PlatformCtx } from "../../trpc/context.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { clinicsWithVerifiedOwner, findClinic, setLive } from "./platform.repo.ts";
import type { ClinicLine } from "./platform.schema.ts";

/**
 * Opens a clinic to the public. Status and clinic rows live behind different doors, so this is two transactions; both
 * may be repeated, and pressing again finishes what an interruption left.
 */
export async function approveClinic(ctx: PlatformCtx, input: { clinicId: string }): Promise<ClinicLine> {
  const { s, admin } = ctx;
  const { clinicId } = input;
  const clinic = await s.db.withPlatform(
    admin,
    "approval in the console",
    "clinic.approve",
    async (tx) => {
      await setLive(tx, clinicId, admin.accountId);
      return findClinic(tx, clinicId);
    },
    clinicId,
  );
  if (!clinic) throw refuse("not_found");
  if (clinic.status !== "live") throw refuse("conflict");

  const work = { s, clinicId, actor: ctx.actor, requestId: ctx.requestId };
  await inTx(work, async (tx) => {
    if (await alreadyAnnounced(tx, clinicId)) return;
    const approved = await tx.practitioner.updateMany({
      where: { clinicId, approval: "waiting" },
      data: { approval: "approved" },
    });
    await audit(tx, work, {
      action: "clinic.opened",
      entity: "clinic",
      entityId: clinicId,
      detail: { practitioners: approved.count },
    });
    await announce(tx, { clinicId, type: "clinic.approved", payload: {} });
  });
  const verified = await s.db.withAuth((tx) => clinicsWithVerifiedOwner(tx, [clinicId]));
  return { ...clinic, ownerVerified: verified.has(clinicId) };
}

/** Two presses at once queue here, so only the first one announces. */
async function alreadyAnnounced(tx: TenantTx, clinicId: string): Promise<boolean> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`${clinicId}:approve`}, 0))`;
  const event = await tx.event.findFirst({ where: { clinicId, type: "clinic.approved" }, select: { id: true } });
  return event !== null;
}
