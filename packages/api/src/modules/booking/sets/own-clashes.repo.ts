import type { TenantDb } from "@pulsecal/db";

/**
 * Bookings of a set whose person has another booking here at that time, in order of the clock. The one who can be reached
 * is known by their contact, the others by their name beside it. Bookings of the set do not clash with each other: a
 * family may come side by side. Only a booking that was made in the same browser is told of: whoever types somebody
 * else's address must not learn that they come here.
 */
export async function clashesInSet(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  setId: string,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH person AS (
      SELECT b.id, b.starts_at, b.ends_at, b.holder_hash, CASE WHEN p.guardian_id IS NOT NULL THEN lower(btrim(p.name)) END AS named,
        coalesce(g.email_index, p.email_index) AS email, coalesce(g.phone_index, p.phone_index) AS phone
      FROM app.booking b
      JOIN app.patient p ON p.clinic_id = b.clinic_id AND p.id = b.patient_id
      LEFT JOIN app.patient g ON g.clinic_id = p.clinic_id AND g.id = p.guardian_id
      WHERE b.clinic_id = ${clinicId}::uuid AND b.set_id = ${setId}::uuid
    )
    SELECT n.id FROM person n
    WHERE EXISTS (
      SELECT FROM app.booking o
      JOIN app.patient q ON q.clinic_id = o.clinic_id AND q.id = o.patient_id
      LEFT JOIN app.patient h ON h.clinic_id = q.clinic_id AND h.id = q.guardian_id
      WHERE o.clinic_id = ${clinicId}::uuid AND o.set_id IS DISTINCT FROM ${setId}::uuid AND o.holder_hash = n.holder_hash
        -- no visit is longer than a day, so the index has two ends
        AND o.starts_at < n.ends_at AND o.starts_at > n.starts_at - interval '1 day' AND o.ends_at > n.starts_at
        AND o.state IN ('requested', 'awaiting_payment', 'confirmed', 'checked_in', 'in_consultation')
        AND (coalesce(h.email_index, q.email_index) = n.email OR coalesce(h.phone_index, q.phone_index) = n.phone)
        AND CASE WHEN q.guardian_id IS NOT NULL THEN lower(btrim(q.name)) END IS NOT DISTINCT FROM n.named
    )
    ORDER BY n.starts_at, n.id`;
  return rows.map(({ id }) => id);
}
