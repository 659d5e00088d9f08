import type { DayWindow, Rules, ServiceRule, Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";

/** What a read needs of the tenant client: a transaction's client fits too. */
export type Reads = Pick<TenantDb, "$queryRaw">;

export type OfferedService = ServiceRule & {
  id: string;
  name: string;
  priceCents: number;
  practitionerIds: string[];
};

export type Bookable = {
  id: string;
  name: string;
  position: number;
  address: string | null;
  rules: Rules;
  leave: Span[];
  busy: Span[];
  /** holds that have run out but still stand in the constraint's way until they are swept */
  lapsed: Span[];
};

export type Availability = {
  /** the database's clock, epoch milliseconds */
  now: number;
  /** the transaction horizon of the same snapshot: every event below it is already in this answer */
  horizon: string;
  clinic: {
    name: string;
    slug: string;
    zone: string;
    status: string;
    phone: string | null;
    about: string | null;
    cancelUntilMinutes: number;
  };
  services: OfferedService[];
  practitioners: Bookable[];
};

export type AvailabilityQuery = {
  clinicId: string;
  /** null: every active service */
  serviceId: string | null;
  /** null: every approved and active practitioner who offers the service */
  practitionerId: string | null;
  window: Span;
};

type PractitionerJson = Omit<Bookable, "rules" | "leave" | "busy" | "lapsed"> & {
  weekly: Rules["weekly"];
  overrides: { date: string; windows: DayWindow[] }[];
  leave: [number, number][];
  busy: [number, number, boolean][];
};

type Row = {
  now: number;
  horizon: string;
  name: string;
  slug: string;
  zone: string;
  status: string;
  phone: string | null;
  about: string | null;
  cancelUntilMinutes: number | null;
  services: OfferedService[];
  practitioners: PractitionerJson[];
};

/** No booking blocks more than a day (services.save sees to it), so a lower bound on blocked_from loses none. */
const longestBlock = "1 day";

/**
 * Everything the engine needs for a window, of one snapshot, in one round trip; null when the clinic is not there.
 * Occupancy and leave are read by timestamptz columns, which stay index conditions under row-level security.
 */
export async function loadAvailability(db: Reads, q: AvailabilityQuery): Promise<Availability | null> {
  const from = new Date(q.window.from).toISOString();
  const to = new Date(q.window.to).toISOString();
  const rows = await db.$queryRaw<Row[]>`
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "now",
      pg_snapshot_xmin(pg_current_snapshot())::text AS "horizon",
      c.name, c.slug, c.zone, c.status, f.phone, f.about, f.cancel_until_minutes AS "cancelUntilMinutes",
      (SELECT coalesce(json_agg(json_build_object(
          'id', s.id, 'name', s.name, 'minutes', s.minutes, 'bufferBefore', s.buffer_before,
          'bufferAfter', s.buffer_after, 'intervalMinutes', s.interval_minutes, 'noticeMinutes', s.notice_minutes,
          'horizonDays', s.horizon_days, 'priceCents', s.price_cents,
          'practitionerIds', (SELECT coalesce(json_agg(l.practitioner_id), '[]') FROM app.service_practitioner l
            WHERE l.clinic_id = ${q.clinicId}::uuid AND l.service_id = s.id)
        ) ORDER BY s.position, s.name, s.id), '[]')
        FROM app.service s
        WHERE s.clinic_id = ${q.clinicId}::uuid AND s.active
          AND (${q.serviceId}::uuid IS NULL OR s.id = ${q.serviceId}::uuid)) AS "services",
      (SELECT coalesce(json_agg(json_build_object(
          'id', p.id, 'name', p.name, 'position', p.position, 'address', a.address,
          'weekly', (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
              ORDER BY h.weekday, h.from_minute), '[]')
            FROM app.opening_hours h WHERE h.clinic_id = ${q.clinicId}::uuid AND h.resource_id = p.id),
          'overrides', (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
            FROM app.hours_override v WHERE v.clinic_id = ${q.clinicId}::uuid AND v.resource_id = p.id
              AND v.date >= (${from}::timestamptz AT TIME ZONE 'UTC')::date - 2
              AND v.date <= (${to}::timestamptz AT TIME ZONE 'UTC')::date + 2),
          'leave', (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM e.starts_at) * 1000)::bigint,
              (extract(epoch FROM e.ends_at) * 1000)::bigint)), '[]')
            FROM app.leave e WHERE e.clinic_id = ${q.clinicId}::uuid AND e.resource_id = p.id
              AND e.starts_at < ${to}::timestamptz AND e.ends_at > ${from}::timestamptz),
          'busy', (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM o.blocked_from) * 1000)::bigint,
              (extract(epoch FROM o.blocked_to) * 1000)::bigint,
              o.state = 'held' AND o.hold_expires_at <= clock_timestamp())), '[]')
            FROM app.occupancy o WHERE o.clinic_id = ${q.clinicId}::uuid AND o.resource_id = p.id
              AND o.blocked_from >= ${from}::timestamptz - ${longestBlock}::interval
              AND o.blocked_from < ${to}::timestamptz AND o.blocked_to > ${from}::timestamptz
              AND o.state IN ('held', 'booked'))
        ) ORDER BY p.position, p.name, p.id), '[]')
        FROM app.practitioner p
        JOIN app.location a ON a.clinic_id = p.clinic_id AND a.id = p.location_id
        WHERE p.clinic_id = ${q.clinicId}::uuid AND p.active AND p.approval = 'approved'
          AND (${q.practitionerId}::uuid IS NULL OR p.id = ${q.practitionerId}::uuid)
          AND (${q.serviceId}::uuid IS NULL OR EXISTS (SELECT FROM app.service_practitioner l
            WHERE l.clinic_id = ${q.clinicId}::uuid AND l.service_id = ${q.serviceId}::uuid AND l.practitioner_id = p.id))
      ) AS "practitioners"
    FROM platform.clinic c
    LEFT JOIN app.clinic_profile f ON f.clinic_id = c.id AND f.id = c.id
    WHERE c.id = ${q.clinicId}::uuid`;
  const row = rows[0];
  return row === undefined ? null : toAvailability(row);
}

function toAvailability(row: Row): Availability {
  const { now, horizon, services, practitioners, cancelUntilMinutes, ...clinic } = row;
  const offered = new Set(practitioners.map((person) => person.id));
  return {
    now,
    horizon,
    clinic: { ...clinic, cancelUntilMinutes: cancelUntilMinutes ?? 120 },
    services: services.map((service) => ({
      ...service,
      practitionerIds: service.practitionerIds.filter((id) => offered.has(id)),
    })),
    practitioners: practitioners.map(toBookable),
  };
}

function toBookable({ weekly, overrides, leave, busy, ...person }: PractitionerJson): Bookable {
  const span = ([from, to]: readonly [number, number, ...unknown[]]): Span => ({ from, to });
  return {
    ...person,
    rules: { weekly, overrides },
    leave: leave.map(span),
    busy: busy.filter(([, , lapsed]) => !lapsed).map(span),
    lapsed: busy.filter(([, , lapsed]) => lapsed).map(span),
  };
}
