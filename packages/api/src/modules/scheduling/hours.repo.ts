import { newId, type TenantDb, type TenantTx } from "@pulsecal/db";
import type { Rules, Timetable } from "@pulsecal/core";

type Reads = Pick<TenantDb, "$queryRaw">;

/** The most there may be in a day and a week; null: no limit. */
export type LimitFields = {
  dayCount: number | null;
  dayMinutes: number | null;
  weekCount: number | null;
  weekMinutes: number | null;
};

/** Hours as they are kept: timetables and limits always there, if empty. */
export type KeptHours = Rules & { timetables: Timetable[]; limits: LimitFields };
export type StoredHours = KeptHours & { leaveCount: number };

/** A person's hours are kept like those of a room or a device, but changed by others. */
export type Whose = "practitioner" | "room";
const kinds: Record<Whose, string[]> = { practitioner: ["practitioner"], room: ["room", "device"] };

/** A resource's hours from today on; null when the clinic has none of that kind and id. */
export async function findHours(
  db: Reads,
  clinicId: string,
  { whose, id }: { whose: Whose; id: string },
): Promise<StoredHours | null> {
  const rows = await db.$queryRaw<StoredHours[]>`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
          ORDER BY h.weekday, h.from_minute, h.to_minute), '[]')
        FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = r.id) AS "weekly",
      (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
        FROM app.hours_override v WHERE v.clinic_id = ${clinicId}::uuid AND v.resource_id = r.id
          AND v.date >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1) AS "overrides",
      (SELECT coalesce(json_agg(json_build_object('from', m.from_date, 'until', m.until_date, 'weekly', m.weekly)
          ORDER BY m.from_date NULLS FIRST, m.until_date, m.id), '[]')
        FROM app.timetable m WHERE m.clinic_id = ${clinicId}::uuid AND m.resource_id = r.id) AS "timetables",
      json_build_object('dayCount', r.day_count, 'dayMinutes', r.day_minutes, 'weekCount', r.week_count,
        'weekMinutes', r.week_minutes) AS "limits",
      (SELECT count(*)::int FROM app.leave e WHERE e.clinic_id = ${clinicId}::uuid AND e.resource_id = r.id
          AND e.ends_at > clock_timestamp()) AS "leaveCount"
    FROM app.resource r WHERE r.clinic_id = ${clinicId}::uuid AND r.id = ${id}::uuid AND r.kind = ANY(${kinds[whose]}::text[])`;
  return rows[0] ?? null;
}

/** Puts new hours in the place of the old ones, in one statement; overrides of the past stay as they are. */
export async function replaceHours(
  tx: TenantTx,
  clinicId: string,
  resourceId: string,
  rules: KeptHours,
): Promise<void> {
  const input = JSON.stringify({
    clinic: clinicId,
    resource: resourceId,
    weekly: rules.weekly.map((window) => ({ id: newId(), ...window })),
    overrides: rules.overrides.map((override) => ({ id: newId(), ...override })),
    timetables: rules.timetables.map((table) => ({ id: newId(), ...table })),
    limits: rules.limits,
  });
  await tx.$executeRaw`
    WITH i AS (SELECT r.* FROM jsonb_to_record(${input}::jsonb) AS r(clinic uuid, resource uuid, weekly jsonb, overrides jsonb,
        timetables jsonb, limits jsonb)
    ), old_week AS (
      DELETE FROM app.opening_hours h USING i WHERE h.clinic_id = i.clinic AND h.resource_id = i.resource
    ), old_dates AS (
      DELETE FROM app.hours_override v USING i WHERE v.clinic_id = i.clinic AND v.resource_id = i.resource
        AND v.date >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1
        AND NOT EXISTS (SELECT FROM jsonb_to_recordset(i.overrides) AS r(date date) WHERE r.date = v.date)
    ), old_tables AS (
      DELETE FROM app.timetable m USING i WHERE m.clinic_id = i.clinic AND m.resource_id = i.resource
    ), tables AS (
      INSERT INTO app.timetable (clinic_id, id, resource_id, from_date, until_date, weekly)
      SELECT i.clinic, r.id, i.resource, r."from", r.until, r.weekly
      FROM i, jsonb_to_recordset(i.timetables) AS r(id uuid, "from" date, until date, weekly jsonb)
    ), limits AS (
      UPDATE app.resource r SET day_count = n."dayCount", day_minutes = n."dayMinutes", week_count = n."weekCount", week_minutes = n."weekMinutes"
      FROM i, jsonb_to_record(i.limits) AS n("dayCount" int, "dayMinutes" int, "weekCount" int, "weekMinutes" int)
      WHERE r.clinic_id = i.clinic AND r.id = i.resource
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
