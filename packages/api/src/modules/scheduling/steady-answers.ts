import { addDays, dayOf, dayStart } from "@pulsecal/core";
import { LRUCache } from "lru-cache";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import type { Reads } from "./availability.repo.ts";
import type { FoundTimes } from "./search-times.ts";

/**
 * What an answer was made of. It is what would be answered now for as long as the clinic's rules are of that version,
 * every event of the clinic is one that the snapshot saw, and the instant (epoch milliseconds) has not come.
 */
export type Steady = { version: string; snapshot: string; until: number };
type Made<T> = { answer: T; steady: Steady | null; weight: number };

/** Times kept in all. One takes 0.4 kB with what goes over the wire of it (measured), so 80 MB at most. */
const mostTimes = 200_000;
/** Far less than events are kept. */
const longestMs = 60 * 60_000;

const known = new WeakMap<Services, LRUCache<string, Made<object>>>();

/**
 * An answer made before, if the database says in one short read that it is still what would be answered; otherwise it is
 * made. Nothing has to tell this memory of a change: whatever changes a time writes an event in the same transaction or
 * counts up the version of the rules, so a search that starts after a write was answered never sees what was before.
 */
export async function steadyAnswer<T extends object>(
  work: Work,
  asked: string,
  make: () => Promise<Made<T>>,
): Promise<T> {
  const all = known.get(work.s) ?? new LRUCache<string, Made<object>>({ maxSize: mostTimes });
  known.set(work.s, all);
  const key = `${work.clinicId}|${asked}`;
  const found = all.get(key) as Made<T> | undefined;
  if (found?.steady && (await isSteady(work, found.steady))) return found.answer;
  const made = await make();
  if (made.steady) all.set(key, made, { size: made.weight });
  else all.delete(key);
  return made.answer;
}

async function isSteady(work: Work, steady: Steady): Promise<boolean> {
  return inTenant(work, (db) => stillSteady(db, work.clinicId, steady));
}

/** More events than this that might be new are not looked through. */
const mostEvents = 20;

/** Transactions below the snapshot's xmin were over when it was taken; of the few above, it says itself which it saw. */
export async function stillSteady(db: Reads, clinicId: string, { version, snapshot, until }: Steady): Promise<boolean> {
  const rows = await db.$queryRaw<{ same: boolean }[]>`
    SELECT clock_timestamp() < ${new Date(until).toISOString()}::timestamptz AND (
      SELECT count(*) < ${mostEvents}::int AND count(*) FILTER (WHERE NOT pg_visible_in_snapshot(e.tx::text::xid8, q.snapshot)) = 0
      FROM (SELECT x.tx FROM app.event x WHERE x.clinic_id = c.id AND x.tx >= q.xmin
        ORDER BY x.tx DESC, x.seq DESC LIMIT ${mostEvents}::int) e
    ) AS "same"
    FROM (SELECT ${snapshot}::pg_snapshot AS snapshot, pg_snapshot_xmin(${snapshot}::pg_snapshot)::text::bigint AS xmin) q
    JOIN platform.clinic c ON c.id = ${clinicId}::uuid AND c.rules_version = ${version}::bigint`;
  return rows[0]?.same === true;
}

/**
 * Until when times stay what they are if nobody does anything: the first one falls out when its notice begins, a hold in
 * their way runs out, or a new day comes into the horizon. Null where that is not known.
 */
export function steadinessOf({ availability: a, service, days }: FoundTimes): Steady | null {
  const first = days.find(({ times }) => times.length > 0)?.times[0];
  // Without a time the answer looks further than these days for the next one.
  if (!first || !a.seen) return null;
  const { zone } = a.clinic;
  const until = Math.min(
    first.start - service.noticeMinutes * 60_000,
    a.seen.heldUntil ?? Number.POSITIVE_INFINITY,
    dayStart(addDays(dayOf(a.now, zone), 1), zone),
    a.now + longestMs,
  );
  return { version: a.version, snapshot: a.seen.snapshot, until };
}
