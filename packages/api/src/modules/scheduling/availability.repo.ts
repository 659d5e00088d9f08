import type { DayWindow, Rules, ServiceRule, Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";
import type { StoredAnswer } from "./stored-answers.ts";

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
};

export type Availability = {
  /** the clinic's count of changes to what its times are made of */
  version: string;
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
  /** what is stored under the asked key */
  stored: StoredAnswer<unknown> | null;
};

export type AvailabilityQuery = {
  clinicId: string;
  /** null: every active service */
  serviceId: string | null;
  /** null: every approved and active practitioner who offers the service */
  practitionerId: string | null;
  window: Span;
  /** an idempotency key to look up on the way */
  key?: string;
};

type PractitionerJson = Omit<Bookable, "rules" | "leave" | "busy"> & {
  weekly: Rules["weekly"];
  overrides: { date: string; windows: DayWindow[] }[];
  leave: [number, number][];
  busy: [number, number][];
};

type Row = {
  version: string;
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
  stored: StoredAnswer<unknown> | null;
};

/**
 * Everything the engine needs for a window, of one snapshot, in one round trip; null when the clinic is not there.
 * Occupancy and leave are read by timestamptz columns, which stay index conditions under row-level security.
 */
export async function loadAvailability(db: Reads, q: AvailabilityQuery): Promise<Availability | null> {
  const from = new Date(q.window.from).toISOString();
  const to = new Date(q.window.to).toISOString();
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.rules_version::text AS "version", floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "now",
      pg_snapshot_xmin(pg_current_snapshot())::text AS "horizon",
      c.name, c.slug, c.zone, c.status, f.phone, f.about, f.cancel_until_minutes AS "cancelUntilMinutes",
      (SELECT json_build_object('inputHash', i.input_hash, 'answer', i.answer)
        FROM app.idempotency i WHERE i.clinic_id = q.clinic AND i.key = q.key) AS "stored",
      (SELECT coalesce(json_agg(json_build_object(
          'id', s.id, 'name', s.name, 'minutes', s.minutes, 'bufferBefore', s.buffer_before,
          'bufferAfter', s.buffer_after, 'intervalMinutes', s.interval_minutes, 'noticeMinutes', s.notice_minutes,
          'horizonDays', s.horizon_days, 'priceCents', s.price_cents,
          'practitionerIds', (SELECT coalesce(json_agg(l.practitioner_id), '[]') FROM app.service_practitioner l
            WHERE l.clinic_id = q.clinic AND l.service_id = s.id)
        ) ORDER BY s.position, s.name, s.id), '[]')
        FROM app.service s
        WHERE s.clinic_id = q.clinic AND s.active AND (q.service IS NULL OR s.id = q.service)) AS "services",
      (SELECT coalesce(json_agg(json_build_object(
          'id', p.id, 'name', p.name, 'position', p.position, 'address', a.address,
          'weekly', (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
              ORDER BY h.weekday, h.from_minute), '[]')
            FROM app.opening_hours h WHERE h.clinic_id = q.clinic AND h.resource_id = p.id),
          'overrides', (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
            FROM app.hours_override v WHERE v.clinic_id = q.clinic AND v.resource_id = p.id
              AND v.date >= (q."from" AT TIME ZONE 'UTC')::date - 2 AND v.date <= (q."to" AT TIME ZONE 'UTC')::date + 2),
          'leave', (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM e.starts_at) * 1000)::bigint,
              (extract(epoch FROM e.ends_at) * 1000)::bigint)), '[]')
            FROM app.leave e WHERE e.clinic_id = q.clinic AND e.resource_id = p.id
              AND e.starts_at < q."to" AND e.ends_at > q."from"),
          'busy', (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM o.blocked_from) * 1000)::bigint,
              (extract(epoch FROM o.blocked_to) * 1000)::bigint)), '[]')
            FROM app.occupancy o WHERE o.clinic_id = q.clinic AND o.resource_id = p.id
              -- a service with its buffers stays under a day (services.save), so the lower bound loses none
              AND o.blocked_from >= q."from" - interval '1 day' AND o.blocked_from < q."to" AND o.blocked_to > q."from"
              -- a hold that has run out is in nobody's way: whoever takes the time sweeps it
              AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp())))
        ) ORDER BY p.position, p.name, p.id), '[]')
        FROM app.practitioner p
        JOIN app.location a ON a.clinic_id = p.clinic_id AND a.id = p.location_id
        WHERE p.clinic_id = q.clinic AND p.active AND p.approval = 'approved' AND (q.person IS NULL OR p.id = q.person)
          AND (q.service IS NULL OR EXISTS (SELECT FROM app.service_practitioner l
            WHERE l.clinic_id = q.clinic AND l.service_id = q.service AND l.practitioner_id = p.id))
      ) AS "practitioners"
    FROM (SELECT ${q.clinicId}::uuid AS clinic, ${q.serviceId}::uuid AS service, ${q.practitionerId}::uuid AS person,
      ${from}::timestamptz AS "from", ${to}::timestamptz AS "to", ${q.key ?? null}::text AS key) q
    JOIN platform.clinic c ON c.id = q.clinic
    LEFT JOIN app.clinic_profile f ON f.clinic_id = q.clinic AND f.id = q.clinic`;
  const row = rows[0];
  return row === undefined ? null : toAvailability(row);
}

function toAvailability(row: Row): Availability {
  const { version, now, horizon, services, practitioners, stored, cancelUntilMinutes, ...clinic } = row;
  const offered = new Set(practitioners.map((person) => person.id));
  return {
    version,
    now,
    horizon,
    clinic: { ...clinic, cancelUntilMinutes: cancelUntilMinutes ?? 120 },
    services: services.map((service) => ({
      ...service,
      practitionerIds: service.practitionerIds.filter((id) => offered.has(id)),
    })),
    practitioners: practitioners.map(toBookable),
    stored,
  };
}

function toBookable({ weekly, overrides, leave, busy, ...person }: PractitionerJson): Bookable {
  const span = ([from, to]: readonly [number, number]): Span => ({ from, to });
  return {
    ...person,
    rules: { weekly, overrides },
    leave: leave.map(span),
    busy: busy.map(span),
  };
}
