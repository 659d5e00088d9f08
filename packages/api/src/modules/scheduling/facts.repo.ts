import type { DayWindow, Rules } from "@pulsecal/core";
import type { Availability, Bookable, OfferedService, Reads } from "./availability.repo.ts";

/**
 * What a booking with one person is decided on, all of one snapshot: everything but what is booked already, which is
 * looked at under the lock. `version` is the clinic's count of changes to any of it.
 */
export type Facts = {
  version: string;
  /** the database's clock, epoch milliseconds */
  now: number;
  clinic: Omit<Availability["clinic"], "about">;
  /** null: the clinic has no such service, or not any more */
  service: OfferedService | null;
  /** null: nobody of that id gives the service */
  person: Bookable | null;
};

/** Days beyond the service's horizon whose exceptions are read too, so that facts serve for a day or two. */
export const daysInHand = 2;

type Row = Facts["clinic"] &
  Omit<OfferedService, "id" | "name" | "practitionerIds"> & {
    version: string;
    now: number;
    serviceId: string | null;
    serviceName: string;
    personId: string | null;
    personName: string;
    position: number;
    address: string | null;
    weekly: Rules["weekly"];
    overrides: { date: string; windows: DayWindow[] }[];
    leave: [number, number][];
  };

/** The facts for one service and one person in one round trip; null when the clinic is not there. */
export async function loadFacts(
  db: Reads,
  q: { clinicId: string; serviceId: string; practitionerId: string },
): Promise<Facts | null> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.rules_version::text AS "version", floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "now",
      c.name, c.slug, c.zone, c.status, f.phone, coalesce(f.cancel_until_minutes, 120) AS "cancelUntilMinutes",
      s.id AS "serviceId", s.name AS "serviceName", s.minutes, s.buffer_before AS "bufferBefore", s.buffer_after AS "bufferAfter",
      s.interval_minutes AS "intervalMinutes", s.notice_minutes AS "noticeMinutes", s.horizon_days AS "horizonDays",
      s.price_cents::float8 AS "priceCents",
      p.id AS "personId", p.name AS "personName", p.position, a.address,
      (SELECT coalesce(json_agg(json_build_object('weekday', h.weekday, 'from', h.from_minute, 'to', h.to_minute)
          ORDER BY h.weekday, h.from_minute), '[]')
        FROM app.opening_hours h WHERE h.clinic_id = q.clinic AND h.resource_id = p.id) AS "weekly",
      (SELECT coalesce(json_agg(json_build_object('date', v.date, 'windows', v.windows) ORDER BY v.date), '[]')
        FROM app.hours_override v WHERE v.clinic_id = q.clinic AND v.resource_id = p.id
          AND v.date >= current_date - 2 AND v.date <= current_date + s.horizon_days + ${daysInHand + 1}::int) AS "overrides",
      (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM e.starts_at) * 1000)::bigint,
          (extract(epoch FROM e.ends_at) * 1000)::bigint)), '[]')
        FROM app.leave e WHERE e.clinic_id = q.clinic AND e.resource_id = p.id AND e.ends_at > now()
          AND e.starts_at < now() + make_interval(days => s.horizon_days + ${daysInHand + 1}::int)) AS "leave"
    FROM (SELECT ${q.clinicId}::uuid AS clinic, ${q.serviceId}::uuid AS service, ${q.practitionerId}::uuid AS person) q
    JOIN platform.clinic c ON c.id = q.clinic
    LEFT JOIN app.clinic_profile f ON f.clinic_id = q.clinic AND f.id = q.clinic
    LEFT JOIN app.service s ON s.clinic_id = q.clinic AND s.id = q.service AND s.active
    -- Joined inside, not one outer join behind the other: PostgreSQL 18.4 loses the condition between two outer joins
    -- that both compare with a constant of q, and finds a person who does not give the service.
    LEFT JOIN (app.service_practitioner l
      JOIN app.practitioner p ON p.clinic_id = l.clinic_id AND p.id = l.practitioner_id AND p.active AND p.approval = 'approved'
      JOIN app.location a ON a.clinic_id = p.clinic_id AND a.id = p.location_id
    ) ON l.clinic_id = q.clinic AND l.service_id = q.service AND l.practitioner_id = q.person`;
  return rows[0] ? toFacts(rows[0]) : null;
}

function toFacts(row: Row): Facts {
  const { version, now, name, slug, zone, status, phone, cancelUntilMinutes } = row;
  const { minutes, bufferBefore, bufferAfter, intervalMinutes, noticeMinutes, horizonDays, priceCents } = row;
  return {
    version,
    now,
    clinic: { name, slug, zone, status, phone, cancelUntilMinutes },
    service:
      row.serviceId === null
        ? null
        : {
            id: row.serviceId,
            name: row.serviceName,
            minutes,
            bufferBefore,
            bufferAfter,
            intervalMinutes,
            noticeMinutes,
            horizonDays,
            priceCents,
            practitionerIds: row.personId === null ? [] : [row.personId],
          },
    person:
      row.personId === null
        ? null
        : {
            id: row.personId,
            name: row.personName,
            position: row.position,
            address: row.address,
            rules: { weekly: row.weekly, overrides: row.overrides },
            leave: row.leave.map(([from, to]) => ({ from, to })),
            busy: [],
          },
  };
}
