import type { Database } from "@pulsecal/db";
import { type EventOf, effectsOf, type Handlers, isJobName, type JobName, jobs, type Outcome } from "./catalog.ts";
import { JobPayload } from "./define-job.ts";
import { effectsDone } from "./inbox.repo.ts";
import { JobRefused } from "./retry.ts";

type EventRow = { id: string; clinicId: string; type: string; payload: unknown; doneAt: Date | null };

/**
 * Runs one job. The payload only points: the event is read back by clinic and id together, so a forged
 * or missing clinic finds nothing and is refused before any tenant context is set from it.
 */
export async function runJob<W extends { db: Database }>(
  w: W,
  handlers: Handlers<W>,
  job: { name: string; data: unknown },
): Promise<Outcome> {
  const name = job.name;
  if (!isJobName(name)) throw new JobRefused(`no such effect: ${name.slice(0, 64)}`);
  const payload = JobPayload.safeParse(job.data);
  if (!payload.success) throw new JobRefused("the job's payload is not an event and a clinic");

  const event = await findEvent(w.db, payload.data);
  if (!event) throw new JobRefused("no such event at this clinic");
  if (!effectsOf(event.type).includes(name)) throw new JobRefused(`${event.type} has no effect ${name}`);
  if (event.doneAt) return { did: "done before" };

  const outcome = await runEffect(w, handlers, name, event);
  await markDone(w.db, event);
  return outcome;
}

function runEffect<W, Name extends JobName>(
  w: W,
  handlers: Handlers<W>,
  name: Name,
  event: EventRow,
): Promise<Outcome> {
  const parsed = jobs[name].payload.safeParse(event.payload);
  if (!parsed.success) throw new JobRefused(`the payload of ${event.type} does not fit ${name}`);
  const { id, clinicId, type } = event;
  // safeParse of this very job's schema, which the mapped type cannot follow through the index
  return handlers[name](w, { id, clinicId, type, payload: parsed.data } as EventOf<Name>);
}

async function findEvent(db: Database, at: JobPayload): Promise<EventRow | undefined> {
  const rows = await db.withSystem(
    "worker",
    (tx) => tx.$queryRaw<EventRow[]>`
      SELECT id::text AS id, clinic_id::text AS "clinicId", type, payload, done_at AS "doneAt"
      FROM app.event WHERE clinic_id = ${at.clinicId}::uuid AND id = ${at.eventId}::uuid`,
  );
  return rows[0];
}

/** An event is done when the inbox holds each of its effects. */
async function markDone(db: Database, event: EventRow): Promise<void> {
  const context = { clinicId: event.clinicId, actor: "system:worker" };
  const done = await db.withTenant(context, (tenant) =>
    effectsDone(tenant, { clinicId: event.clinicId, eventId: event.id }),
  );
  if (!effectsOf(event.type).every((effect) => done.has(effect))) return;
  await db.withSystem(
    "worker",
    (tx) => tx.$executeRaw`
      UPDATE app.event SET done_at = clock_timestamp()
      WHERE clinic_id = ${event.clinicId}::uuid AND id = ${event.id}::uuid AND done_at IS NULL`,
  );
}
