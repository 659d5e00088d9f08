import type { TenantDb } from "@pulsecal/db";
import type { StaffBooking } from "./booking.schema.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** No clinic sees this many people in a day; it only keeps a broken import from filling a screen. */
const mostPerDay = 2000;

/** A booking as staff lists show it; null when the clinic has no such booking. */
export async function loadStaffBooking(db: Reads, clinicId: string, bookingId: string): Promise<StaffBooking | null> {
  const rows = await db.$queryRaw<StaffBooking[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "start", b.ends_at AS "end", t.name AS "patientName", s.name AS "serviceName",
      b.practitioner_id AS "practitionerId", p.name AS "practitionerName", b.booked_by AS "bookedBy", b.created_at AS "createdAt"
    FROM app.booking b
    JOIN app.service s ON s.clinic_id = b.clinic_id AND s.id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    LEFT JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${bookingId}::uuid`;
  return rows[0] ?? null;
}

/** The bookings that start in a span, in order of the clock; holds that ran out are left out. */
export async function staffBookingsBetween(
  db: Reads,
  clinicId: string,
  span: { from: number; to: number },
): Promise<StaffBooking[]> {
  return db.$queryRaw<StaffBooking[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "start", b.ends_at AS "end", t.name AS "patientName", s.name AS "serviceName",
      b.practitioner_id AS "practitionerId", p.name AS "practitionerName", b.booked_by AS "bookedBy", b.created_at AS "createdAt"
    FROM app.booking b
    JOIN app.service s ON s.clinic_id = b.clinic_id AND s.id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    LEFT JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid
      AND b.starts_at >= ${new Date(span.from).toISOString()}::timestamptz AND b.starts_at < ${new Date(span.to).toISOString()}::timestamptz
      AND b.state <> 'expired' AND (b.state <> 'held' OR b.hold_expires_at > clock_timestamp())
    ORDER BY b.starts_at, p.position, p.id, b.created_at
    LIMIT ${mostPerDay}::int`;
}

/** What stands between a clinic and its first public booking. */
export async function clinicReadiness(
  db: Reads,
  clinicId: string,
): Promise<{
  status: string;
  waitingPractitioners: number;
  withoutHours: { id: string; name: string }[];
  bookableServices: number;
}> {
  const rows = await db.$queryRaw<
    {
      status: string;
      waitingPractitioners: number;
      withoutHours: { id: string; name: string }[];
      bookableServices: number;
    }[]
  >`
    SELECT c.status,
      (SELECT count(*)::int FROM app.practitioner p WHERE p.clinic_id = ${clinicId}::uuid AND p.active AND p.approval = 'waiting') AS "waitingPractitioners",
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.position), '[]') FROM app.practitioner p
        WHERE p.clinic_id = ${clinicId}::uuid AND p.active
          AND NOT EXISTS (SELECT FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = p.id)) AS "withoutHours",
      (SELECT count(*)::int FROM app.service s WHERE s.clinic_id = ${clinicId}::uuid AND s.active
          AND EXISTS (SELECT FROM app.service_practitioner l WHERE l.clinic_id = ${clinicId}::uuid AND l.service_id = s.id)) AS "bookableServices"
    FROM platform.clinic c WHERE c.id = ${clinicId}::uuid`;
  return rows[0] ?? { status: "closed", waitingPractitioners: 0, withoutHours: [], bookableServices: 0 };
}
