import type { Span } from "@pulsecal/core";
import type { Leave, Reads } from "../../scheduling/index.ts";

/** A booking that lies under leave and has not been settled. */
export type UnderLeave = { leave: Leave; bookingId: string };

/** It only keeps an import from filling a screen. */
const mostRows = 2000;

/**
 * Bookings ahead that lie under leave ahead and that nobody has moved, cancelled or kept: a visit, not its buffers. Of
 * one leave, or of all.
 */
export async function bookingsUnderLeave(db: Reads, clinicId: string, leaveId: string | null): Promise<UnderLeave[]> {
  const rows = await db.$queryRaw<(Leave & { bookingId: string })[]>`
    SELECT e.id, e.resource_id AS "practitionerId", e.starts_at AS "startsAt", e.ends_at AS "endsAt", e.kind, e.label, b.id AS "bookingId"
    FROM app.leave e
    JOIN app.occupancy o ON o.clinic_id = e.clinic_id AND o.resource_id = e.resource_id
      -- nothing blocks more than a day (occupancy_length), so the lower bound loses none
      AND o.blocked_from >= e.starts_at - interval '1 day' AND o.blocked_from < e.ends_at
      AND o.starts_at < e.ends_at AND o.ends_at > e.starts_at
    CROSS JOIN LATERAL (
      SELECT o.booking_id AS id WHERE o.booking_id IS NOT NULL
      UNION ALL
      SELECT t.booking_id FROM app.seat t WHERE t.clinic_id = e.clinic_id AND t.session_id = o.session_id
    ) x
    JOIN app.booking b ON b.clinic_id = e.clinic_id AND b.id = x.id
      AND b.state IN ('awaiting_payment', 'requested', 'confirmed') AND b.ends_at > clock_timestamp()
    WHERE e.clinic_id = ${clinicId}::uuid AND e.ends_at > clock_timestamp() AND (${leaveId}::uuid IS NULL OR e.id = ${leaveId}::uuid)
      AND NOT EXISTS (SELECT FROM app.leave_kept k
        WHERE k.clinic_id = e.clinic_id AND k.leave_id = e.id AND k.booking_id = b.id)
    ORDER BY e.starts_at, e.id, b.starts_at, b.id LIMIT ${mostRows}::int`;
  return rows.map(({ bookingId, ...leave }) => ({ leave, bookingId }));
}

/** The bookings of a practitioner that leave over a span would lie on, by their start. */
export async function bookingsMeeting(
  db: Reads,
  clinicId: string,
  practitionerId: string,
  span: Span,
): Promise<string[]> {
  const [from, to] = [new Date(span.from).toISOString(), new Date(span.to).toISOString()];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT b.id
    FROM app.occupancy o
    CROSS JOIN LATERAL (
      SELECT o.booking_id AS id WHERE o.booking_id IS NOT NULL
      UNION ALL
      SELECT t.booking_id FROM app.seat t WHERE t.clinic_id = ${clinicId}::uuid AND t.session_id = o.session_id
    ) x
    JOIN app.booking b ON b.clinic_id = ${clinicId}::uuid AND b.id = x.id
      AND b.state IN ('awaiting_payment', 'requested', 'confirmed') AND b.ends_at > clock_timestamp()
    WHERE o.clinic_id = ${clinicId}::uuid AND o.resource_id = ${practitionerId}::uuid
      AND o.blocked_from >= ${from}::timestamptz - interval '1 day' AND o.blocked_from < ${to}::timestamptz
      AND o.starts_at < ${to}::timestamptz AND o.ends_at > ${from}::timestamptz
    ORDER BY b.starts_at, b.id LIMIT ${mostRows}::int`;
  return rows.map((row) => row.id);
}
