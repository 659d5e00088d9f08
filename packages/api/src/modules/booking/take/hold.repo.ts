import type { TenantDb, WriteOnce } from "@pulsecal/db";

/**
 * The practitioners with holds and requests that have run out. What can run out does so an hour after it was made or when
 * its time comes, so the index bounds the search; that bound is statement_timestamp(), because clock_timestamp() is volatile and no index takes it.
 */
export async function resourcesWithLapsedHolds(db: Pick<TenantDb, "$queryRaw">, clinicId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT practitioner_id AS "id" FROM app.booking
    WHERE clinic_id = ${clinicId}::uuid AND starts_at > statement_timestamp() - interval '1 day'
      AND state IN ('held', 'requested', 'awaiting_payment') AND hold_expires_at <= clock_timestamp()`;
  return rows.map((row) => row.id);
}

/** app.expire_holds of the migrations: lets go of every hold of these resources that has run out, under their locks. */
export async function expireHolds(
  db: WriteOnce,
  clinicId: string,
  resourceIds: readonly string[],
): Promise<{ released: number; xid: string | null }> {
  const [end] = await db.$queryRaw<{ released: number; xid: string | null }[]>`
    SELECT released, xid FROM app.expire_holds(${clinicId}::uuid, ${[...resourceIds]}::uuid[])`;
  return end ?? { released: 0, xid: null };
}
