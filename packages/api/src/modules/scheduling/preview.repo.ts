import type { Rules, ServiceRule, Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";

export type PreviewFacts = { now: number; service: ServiceRule | null; rules: Rules; busy: Span[]; leave: Span[] };

type Row = Omit<PreviewFacts, "rules"> & { weekly: Rules["weekly"]; overrides: Rules["overrides"] };

/** What a preview of hours needs, approved or not; null when the clinic has no such practitioner. */
export async function findPreviewFacts(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  practitionerId: string,
  window: Span,
): Promise<PreviewFacts | null> {
  const from = new Date(window.from).toISOString();
  const to = new Date(window.to).toISOString();
  const rows = await db.$queryRaw<Row[]>`
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "now",
      (SELECT json_build_object('minutes', s.minutes, 'bufferBefore', s.buffer_before, 'bufferAfter', s.buffer_after,
          'intervalMinutes', s.interval_minutes, 'noticeMinutes', s.notice_minutes, 'horizonDays', s.horizon_days)
        FROM app.service s JOIN app.service_practitioner l ON l.clinic_id = s.clinic_id AND l.service_id = s.id
        WHERE s.clinic_id = ${clinicId}::uuid AND s.active AND l.practitioner_id = p.id
        ORDER BY s.position, s.name, s.id LIMIT 1) AS "service",
      (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)), '[]')
        FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = p.id) AS "weekly",
      (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows)), '[]')
        FROM app.hours_override v WHERE v.clinic_id = ${clinicId}::uuid AND v.resource_id = p.id) AS "overrides",
      (SELECT coalesce(json_agg(json_build_object('from', (extract(epoch FROM e.starts_at) * 1000)::bigint,
          'to', (extract(epoch FROM e.ends_at) * 1000)::bigint)), '[]')
        FROM app.leave e WHERE e.clinic_id = ${clinicId}::uuid AND e.resource_id = p.id
          AND e.starts_at < ${to}::timestamptz AND e.ends_at > ${from}::timestamptz) AS "leave",
      (SELECT coalesce(json_agg(json_build_object('from', (extract(epoch FROM o.blocked_from) * 1000)::bigint,
          'to', (extract(epoch FROM o.blocked_to) * 1000)::bigint)), '[]')
        FROM app.occupancy o WHERE o.clinic_id = ${clinicId}::uuid AND o.resource_id = p.id
          AND o.blocked_from >= ${from}::timestamptz - interval '1 day' AND o.blocked_from < ${to}::timestamptz
          AND o.blocked_to > ${from}::timestamptz
          AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))) AS "busy"
    FROM app.practitioner p WHERE p.clinic_id = ${clinicId}::uuid AND p.id = ${practitionerId}::uuid`;
  const row = rows[0];
  if (!row) return null;
  const { weekly, overrides, ...facts } = row;
  return { ...facts, rules: { weekly, overrides } };
}
