import type { TenantTx } from "@pulsecal/db";
import type { Reads } from "./availability.repo.ts";
import type { Room } from "./setup.schema.ts";

/** The clinic's rooms and devices, those in use first. */
export async function findRooms(db: Reads, clinicId: string): Promise<Room[]> {
  return db.$queryRaw<Room[]>`
    SELECT r.id, r.kind, r.name, r.active, r.day_count AS "dayCount", r.day_minutes AS "dayMinutes", r.week_count AS "weekCount",
      r.week_minutes AS "weekMinutes",
      ARRAY(SELECT DISTINCT s.name FROM app.service_need_resource n
        JOIN app.service_need d ON d.clinic_id = n.clinic_id AND d.id = n.need_id
        JOIN app.service s ON s.clinic_id = d.clinic_id AND s.id = d.service_id AND s.active
        WHERE n.clinic_id = ${clinicId}::uuid AND n.resource_id = r.id ORDER BY s.name) AS "services",
      EXISTS (SELECT FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = r.id)
        OR EXISTS (SELECT FROM app.timetable m WHERE m.clinic_id = ${clinicId}::uuid AND m.resource_id = r.id) AS "ownHours"
    FROM app.resource r WHERE r.clinic_id = ${clinicId}::uuid AND r.kind IN ('room', 'device')
    ORDER BY r.active DESC, r.kind DESC, r.name, r.id`;
}

/** Writes a room or a device over the one with its id, or as a new one. */
export async function putRoom(tx: TenantTx, clinicId: string, r: Omit<Room, "services" | "ownHours">): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.resource (clinic_id, id, kind, name, active, day_count, day_minutes, week_count, week_minutes)
    VALUES (${clinicId}::uuid, ${r.id}::uuid, ${r.kind}::text, ${r.name}::text, ${r.active}::boolean, ${r.dayCount}::int,
      ${r.dayMinutes}::int, ${r.weekCount}::int, ${r.weekMinutes}::int)
    ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, active = excluded.active, day_count = excluded.day_count,
      day_minutes = excluded.day_minutes, week_count = excluded.week_count, week_minutes = excluded.week_minutes`;
}
