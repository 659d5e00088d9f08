import type { TenantTx } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import { lockResources } from "../scheduling/index.ts";
import { placeEvent } from "./booking.live.ts";
import { writeTrail } from "./trail.repo.ts";
import { type LapsedHold, releaseLapsedHolds, resourcesWithLapsedHolds } from "./hold.repo.ts";

/** Lets go of a clinic's holds that have run out; the worker calls it when a hold is due. Running twice changes nothing. */
export function sweepHolds(s: Services, clinicId: string): Promise<number> {
  const work: Work = { s, clinicId, actor: "system:holds" };
  return inTx(work, async (tx) => {
    const resourceIds = await resourcesWithLapsedHolds(tx, clinicId);
    if (resourceIds.length === 0) return 0;
    await lockResources(tx, clinicId, resourceIds);
    return sweepUnderLock(tx, work, resourceIds);
  });
}

/** The sweep itself, for a transaction that holds the resources' locks. */
export async function sweepUnderLock(tx: TenantTx, work: Work, resourceIds: readonly string[]): Promise<number> {
  const lapsed = await releaseLapsedHolds(tx, work.clinicId, resourceIds);
  if (lapsed.length === 0) return 0;
  await writeTrail(tx, work.clinicId, {
    actor: "system:holds",
    requestId: work.requestId ?? null,
    events: lapsed.map((hold) => placeEvent("booking.expired", placeOf(hold))),
    audits: lapsed.map((hold) => ({
      action: "booking.expired",
      entityId: hold.bookingId,
      detail: { from: "held", to: "expired" },
    })),
    answer: null,
  });
  return lapsed.length;
}

function placeOf(hold: LapsedHold) {
  return {
    bookingId: hold.bookingId,
    resourceIds: [hold.resourceId],
    startsAt: hold.startsAt.toISOString(),
    blockedFrom: hold.blockedFrom.toISOString(),
    blockedTo: hold.blockedTo.toISOString(),
  };
}
