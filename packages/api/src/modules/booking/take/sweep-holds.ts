import { inOneWrite, inTenant, type Work } from "../../../infra/in-tx.ts";
import type { Services } from "../../../infra/services.ts";
import { expireHolds, resourcesWithLapsedHolds } from "./hold.repo.ts";

/** Lets go of a clinic's holds that have run out; the worker calls it when a hold is due. Running twice changes nothing. */
export async function sweepHolds(s: Services, clinicId: string): Promise<number> {
  const work: Work = { s, clinicId, actor: "system:holds" };
  const resourceIds = await inTenant(work, (db) => resourcesWithLapsedHolds(db, clinicId));
  if (resourceIds.length === 0) return 0;
  const { released } = await inOneWrite(work, (db) => expireHolds(db, clinicId, resourceIds));
  return released;
}
