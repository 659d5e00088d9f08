import { sweepHolds } from "../modules/booking/index.ts";
import type { EventOf, Outcome } from "./catalog.ts";
import { recordDone } from "./inbox.repo.ts";
import type { WorkerServices } from "./worker-services.ts";

/** A hold's time is up: everything at this clinic whose time is up goes back on offer. */
export async function expireHold(w: WorkerServices, event: EventOf<"expire_hold">): Promise<Outcome> {
  const { clinicId, id } = event;
  const expired = await sweepHolds(w.s, clinicId);
  await w.db.withTx({ clinicId, actor: "system:worker" }, (tx) =>
    recordDone(tx, { clinicId, eventId: id, effect: "expire_hold" }),
  );
  return { did: `expired ${expired}` };
}
