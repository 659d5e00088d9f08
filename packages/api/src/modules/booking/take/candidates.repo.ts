import type { TenantDb } from "@pulsecal/db";

/**
 * Every resource that a visit of a service could take: the practitioners who give it (or the one that was asked for) and
 * whatever the service needs besides. A service with limits of its own is queued for as well: they count what everybody
 * does of it, so that two doctors' bookings meet there. Who writes such a visit queues for all of them and decides then.
 */
export async function candidateResources(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  { serviceId, who }: { serviceId: string; who: string },
): Promise<string[]> {
  const person = who === "any" ? null : who;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT l.practitioner_id AS "id" FROM app.service_practitioner l
    WHERE l.clinic_id = ${clinicId}::uuid AND l.service_id = ${serviceId}::uuid
      AND (${person}::uuid IS NULL OR l.practitioner_id = ${person}::uuid)
    UNION
    SELECT r.resource_id FROM app.service_need n
    JOIN app.service_need_resource r ON r.clinic_id = n.clinic_id AND r.need_id = n.id
    WHERE n.clinic_id = ${clinicId}::uuid AND n.service_id = ${serviceId}::uuid
    UNION
    SELECT s.id FROM app.service s
    WHERE s.clinic_id = ${clinicId}::uuid AND s.id = ${serviceId}::uuid
      AND coalesce(s.day_count, s.day_minutes, s.week_count, s.week_minutes) IS NOT NULL`;
  return rows.map(({ id }) => id);
}
