import { sql, type TenantDb } from "@pulsecal/db";
import type { StaffBooking } from "../booking.schema.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** No clinic sees this many people in a day or week; it only keeps a broken import from filling a screen. */
const mostRows = 2000;
/** As many as anybody answers in one sitting; the next come up when these are answered. */
export const mostRequests = 50;

type Row = Omit<StaffBooking, "resourceIds" | "seat"> & {
  otherIds: string[];
  seatNo: number | null;
  seatOf: number | null;
};

/** A booking as staff lists show it; null when the clinic has no such booking. */
export async function loadStaffBooking(db: Reads, clinicId: string, bookingId: string): Promise<StaffBooking | null> {
  const [booking] = await select(db, clinicId, sql`b.id = ${bookingId}::uuid`);
  return booking ?? null;
}

/** Some bookings, in the order of the ids; one the clinic does not have is left out. */
export async function loadStaffBookings(db: Reads, clinicId: string, ids: readonly string[]): Promise<StaffBooking[]> {
  const found = await select(db, clinicId, sql`b.id = ANY (${[...ids]}::uuid[])`);
  const byId = new Map(found.map((booking) => [booking.id, booking]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The bookings that start in a span, of one practitioner or of all, by the clock; holds that ran out are left out. */
export function staffBookingsBetween(
  db: Reads,
  clinicId: string,
  span: { from: number; to: number },
  practitionerId: string | null = null,
): Promise<StaffBooking[]> {
  return select(db, clinicId, startsIn(span, practitionerId));
}

/** No visit is longer: the services' lengths end there. */
const longestMs = 12 * 3_600_000;

/** The same of the bookings that take up any of a span: those too that began before it, as at night. */
export function staffBookingsMeeting(
  db: Reads,
  clinicId: string,
  span: { from: number; to: number },
  practitionerId: string | null = null,
): Promise<StaffBooking[]> {
  const starts = startsIn({ ...span, from: span.from - longestMs }, practitionerId);
  return select(db, clinicId, sql`${starts} AND b.ends_at > ${new Date(span.from).toISOString()}::timestamptz`);
}

function startsIn(span: { from: number; to: number }, practitionerId: string | null) {
  const from = new Date(span.from).toISOString();
  const to = new Date(span.to).toISOString();
  const whose = practitionerId === null ? sql`true` : sql`b.practitioner_id = ${practitionerId}::uuid`;
  return sql`b.starts_at >= ${from}::timestamptz AND b.starts_at < ${to}::timestamptz AND ${whose}
      AND b.state <> 'expired' AND (b.state <> 'held' OR b.hold_expires_at > clock_timestamp())`;
}

/** Bookings ahead that wait for the clinic's yes or no, by their start; one that ran out waits no longer. */
export function openRequests(db: Reads, clinicId: string): Promise<StaffBooking[]> {
  return select(db, clinicId, isOpenRequest, mostRequests);
}

const isOpenRequest = sql`b.state = 'requested' AND b.starts_at > statement_timestamp()
  AND (b.hold_expires_at IS NULL OR b.hold_expires_at > clock_timestamp())`;

async function select(
  db: Reads,
  clinicId: string,
  which: ReturnType<typeof sql>,
  most = mostRows,
): Promise<StaffBooking[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "start", b.ends_at AS "end", b.patient_id AS "patientId", t.name AS "patientName",
      b.service_id AS "serviceId", s.name AS "serviceName", b.practitioner_id AS "practitionerId", p.name AS "practitionerName",
      b.booked_by AS "bookedBy", b.created_at AS "createdAt", b.sequence, b.hold_expires_at AS "holdExpiresAt",
      b.squeezed_by IS NOT NULL AS "squeezedIn", b.set_id AS "setId", b.set_kind AS "setKind", b.moved_from AS "movedFrom",
      z.seat_no AS "seatNo", g.capacity AS "seatOf",
      ARRAY(SELECT x.resource_id FROM app.occupancy x WHERE x.clinic_id = ${clinicId}::uuid
        AND (x.booking_id = b.id OR x.session_id = z.session_id) AND x.resource_id <> b.practitioner_id) AS "otherIds",
      ARRAY(SELECT r.name FROM app.occupancy x JOIN app.resource r ON r.clinic_id = x.clinic_id AND r.id = x.resource_id
        WHERE x.clinic_id = ${clinicId}::uuid AND (x.booking_id = b.id OR x.session_id = z.session_id) AND r.kind <> 'practitioner'
        ORDER BY r.name) AS "rooms"
    FROM app.booking b
    JOIN app.service s ON s.clinic_id = b.clinic_id AND s.id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    LEFT JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    LEFT JOIN (app.seat z JOIN app.group_session g ON g.clinic_id = z.clinic_id AND g.id = z.session_id)
      ON z.clinic_id = b.clinic_id AND z.booking_id = b.id
    WHERE b.clinic_id = ${clinicId}::uuid AND ${which}
    ORDER BY b.starts_at, p.position, p.id, b.created_at
    LIMIT ${most}::int`;
  return rows.map(({ otherIds, seatNo, seatOf, ...booking }) => ({
    ...booking,
    resourceIds: [booking.practitionerId, ...otherIds],
    seat: seatNo === null || seatOf === null ? null : { no: seatNo, of: seatOf },
  }));
}

/** Whether the clinic has a practitioner of that id. */
export async function hasPractitioner(db: Reads, clinicId: string, practitionerId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM app.practitioner WHERE clinic_id = ${clinicId}::uuid AND id = ${practitionerId}::uuid`;
  return rows.length > 0;
}

/** What stands between a clinic and its first public booking, and how many requests wait for an answer. */
export type Readiness = {
  status: string;
  waitingPractitioners: number;
  withoutHours: { id: string; name: string }[];
  bookableServices: number;
  requests: number;
};

export async function clinicReadiness(db: Reads, clinicId: string): Promise<Readiness> {
  const rows = await db.$queryRaw<Readiness[]>`
    SELECT c.status,
      (SELECT count(*)::int FROM app.booking b WHERE b.clinic_id = ${clinicId}::uuid AND ${isOpenRequest}) AS requests,
      (SELECT count(*)::int FROM app.practitioner p WHERE p.clinic_id = ${clinicId}::uuid AND p.active AND p.approval = 'waiting') AS "waitingPractitioners",
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.position), '[]') FROM app.practitioner p
        WHERE p.clinic_id = ${clinicId}::uuid AND p.active
          AND NOT EXISTS (SELECT FROM app.opening_hours h WHERE h.clinic_id = ${clinicId}::uuid AND h.resource_id = p.id)) AS "withoutHours",
      (SELECT count(*)::int FROM app.service s WHERE s.clinic_id = ${clinicId}::uuid AND s.active
          AND EXISTS (SELECT FROM app.service_practitioner l WHERE l.clinic_id = ${clinicId}::uuid AND l.service_id = s.id)) AS "bookableServices"
    FROM platform.clinic c
    WHERE c.id = ${clinicId}::uuid`;
  const nothing = { waitingPractitioners: 0, withoutHours: [], bookableServices: 0, requests: 0 };
  return rows[0] ?? { status: "closed", ...nothing };
}
