import { newId, type TenantDb, type TenantTx } from "@pulsecal/db";
import type { Service } from "./service.schema.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** A service as it is kept. */
export type StoredService = Omit<Service, "version">;

/** The clinic's services in their order, or only one. */
export async function findServices(db: Reads, clinicId: string, id: string | null = null): Promise<StoredService[]> {
  return db.$queryRaw<StoredService[]>`
    SELECT s.id, s.name, s.minutes, s.buffer_before AS "bufferBefore", s.buffer_after AS "bufferAfter",
      s.interval_minutes AS "intervalMinutes", s.notice_minutes AS "noticeMinutes", s.horizon_days AS "horizonDays",
      s.price_cents::float8 AS "priceCents", s.active,
      (SELECT coalesce(json_agg(l.practitioner_id ORDER BY p.position, p.id), '[]')
        FROM app.service_practitioner l JOIN app.practitioner p ON p.clinic_id = l.clinic_id AND p.id = l.practitioner_id
        WHERE l.clinic_id = ${clinicId}::uuid AND l.service_id = s.id) AS "practitionerIds",
      s.other_minutes AS "otherMinutes", s.alignment, s.alignment_offset AS "alignmentOffset", s.horizon_kind AS "horizonKind",
      s.horizon_from::text AS "horizonFrom", s.horizon_until::text AS "horizonUntil", s.seats, s.day_count AS "dayCount",
      s.day_minutes AS "dayMinutes", s.week_count AS "weekCount", s.week_minutes AS "weekMinutes", s.needs_approval AS "needsApproval",
      (SELECT coalesce(json_agg(json_build_object('id', d.id, 'count', d.count, 'minutes', d.minutes,
          'bufferBefore', d.buffer_before, 'bufferAfter', d.buffer_after,
          'of', (SELECT coalesce(json_agg(r.id ORDER BY r.name, r.id), '[]')
            FROM app.service_need_resource n JOIN app.resource r ON r.clinic_id = n.clinic_id AND r.id = n.resource_id
            WHERE n.clinic_id = ${clinicId}::uuid AND n.need_id = d.id)) ORDER BY d.position, d.id), '[]')
        FROM app.service_need d WHERE d.clinic_id = ${clinicId}::uuid AND d.service_id = s.id) AS "needs"
    FROM app.service s
    WHERE s.clinic_id = ${clinicId}::uuid AND (${id}::uuid IS NULL OR s.id = ${id}::uuid)
    ORDER BY s.active DESC, s.position, s.name, s.id`;
}

/** A service's own row: what stands in other tables is written by the functions below. */
export type ServiceRow = Omit<StoredService, "practitionerIds" | "needs">;

/** Writes a service over the one with its id, or as a new last one. */
export async function putService(tx: TenantTx, clinicId: string, s: ServiceRow): Promise<void> {
  const row = {
    other_minutes: s.otherMinutes,
    alignment: s.alignment,
    alignment_offset: s.alignmentOffset,
    horizon_kind: s.horizonKind,
    horizon_from: s.horizonFrom,
    horizon_until: s.horizonUntil,
    seats: s.seats,
    day_count: s.dayCount,
    day_minutes: s.dayMinutes,
    week_count: s.weekCount,
    week_minutes: s.weekMinutes,
    needs_approval: s.needsApproval,
    name: s.name,
    minutes: s.minutes,
    buffer_before: s.bufferBefore,
    buffer_after: s.bufferAfter,
    interval_minutes: s.intervalMinutes,
    notice_minutes: s.noticeMinutes,
    horizon_days: s.horizonDays,
    price_cents: s.priceCents,
    active: s.active,
  };
  await tx.$executeRaw`
    INSERT INTO app.service (clinic_id, id, name, minutes, buffer_before, buffer_after, interval_minutes, notice_minutes, horizon_days,
      price_cents, active, other_minutes, alignment, alignment_offset, horizon_kind, horizon_from, horizon_until, seats, day_count,
      day_minutes, week_count, week_minutes, needs_approval, position)
    SELECT ${clinicId}::uuid, ${s.id}::uuid, r.name, r.minutes, r.buffer_before, r.buffer_after, r.interval_minutes, r.notice_minutes,
      r.horizon_days, r.price_cents, r.active, r.other_minutes, r.alignment, r.alignment_offset, r.horizon_kind, r.horizon_from,
      r.horizon_until, r.seats, r.day_count, r.day_minutes, r.week_count, r.week_minutes, r.needs_approval,
      (SELECT coalesce(max(o.position), 0) + 1 FROM app.service o WHERE o.clinic_id = ${clinicId}::uuid)
    FROM jsonb_to_record(${JSON.stringify(row)}::jsonb) AS r(name text, minutes int, buffer_before int, buffer_after int,
      interval_minutes int, notice_minutes int, horizon_days int, price_cents bigint, active boolean, other_minutes int[],
      alignment text, alignment_offset int, horizon_kind text, horizon_from date, horizon_until date, seats int, day_count int,
      day_minutes int, week_count int, week_minutes int, needs_approval boolean)
    ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, minutes = excluded.minutes, buffer_before = excluded.buffer_before,
      buffer_after = excluded.buffer_after, interval_minutes = excluded.interval_minutes, notice_minutes = excluded.notice_minutes,
      horizon_days = excluded.horizon_days, price_cents = excluded.price_cents, active = excluded.active,
      other_minutes = excluded.other_minutes, alignment = excluded.alignment, alignment_offset = excluded.alignment_offset,
      horizon_kind = excluded.horizon_kind, horizon_from = excluded.horizon_from, horizon_until = excluded.horizon_until,
      seats = excluded.seats, day_count = excluded.day_count, day_minutes = excluded.day_minutes, week_count = excluded.week_count,
      week_minutes = excluded.week_minutes, needs_approval = excluded.needs_approval`;
}

