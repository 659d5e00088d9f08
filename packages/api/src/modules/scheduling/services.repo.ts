import { newId, type TenantDb, type TenantTx } from "@pulsecal/db";
import type { Service } from "./scheduling.schema.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** The clinic's services in their order, or only one. */
export async function findServices(db: Reads, clinicId: string, id: string | null = null): Promise<Service[]> {
  return db.$queryRaw<Service[]>`
    SELECT s.id, s.name, s.minutes, s.buffer_before AS "bufferBefore", s.buffer_after AS "bufferAfter",
      s.interval_minutes AS "intervalMinutes", s.notice_minutes AS "noticeMinutes", s.horizon_days AS "horizonDays",
      s.price_cents::float8 AS "priceCents", s.active,
      (SELECT coalesce(json_agg(l.practitioner_id ORDER BY p.position, p.id), '[]')
        FROM app.service_practitioner l JOIN app.practitioner p ON p.clinic_id = l.clinic_id AND p.id = l.practitioner_id
        WHERE l.clinic_id = ${clinicId}::uuid AND l.service_id = s.id) AS "practitionerIds"
    FROM app.service s
    WHERE s.clinic_id = ${clinicId}::uuid AND (${id}::uuid IS NULL OR s.id = ${id}::uuid)
    ORDER BY s.active DESC, s.position, s.name, s.id`;
}

/** Writes a service over the one with its id, or as a new last one. */
export async function putService(tx: TenantTx, clinicId: string, s: Service): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.service (clinic_id, id, name, minutes, buffer_before, buffer_after, interval_minutes, notice_minutes, horizon_days,
      price_cents, active, position)
    VALUES (${clinicId}::uuid, ${s.id}::uuid, ${s.name}::text, ${s.minutes}::int, ${s.bufferBefore}::int, ${s.bufferAfter}::int,
      ${s.intervalMinutes}::int, ${s.noticeMinutes}::int, ${s.horizonDays}::int, ${s.priceCents}::bigint, ${s.active}::boolean,
      (SELECT coalesce(max(o.position), 0) + 1 FROM app.service o WHERE o.clinic_id = ${clinicId}::uuid))
    ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, minutes = excluded.minutes, buffer_before = excluded.buffer_before,
      buffer_after = excluded.buffer_after, interval_minutes = excluded.interval_minutes, notice_minutes = excluded.notice_minutes,
      horizon_days = excluded.horizon_days, price_cents = excluded.price_cents, active = excluded.active`;
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
