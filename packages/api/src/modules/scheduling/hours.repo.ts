import { newId, type TenantDb, type TenantTx } from "@pulsecal/db";
import type { Rules } from "@pulsecal/core";

type Reads = Pick<TenantDb, "$queryRaw">;

export type StoredHours = Rules & { leaveCount: number };

/** A practitioner's hours from today on; null when the clinic has no such practitioner. */
export async function findHours(db: Reads, clinicId: string, practitionerId: string): Promise<StoredHours | null> {
  const rows = await db.$queryRaw<StoredHours[]>`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
          ORDER BY h.weekday, h.from_minute, h.to_minute), '[]')
        FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = p.id) AS "weekly",
      (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
        FROM app.hours_override v WHERE v.clinic_id = ${clinicId}::uuid AND v.resource_id = p.id
          AND v.date >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1) AS "overrides",
      (SELECT count(*)::int FROM app.leave e WHERE e.clinic_id = ${clinicId}::uuid AND e.resource_id = p.id
          AND e.ends_at > clock_timestamp()) AS "leaveCount"
    FROM app.practitioner p WHERE p.clinic_id = ${clinicId}::uuid AND p.id = ${practitionerId}::uuid`;
  return rows[0] ?? null;
}

/** Puts new hours in the place of the old ones, in one statement; overrides of the past stay as they are. */
export async function replaceHours(
  tx: TenantTx,
  clinicId: string,
  practitionerId: string,
  rules: Rules,
): Promise<void> {
  const input = JSON.stringify({
    clinic: clinicId,
    resource: practitionerId,
    weekly: rules.weekly.map((window) => ({ id: newId(), ...window })),
    overrides: rules.overrides.map((override) => ({ id: newId(), ...override })),
  });
  await tx.$executeRaw`
    WITH i AS (SELECT r.* FROM jsonb_to_record(${input}::jsonb) AS r(clinic uuid, resource uuid, weekly jsonb, overrides jsonb)
    ), old_week AS (
      DELETE FROM app.opening_hours h USING i WHERE h.clinic_id = i.clinic AND h.resource_id = i.resource
    ), old_dates AS (
      DELETE FROM app.hours_override v USING i WHERE v.clinic_id = i.clinic AND v.resource_id = i.resource
        AND v.date >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1
        AND NOT EXISTS (SELECT FROM jsonb_to_recordset(i.overrides) AS r(date date) WHERE r.date = v.date)
    ), week AS (
      INSERT INTO app.opening_hours (clinic_id, id, resource_id, weekday, from_minute, to_minute)
      SELECT i.clinic, r.id, i.resource, r.weekday, r."from", r."to"
      FROM i, jsonb_to_recordset(i.weekly) AS r(id uuid, weekday int, "from" int, "to" int)
    )
    INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
    SELECT i.clinic, r.id, i.resource, r.date, r.windows
    FROM i, jsonb_to_recordset(i.overrides) AS r(id uuid, date date, windows jsonb)
    ON CONFLICT (clinic_id, resource_id, date) DO UPDATE SET windows = excluded.windows`;
}
