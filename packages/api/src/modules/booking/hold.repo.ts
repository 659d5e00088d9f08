import type { TenantTx } from "@pulsecal/db";

/** A hold that was just let go. */
export type LapsedHold = { bookingId: string; resourceId: string; startsAt: Date; blockedFrom: Date; blockedTo: Date };

/**
 * The resources with holds that have run out. A hold lives an hour at most and its time lies ahead, so the index bounds
 * the search; that bound is statement_timestamp(), because clock_timestamp() is volatile and no index takes it.
 */
export async function resourcesWithLapsedHolds(tx: TenantTx, clinicId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT practitioner_id AS "id" FROM app.booking
    WHERE clinic_id = ${clinicId}::uuid AND starts_at > statement_timestamp() - interval '1 day'
      AND state = 'held' AND hold_expires_at <= clock_timestamp()`;
  return rows.map((row) => row.id);
}

/** Lets go of every hold of these resources that has run out; the caller holds the resources' locks. */
export async function releaseLapsedHolds(
  tx: TenantTx,
  clinicId: string,
  resourceIds: readonly string[],
): Promise<LapsedHold[]> {
  return tx.$queryRaw<LapsedHold[]>`
    WITH lapsed AS (
      UPDATE app.occupancy SET state = 'released'
      WHERE clinic_id = ${clinicId}::uuid AND resource_id = ANY(${[...resourceIds]}::uuid[])
        AND blocked_from > statement_timestamp() - interval '1 day'
        AND state = 'held' AND hold_expires_at <= clock_timestamp()
      RETURNING booking_id, resource_id, starts_at, blocked_from, blocked_to
    ), expired AS (
      UPDATE app.booking SET state = 'expired', updated_at = clock_timestamp()
      WHERE clinic_id = ${clinicId}::uuid AND id IN (SELECT booking_id FROM lapsed) AND state = 'held'
    )
    SELECT booking_id AS "bookingId", resource_id AS "resourceId", starts_at AS "startsAt",
      blocked_from AS "blockedFrom", blocked_to AS "blockedTo" FROM lapsed`;
}
