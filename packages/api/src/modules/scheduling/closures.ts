import { newId } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { type Closure, dropClosure, findClosure, findClosures, putClosure } from "./closures.repo.ts";
import { writeOnceFor } from "./keyed-write.ts";
import type { ClosureSaveInput, RemoveInput } from "./setup.schema.ts";

const dayMs = 24 * 60 * 60_000;
/** as far as the engine's calendar reaches */
const furthest = Date.UTC(2200, 0);

/** The closures from today on. */
export function listClosures(work: Work): Promise<Closure[]> {
  const span = { from: work.s.now().getTime() - dayMs, to: furthest };
  return inTenant(work, (db) => findClosures(db, work.clinicId, span));
}

/** Shuts the whole clinic for a while, or changes when. Bookings that lie in it stay until staff move them. */
export async function saveClosure(work: Work, input: ClosureSaveInput): Promise<Closure> {
  const { clinicId } = work;
  const { id } = await writeOnceFor(work, "closures.save", { input }, async (tx) => {
    const before = input.id === undefined ? null : await findClosure(tx, clinicId, input.id);
    if (input.id !== undefined && !before) throw refuse("not_found");
    const { startsAt, endsAt, label } = input;
    const closure = { id: input.id ?? newId(), startsAt, endsAt, label };
    await putClosure(tx, clinicId, closure);
    await announce(tx, { clinicId, type: "closure.changed", payload: around(before ?? closure, closure) });
    await audit(tx, work, {
      action: input.id ? "closure.changed" : "closure.created",
      entity: "closure",
      entityId: closure.id,
      detail: { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
    });
    return { id: closure.id };
  });
  const saved = await inTenant(work, (db) => findClosure(db, clinicId, id));
  if (!saved) throw refuse("not_found");
  return saved;
}

/** Opens the clinic again for that time. */
export async function removeClosure(work: Work, input: RemoveInput): Promise<{ removed: true }> {
  const { clinicId } = work;
  await writeOnceFor(work, "closures.remove", { input }, async (tx) => {
    const closure = await findClosure(tx, clinicId, input.id);
    if (!closure || !(await dropClosure(tx, clinicId, input.id))) throw refuse("not_found");
    await announce(tx, { clinicId, type: "closure.changed", payload: around(closure, closure) });
    await audit(tx, work, { action: "closure.removed", entity: "closure", entityId: input.id });
    return { id: input.id };
  });
  return { removed: true };
}

/** The span that holds both: what changed lies somewhere in it. */
function around(a: Closure, b: Closure): { from: string; to: string } {
  const from = Math.min(a.startsAt.getTime(), b.startsAt.getTime());
  const to = Math.max(a.endsAt.getTime(), b.endsAt.getTime());
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
