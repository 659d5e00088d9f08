import type { TestDatabase } from "@pulsecal/db/testing";
import { type Arena, hashOf } from "./arena.ts";
import { instant, type Spot } from "./place.ts";

export type StandingRow = {
  tokenHash: string;
  state: string;
  doctor: string;
  start: number;
  occupied: number;
  isOver: boolean;
};

const occupying =
  "('held', 'awaiting_payment', 'requested', 'confirmed', 'checked_in', 'in_consultation', 'completed')";

/** The bookings that stand on a day of a clinic, read past the product. `occupied`: resources and seats it keeps. */
export async function standingAt({ t }: Arena, { clinicId, day }: Spot): Promise<StandingRow[]> {
  const rows = await t.admin(
    `SELECT b.token_hash AS "tokenHash", b.state, b.practitioner_id AS doctor, b.starts_at AS start,
       (SELECT count(*) FROM app.occupancy o WHERE o.clinic_id = b.clinic_id AND o.booking_id = b.id AND o.state IN ('held', 'booked'))
       + (SELECT count(*) FROM app.seat s WHERE s.clinic_id = b.clinic_id AND s.booking_id = b.id) AS occupied,
       -- over, or about to be: no answer is as fast as that
       coalesce(b.hold_expires_at <= clock_timestamp() + interval '50 milliseconds', false) AS "isOver"
     FROM app.booking b
     WHERE b.clinic_id = $1 AND b.starts_at >= $2 AND b.starts_at < $3 AND b.state IN ${occupying}
     ORDER BY b.starts_at`,
    [clinicId, instant(day, 0), instant(day + 1, 0)],
  );
  return rows.map((row) => ({
    tokenHash: String(row["tokenHash"]),
    state: String(row["state"]),
    doctor: String(row["doctor"]),
    start: (row["start"] as Date).getTime(),
    occupied: Number(row["occupied"]),
    isOver: row["isOver"] === true,
  }));
}

/** What was told is what stands: these bookings, in these states, each with its time kept, and no others. */
export async function expectStanding(arena: Arena, spot: Spot, told: ReadonlyMap<string, string>): Promise<string[]> {
  return compareStanding(await standingAt(arena, spot), told);
}

/** The same of rows that were read already. */
export function compareStanding(rows: readonly StandingRow[], told: ReadonlyMap<string, string>): string[] {
  const expected = new Map([...told].map(([token, state]) => [hashOf(token), state]));
  const wrong: string[] = [];
  for (const row of rows) {
    const state = expected.get(row.tokenHash);
    if (state === undefined) wrong.push(`a ${row.state} booking stands that nobody was told of`);
    else if (state !== row.state) wrong.push(`told ${state}, stands ${row.state}`);
    if (row.occupied === 0) wrong.push(`a ${row.state} booking keeps no time`);
    expected.delete(row.tokenHash);
  }
  for (const state of expected.values()) wrong.push(`told ${state}, does not stand`);
  return wrong;
}

/**
 * Pairs of occupied times of one resource that overlap, as only a superuser sees them all; squeeze-ins are meant to. The
 * bound beside `&&` is the same condition again, for the index. Of one clinic, or of all.
 */
export async function overlaps(
  t: TestDatabase,
  clinicId: string | null = null,
): Promise<{ tried: number; failed: number }> {
  const [row] = await t.admin(
    `SELECT (SELECT count(*) FROM app.occupancy WHERE state IN ('held', 'booked'))::int AS tried, count(*)::int AS failed
    FROM app.occupancy a JOIN app.occupancy b
      ON a.clinic_id = b.clinic_id AND a.resource_id = b.resource_id
      AND b.blocked_from >= a.blocked_from AND b.blocked_from < a.blocked_to
      AND (a.blocked_from, a.id) < (b.blocked_from, b.id)
      AND tstzrange(a.blocked_from, a.blocked_to, '[)') && tstzrange(b.blocked_from, b.blocked_to, '[)')
    WHERE a.state IN ('held', 'booked') AND b.state IN ('held', 'booked') AND NOT a.squeeze_in AND NOT b.squeeze_in
      AND a.clinic_id = coalesce($1, a.clinic_id)`,
    [clinicId],
  );
  return { tried: Number(row?.["tried"]), failed: Number(row?.["failed"]) };
}

/**
 * The same asked of the bookings instead of what they occupy, so that a booking whose occupancy was lost is seen too:
 * pairs of standing visits of one practitioner that overlap, apart from squeeze-ins and seats of one session.
 */
export async function overlappingVisits(t: TestDatabase): Promise<number> {
  const [row] = await t.admin(`
    SELECT count(*)::int AS pairs
    FROM app.booking a JOIN app.booking b
      ON a.clinic_id = b.clinic_id AND a.practitioner_id = b.practitioner_id
      AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at AND (a.starts_at, a.id) < (b.starts_at, b.id)
    WHERE a.state IN ${occupying} AND b.state IN ${occupying} AND a.squeezed_by IS NULL AND b.squeezed_by IS NULL
      AND NOT EXISTS (SELECT FROM app.seat s JOIN app.seat o ON o.clinic_id = s.clinic_id AND o.session_id = s.session_id
        WHERE s.clinic_id = a.clinic_id AND s.booking_id = a.id AND o.booking_id = b.id)`);
  return Number(row?.["pairs"]);
}

/** Circles of waiting that the server had to break, on this database since it was made. */
export async function deadlocks(t: TestDatabase): Promise<number> {
  const [row] = await t.admin("SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()");
  return Number(row?.["deadlocks"]);
}

/**
 * What is kept without reason, or not kept: standing bookings without their time, bookings that are over and still keep
 * some, sessions that count other seats than there are.
 */
export async function leftovers({ t }: Arena, { clinicId }: Spot): Promise<string[]> {
  const rows = await t.admin(
    `WITH kept AS (
       SELECT b.id, b.state IN ${occupying} AND (b.hold_expires_at IS NULL OR b.hold_expires_at > clock_timestamp()) AS stands,
         b.state NOT IN ${occupying} AS over, (
           SELECT count(*) FROM app.occupancy o WHERE o.clinic_id = b.clinic_id AND o.booking_id = b.id AND o.state <> 'released'
         ) + (SELECT count(*) FROM app.seat s WHERE s.clinic_id = b.clinic_id AND s.booking_id = b.id) AS keeps
       FROM app.booking b WHERE b.clinic_id = $1
     )
     SELECT 'standing visits without their time' AS what, count(*)::int AS n FROM kept WHERE stands AND keeps = 0
     UNION ALL SELECT 'visits that are over and keep time', count(*)::int FROM kept WHERE over AND keeps > 0
     UNION ALL SELECT 'sessions that count wrong', count(*)::int FROM app.group_session g WHERE g.clinic_id = $1 AND g.taken <>
       (SELECT count(*) FROM app.seat s WHERE s.clinic_id = g.clinic_id AND s.session_id = g.id)
     UNION ALL SELECT 'empty sessions that keep time', count(*)::int
       FROM app.group_session g JOIN app.occupancy o ON o.clinic_id = g.clinic_id AND o.session_id = g.id
       WHERE g.clinic_id = $1 AND g.taken = 0 AND o.state <> 'released'`,
    [clinicId],
  );
  return rows.filter(({ n }) => n !== 0).map(({ what, n }) => `${String(n)} ${String(what)}`);
}
