import type { Database } from "@pulsecal/db";
import { effectsOf, typesWithEffects } from "./catalog.ts";
import { type EffectQueue, effectJob } from "./queue.ts";

export type RelayServices = { db: Database; queue: EffectQueue };

type Claimed = { clinicId: string; id: string; type: string };

/** Time an effect may take before its event is offered to the queue again. */
export const undoneAfterMs = 60_000;

/**
 * Moves due events to the queue and returns how many it claimed.
 * The claim is one short transaction: holding the rows while Redis answers would hold back every
 * live reader's horizon. If Redis refuses, the claim is given back; if this process dies between
 * the two, `sweepUndone` finds the events again.
 */
export async function relayDue(r: RelayServices, limit = 200): Promise<number> {
  const claimed = await r.db.withSystem(
    "relay",
    (tx) => tx.$queryRaw<Claimed[]>`
      WITH due AS (
        SELECT clinic_id, id FROM app.event
        WHERE relayed_at IS NULL AND not_before <= clock_timestamp()
        ORDER BY not_before, seq
        LIMIT ${limit}
        FOR UPDATE SKIP LOCKED
      )
      UPDATE app.event e
      SET relayed_at = clock_timestamp(),
          done_at = CASE WHEN e.type = ANY(${typesWithEffects}) THEN NULL ELSE clock_timestamp() END
      FROM due
      WHERE e.clinic_id = due.clinic_id AND e.id = due.id
      RETURNING e.clinic_id::text AS "clinicId", e.id::text AS id, e.type`,
  );
  await enqueue(r, claimed).catch(async (error: unknown) => {
    await giveBack(r.db, claimed);
    throw error;
  });
  return claimed.length;
}

/**
 * Offers events again whose effects are not done `olderThanMs` after they were relayed: their job was
 * lost with Redis, or a worker died between the effect and its mark. A job that still exists is not doubled.
 */
export async function sweepUndone(r: RelayServices, olderThanMs = undoneAfterMs, limit = 200): Promise<number> {
  const undone = await r.db.withSystem(
    "relay-sweep",
    (tx) => tx.$queryRaw<Claimed[]>`
      WITH undone AS (
        SELECT clinic_id, id FROM app.event
        WHERE done_at IS NULL AND relayed_at < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
        ORDER BY relayed_at
        LIMIT ${limit}
        FOR UPDATE SKIP LOCKED
      )
      UPDATE app.event e SET relayed_at = clock_timestamp()
      FROM undone
      WHERE e.clinic_id = undone.clinic_id AND e.id = undone.id
      RETURNING e.clinic_id::text AS "clinicId", e.id::text AS id, e.type`,
  );
  await enqueue(r, undone);
  return undone.length;
}

/** Milliseconds until the next event is due by the database's clock, or null when none waits. */
export async function nextDueIn(db: Database): Promise<number | null> {
  const rows = await db.withSystem(
    "relay",
    (tx) => tx.$queryRaw<{ ms: number | null }[]>`
      SELECT (extract(epoch FROM min(not_before) - clock_timestamp()) * 1000)::float8 AS ms
      FROM app.event WHERE relayed_at IS NULL`,
  );
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? null : Math.max(0, ms);
}

async function enqueue(r: RelayServices, events: Claimed[]): Promise<void> {
  const batch = events.flatMap((event) => effectsOf(event.type).map((effect) => effectJob(event, effect)));
  if (batch.length > 0) await r.queue.addBulk(batch);
}

async function giveBack(db: Database, events: Claimed[]): Promise<void> {
  if (events.length === 0) return;
  const clinics = events.map((event) => event.clinicId);
  const ids = events.map((event) => event.id);
  await db.withSystem(
    "relay",
    (tx) => tx.$executeRaw`
      UPDATE app.event e SET relayed_at = NULL
      FROM unnest(${clinics}::uuid[], ${ids}::uuid[]) AS claimed(clinic_id, id)
      WHERE e.clinic_id = claimed.clinic_id AND e.id = claimed.id AND e.done_at IS NULL`,
  );
}