/** What a service takes besides its practitioner, in the place of what it took before. */
export async function putNeedsOf(
  tx: TenantTx,
  clinicId: string,
  serviceId: string,
  needs: readonly Omit<Service["needs"][number], "id">[],
): Promise<void> {
  const rows = JSON.stringify(
    needs.map(({ of, ...need }, position) => ({
      ...need,
      id: newId(),
      position,
      of: of.map((resourceId) => ({ id: newId(), resourceId })),
    })),
  );
  await tx.$executeRaw`
    DELETE FROM app.service_need WHERE clinic_id = ${clinicId}::uuid AND service_id = ${serviceId}::uuid`;
  if (needs.length === 0) return;
  // One statement: its foreign keys are looked at when both have been written.
  await tx.$executeRaw`
    WITH n AS (
      SELECT r.* FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, position int, count int, minutes int, "bufferBefore" int,
        "bufferAfter" int, "of" jsonb)
    ), need AS (
      INSERT INTO app.service_need (clinic_id, id, service_id, position, count, minutes, buffer_before, buffer_after)
      SELECT ${clinicId}::uuid, n.id, ${serviceId}::uuid, n.position, n.count, n.minutes, n."bufferBefore", n."bufferAfter" FROM n
    )
    INSERT INTO app.service_need_resource (clinic_id, id, need_id, resource_id)
    SELECT ${clinicId}::uuid, o.id, n.id, o."resourceId"
    FROM n, jsonb_to_recordset(n."of") AS o(id uuid, "resourceId" uuid)`;
}

/** Who gives a service, from now on. */
export async function putPractitionersOf(
  tx: TenantTx,
  clinicId: string,
  serviceId: string,
  practitionerIds: readonly string[],
): Promise<void> {
  const links = JSON.stringify(practitionerIds.map((practitionerId) => ({ id: newId(), practitionerId })));
  await tx.$executeRaw`
    DELETE FROM app.service_practitioner WHERE clinic_id = ${clinicId}::uuid AND service_id = ${serviceId}::uuid
      AND NOT practitioner_id = ANY(${[...practitionerIds]}::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO app.service_practitioner (clinic_id, id, service_id, practitioner_id)
    SELECT ${clinicId}::uuid, r.id, ${serviceId}::uuid, r."practitionerId"
    FROM jsonb_to_recordset(${links}::jsonb) AS r(id uuid, "practitionerId" uuid)
    ON CONFLICT (clinic_id, service_id, practitioner_id) DO NOTHING`;
}

export type StaffPractitioner = {
  id: string;
  name: string;
  registrationNumber: string | null;
  approval: string;
  active: boolean;
};

/** The clinic's practitioners in their order. */
export async function findPractitioners(db: Reads, clinicId: string): Promise<StaffPractitioner[]> {
  return db.$queryRaw<StaffPractitioner[]>`
    SELECT p.id, p.name, p.registration_number AS "registrationNumber", p.approval, p.active
    FROM app.practitioner p WHERE p.clinic_id = ${clinicId}::uuid ORDER BY p.position, p.name, p.id`;
}

/** Which of these are the clinic's own resources, still booked or not. */
export async function knownResources(db: Reads, clinicId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM app.resource r WHERE r.clinic_id = ${clinicId}::uuid AND r.id = ANY(${[...ids]}::uuid[])`;
  return new Set(rows.map((row) => row.id));
}
