import type { MadeClinic, TestDatabase } from "@pulsecal/db/testing";

/**
 * One room, one closure and one leave of a clinic, which bear its id, so that tests can name them; made anew where a
 * test has taken them away. The leave lies over the booking, or in the past: neither stands in anybody's way.
 */
export async function makeSetup(t: TestDatabase, { clinicId, practitionerId }: MadeClinic, bookingId: string | null) {
  await t.admin(
    `INSERT INTO app.resource (clinic_id, id, kind, name) VALUES ($1, $1, 'room', 'Room 1') ON CONFLICT DO NOTHING`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
    VALUES ($1, $1, '2025-03-01T08:00:00Z', '2025-03-01T09:00:00Z', 'Stock-taking') ON CONFLICT DO NOTHING`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
    SELECT $1, $1, $2, coalesce(b.starts_at, '2025-03-01T08:00:00Z'), coalesce(b.ends_at, '2025-03-01T09:00:00Z')
    FROM (SELECT $3::uuid AS id) q LEFT JOIN app.booking b ON b.clinic_id = $1 AND b.id = q.id
    ON CONFLICT (clinic_id, id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at`,
    [clinicId, practitionerId, bookingId],
  );
}
