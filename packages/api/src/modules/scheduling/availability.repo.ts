import type { Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";
import { type AvailabilityRow, toAvailability } from "./availability-rows.ts";
import type { Availability } from "./availability.ts";

/** What a read needs of the tenant client: a transaction's client fits too. */
export type Reads = Pick<TenantDb, "$queryRaw">;

export type AvailabilityQuery = {
  clinicId: string;
  /** null: every active service */
  serviceId: string | null;
  /** null: every approved and active practitioner who offers the service */
  practitionerId: string | null;
  /** starts that will be asked about; null: as far as can be booked, and without what is booked already */
  window: Span | null;
  /** an idempotency key to look up on the way */
  key?: string;
  /** a booking that is read as if it were not there */
  without?: string;
  /** for a booking that stands: its service and the one person asked for come along, though not offered any more */
  standing?: boolean;
  /** practitioners who are not approved or not active come along (staff who set up hours) */
  everyone?: boolean;
};

/** Days beyond a service's horizon that are read too where the window is open, so that the rules serve for a day or two. */
export const daysInHand = 2;

/**
 * Everything the engine needs for a window, of one snapshot, in one round trip; null when the clinic is not there.
 * Occupancy, leave and closures are read by timestamptz columns, which stay index conditions under row-level security.
 *
 * `w` says how far around the window must be read: a visit ends after its start, buffers reach over edges, times packed
 * around bookings hang on the whole day, limits on whole weeks.
 */
export async function loadAvailability(db: Reads, q: AvailabilityQuery): Promise<Availability | null> {
  const [from, to] = q.window
    ? [new Date(q.window.from).toISOString(), new Date(q.window.to).toISOString()]
    : [null, null];
  const rows = await db.$queryRaw<AvailabilityRow[]>`
    SELECT c.rules_version::text AS "version", floor(date_part('epoch', clock_timestamp()) * 1000) AS "now",
      pg_snapshot_xmin(pg_current_snapshot())::text AS "horizon",
      c.name, c.slug, c.zone, c.status, f.phone, f.about, coalesce(f.cancel_until_minutes, 120) AS "cancelUntilMinutes",
      coalesce(f.share_buffers, false) AS "shareBuffers", f.holiday_country AS "holidayCountry",
      date_part('epoch', w."from") * 1000 AS "readFrom", date_part('epoch', w."to") * 1000 AS "readTo",
      (SELECT json_build_object('inputHash', i.input_hash, 'answer', i.answer)
        FROM app.idempotency i WHERE i.clinic_id = q.clinic AND i.key = q.key) AS "stored",
      (SELECT coalesce(json_agg(json_build_array((date_part('epoch', x.starts_at) * 1000)::bigint, (date_part('epoch', x.ends_at) * 1000)::bigint)), '[]')
        FROM app.closure x WHERE x.clinic_id = q.clinic AND x.starts_at < w.away_to AND x.ends_at > w."from") AS "closures",
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'position', p.position, 'address', a.address)
          ORDER BY p.position, p.name, p.id), '[]')
        FROM app.practitioner p
        JOIN app.location a ON a.clinic_id = p.clinic_id AND a.id = p.location_id
        WHERE p.clinic_id = q.clinic AND (q.everyone OR p.active AND (p.approval = 'approved' OR c.status = 'practice')) AND (q.person IS NULL OR p.id = q.person)
          AND (q.service IS NULL OR q.standing AND p.id = q.person OR EXISTS (SELECT FROM app.service_practitioner l
            WHERE l.clinic_id = q.clinic AND l.service_id = q.service AND l.practitioner_id = p.id))
      ) AS "people",
      (SELECT coalesce(json_agg(json_build_object(
          'id', r.id, 'kind', r.kind, 'name', r.name,
          'limits', json_build_array(r.day_count, r.day_minutes, r.week_count, r.week_minutes),
          'weekly', (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
              ORDER BY h.weekday, h.from_minute), '[]')
            FROM app.opening_hours h WHERE h.clinic_id = q.clinic AND h.resource_id = r.id),
          'timetables', (SELECT coalesce(json_agg(json_build_object('from', m.from_date, 'until', m.until_date, 'weekly', m.weekly)
              ORDER BY m.from_date NULLS FIRST, m.id), '[]')
            FROM app.timetable m WHERE m.clinic_id = q.clinic AND m.resource_id = r.id),
          'overrides', (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
            FROM app.hours_override v WHERE v.clinic_id = q.clinic AND v.resource_id = r.id
              AND v.date >= w.first_date AND v.date <= w.last_date),
          'leave', (SELECT coalesce(json_agg(json_build_array((date_part('epoch', e.starts_at) * 1000)::bigint,
              (date_part('epoch', e.ends_at) * 1000)::bigint)), '[]')
            FROM app.leave e WHERE e.clinic_id = q.clinic AND e.resource_id = r.id
              AND e.starts_at < w.away_to AND e.ends_at > w.leave_from),
          'busy', CASE WHEN q.busy THEN (SELECT json_agg(json_build_array(
                (date_part('epoch', o.starts_at) * 1000)::bigint, (date_part('epoch', o.ends_at) * 1000)::bigint,
                -- the buffers inside the blocked span, or beside it where neighbours may share them
                ceil(date_part('epoch', o.starts_at - o.blocked_from) / 60)::int + o.buffer_before,
                ceil(date_part('epoch', o.blocked_to - o.ends_at) / 60)::int + o.buffer_after,
                coalesce(o.booking_id, o.session_id),
                CASE WHEN w.whose THEN (SELECT b.service_id FROM app.booking b WHERE b.clinic_id = q.clinic AND b.id = o.booking_id) END,
                CASE WHEN o.session_id IS NOT NULL THEN (SELECT json_build_array(g.service_id, g.capacity, g.taken
                    - (SELECT count(*) FROM app.seat t WHERE t.clinic_id = q.clinic AND t.session_id = g.id AND t.booking_id = q.without))
                  FROM app.group_session g WHERE g.clinic_id = q.clinic AND g.id = o.session_id) END) ORDER BY o.blocked_from)
            FROM app.occupancy o WHERE o.clinic_id = q.clinic AND o.resource_id = r.id
              -- a service with its buffers stays under a day (services.save), so the lower bound loses none
              AND o.blocked_from >= w.blocked_from AND o.blocked_from < w.busy_to
              AND o.blocked_to > w.busy_from AND (q.without IS NULL OR o.booking_id IS DISTINCT FROM q.without)
              -- a hold that has run out is in nobody's way: whoever takes the time sweeps it
              AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))) END
        ) ORDER BY r.name, r.id), '[]')
        FROM (
          SELECT p.id FROM app.practitioner p
          WHERE p.clinic_id = q.clinic AND (q.person IS NULL OR p.id = q.person)
            AND (q.service IS NULL OR q.standing AND p.id = q.person OR EXISTS (SELECT FROM app.service_practitioner l
              WHERE l.clinic_id = q.clinic AND l.service_id = q.service AND l.practitioner_id = p.id))
          UNION
          SELECT n.resource_id FROM app.service_need d
          JOIN app.service_need_resource n ON n.clinic_id = d.clinic_id AND n.need_id = d.id
          WHERE d.clinic_id = q.clinic AND (q.service IS NULL OR d.service_id = q.service)
        ) i
        JOIN app.resource r ON r.clinic_id = q.clinic AND r.id = i.id AND r.active
        WHERE r.kind <> 'practitioner' OR EXISTS (SELECT FROM app.practitioner p
          WHERE p.clinic_id = q.clinic AND p.id = r.id AND (q.everyone OR p.active AND (p.approval = 'approved' OR c.status = 'practice')))
      ) AS "calendars",
      (SELECT coalesce(json_agg(json_build_object(
          'id', s.id, 'name', s.name, 'minutes', s.minutes, 'bufferBefore', s.buffer_before,
          'bufferAfter', s.buffer_after, 'intervalMinutes', s.interval_minutes, 'noticeMinutes', s.notice_minutes,
          'horizonDays', s.horizon_days, 'priceCents', s.price_cents, 'otherMinutes', s.other_minutes,
          'alignment', s.alignment, 'alignmentOffset', s.alignment_offset, 'horizonKind', s.horizon_kind,
          'horizonFrom', s.horizon_from, 'horizonUntil', s.horizon_until, 'seats', s.seats, 'needsApproval', s.needs_approval,
          'asks', EXISTS (SELECT FROM app.intake_question k WHERE k.clinic_id = q.clinic AND k.service_id = s.id AND k.active),
          'limits', json_build_array(s.day_count, s.day_minutes, s.week_count, s.week_minutes),
          'practitionerIds', (SELECT coalesce(json_agg(l.practitioner_id), '[]') FROM app.service_practitioner l
            WHERE l.clinic_id = q.clinic AND l.service_id = s.id),
          'standing', CASE WHEN q.standing THEN q.person END,
          'needs', (SELECT coalesce(json_agg(json_build_object('id', d.id, 'count', d.count, 'minutes', d.minutes,
              'bufferBefore', d.buffer_before, 'bufferAfter', d.buffer_after,
              'of', (SELECT coalesce(json_agg(r.id ORDER BY r.name, r.id), '[]')
                FROM app.service_need_resource n JOIN app.resource r ON r.clinic_id = n.clinic_id AND r.id = n.resource_id
                WHERE n.clinic_id = q.clinic AND n.need_id = d.id)) ORDER BY d.position, d.id), '[]')
            FROM app.service_need d WHERE d.clinic_id = q.clinic AND d.service_id = s.id),
          'counted', CASE WHEN q.busy AND num_nonnulls(s.day_count, s.day_minutes, s.week_count, s.week_minutes) > 0 THEN
            (SELECT json_agg(json_build_array(v.id, (date_part('epoch', v.starts_at) * 1000)::bigint, (date_part('epoch', v.ends_at) * 1000)::bigint))
              FROM (
                SELECT b.id, b.starts_at, b.ends_at FROM app.booking b
                WHERE b.clinic_id = q.clinic AND b.service_id = s.id AND b.starts_at >= w.busy_from AND b.starts_at < w.busy_to
                  AND b.id IS DISTINCT FROM q.without
                  AND EXISTS (SELECT FROM app.occupancy o WHERE o.clinic_id = q.clinic AND o.booking_id = b.id
                    AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp())))
                UNION ALL
                SELECT g.id, g.starts_at, g.ends_at FROM app.group_session g
                WHERE g.clinic_id = q.clinic AND g.service_id = s.id
                  AND g.taken > (SELECT count(*) FROM app.seat t WHERE t.clinic_id = q.clinic AND t.session_id = g.id AND t.booking_id = q.without)
                  AND g.starts_at >= w.busy_from AND g.starts_at < w.busy_to
              ) v) END
        ) ORDER BY s.position, s.name, s.id), '[]')
        FROM app.service s
        WHERE s.clinic_id = q.clinic AND (s.active OR q.standing) AND (q.service IS NULL OR s.id = q.service)) AS "services"
    FROM (SELECT ${q.clinicId}::uuid AS clinic, ${q.serviceId}::uuid AS service, ${q.practitionerId}::uuid AS person,
      ${from}::timestamptz AS "from", ${to}::timestamptz AS "to", ${q.window !== null}::boolean AS busy,
      ${q.key ?? null}::text AS key, ${q.without ?? null}::uuid AS without, ${q.everyone ?? false}::boolean AS everyone, ${q.standing ?? false}::boolean AS standing) q
    JOIN platform.clinic c ON c.id = q.clinic
    CROSS JOIN LATERAL (
      SELECT r."from", r."to", r.whose, r."from" - r.packing AS leave_from, r."to" + interval '1 day' AS away_to,
        (r."from" AT TIME ZONE 'UTC')::date - 3 AS first_date, (r."to" AT TIME ZONE 'UTC')::date + 3 AS last_date,
        r."from" - r.reach AS busy_from, r."from" - r.reach - interval '1 day' AS blocked_from, r."to" + r.reach AS busy_to
      FROM (
        SELECT coalesce(q."from", now()) AS "from",
          coalesce(q."to", now() + make_interval(days => a.days + ${daysInHand + 1}::int)) AS "to",
          a.whose OR a.limited AS whose, a.packing,
          CASE WHEN a.limited OR EXISTS (SELECT FROM app.resource r WHERE r.clinic_id = q.clinic
              AND num_nonnulls(r.day_count, r.day_minutes, r.week_count, r.week_minutes) > 0)
            THEN interval '9 days' ELSE greatest(a.packing, interval '1 day') END AS reach
        FROM (SELECT coalesce(bool_or(s.seats > 1), false) AS whose,
            coalesce(bool_or(num_nonnulls(s.day_count, s.day_minutes, s.week_count, s.week_minutes) > 0), false) AS limited,
            CASE WHEN bool_or(s.alignment = 'packed') THEN interval '3 days' ELSE interval '0' END AS packing,
            coalesce(max(CASE s.horizon_kind WHEN 'range' THEN s.horizon_until - current_date
              WHEN 'working_days' THEN s.horizon_days * 2 + 14 ELSE s.horizon_days END), 0) AS days
          FROM app.service s WHERE s.clinic_id = q.clinic AND (s.active OR q.standing) AND (q.service IS NULL OR s.id = q.service)) a
        OFFSET 0
      ) r
      -- kept apart, so that each bound is worked out once and reaches the indexes as a plain value
      OFFSET 0
    ) w
    LEFT JOIN app.clinic_profile f ON f.clinic_id = q.clinic AND f.id = q.clinic`;
  const row = rows[0];
  return row === undefined ? null : toAvailability(row);
}
