import type { BookingState } from "@pulsecal/core";
import type { TenantDb, TenantTx } from "@pulsecal/db";
import { noteWritten } from "../../../infra/outbox.ts";
import type { BookingEvent } from "../booking.live.ts";
import { eventRows, iso } from "../booking.repo.ts";
import { type AuditRow, auditRows } from "../take/visits.repo.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** The bookings of a set in order of the clock; none when the clinic has no such set. */
export async function bookingsOfSet(db: Reads, clinicId: string, setId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM app.booking WHERE clinic_id = ${clinicId}::uuid AND set_id = ${setId}::uuid ORDER BY starts_at, id`;
  return rows.map(({ id }) => id);
}

/** The mark of the browser that holds a booking. */
export async function holderOf(db: Reads, clinicId: string, bookingId: string): Promise<Uint8Array | null> {
  const [row] = await db.$queryRaw<{ holder: Uint8Array | null }[]>`
    SELECT holder_hash AS "holder" FROM app.booking WHERE clinic_id = ${clinicId}::uuid AND id = ${bookingId}::uuid`;
  return row?.holder ?? null;
}

/** One booking of a set, as it will stand. */
export type SetChange = {
  bookingId: string;
  state: BookingState;
  occupancy: "held" | "booked" | "released";
  holdExpiresAt: Date | null;
  /** an extended or confirmed hold is the same visit; every other change counts for calendars */
  countsAsChange: boolean;
  /** written before; null leaves it as it is, as with the reason */
  patientId: string | null;
  reason: Uint8Array | null;
  cancelledBy: "patient" | "staff" | null;
};

/**
 * Changes bookings of a set that was decided on, in the caller's transaction, which has queued for all they occupy: the
 * bookings, their time, their seats, events and audit rows.
 */
export async function changeSet(
  tx: TenantTx,
  clinicId: string,
  changes: readonly SetChange[],
  { events, audits }: { events: readonly BookingEvent[]; audits: readonly AuditRow[] },
): Promise<void> {
  const [end] = await tx.$queryRaw<{ xid: string }[]>`
    WITH change AS (
      SELECT * FROM jsonb_to_recordset(${changeRows(changes)}::jsonb) AS c(id uuid, state text, occupancy text, expires timestamptz,
        counts boolean, patient uuid, reason text, "cancelledBy" text)
    ), booking AS (
      UPDATE app.booking b SET state = c.state, hold_expires_at = c.expires, patient_id = coalesce(c.patient, b.patient_id),
        reason_sealed = coalesce(decode(c.reason, 'hex'), b.reason_sealed), cancelled_by = c."cancelledBy",
        sequence = b.sequence + c.counts::int, updated_at = clock_timestamp()
      FROM change c WHERE b.clinic_id = ${clinicId}::uuid AND b.id = c.id
    ), occupancy AS (
      UPDATE app.occupancy o SET state = c.occupancy, hold_expires_at = c.expires
      FROM change c WHERE o.clinic_id = ${clinicId}::uuid AND o.booking_id = c.id
    ), event AS (
      INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
      SELECT ${clinicId}::uuid, e.id, e.type, e.payload, e.live, coalesce(e."notBefore", now())
      FROM jsonb_to_recordset(${eventRows(events)}::jsonb) AS e(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz)
    ), audit AS (
      INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
      SELECT ${clinicId}::uuid, a.id, current_setting('app.actor'), a.action, 'booking', a."bookingId", a.detail,
        nullif(current_setting('app.request_id', true), '')
      FROM jsonb_to_recordset(${auditRows(audits)}::jsonb) AS a(id uuid, action text, "bookingId" uuid, detail jsonb)
    )
    SELECT pg_current_xact_id()::text AS "xid"`;
  if (!end) throw new Error("a statement gave no answer");
  noteWritten(tx, BigInt(end.xid));
  const gone = changes.filter(({ occupancy }) => occupancy === "released").map(({ bookingId }) => bookingId);
  if (gone.length > 0) await tx.$queryRaw`SELECT app.leave_seats(${clinicId}::uuid, ${gone}::uuid[])::text AS "left"`;
}

function changeRows(changes: readonly SetChange[]): string {
  return JSON.stringify(
    changes.map((change) => ({
      id: change.bookingId,
      state: change.state,
      occupancy: change.occupancy,
      expires: iso(change.holdExpiresAt),
      counts: change.countsAsChange,
      patient: change.patientId,
      reason: hex(change.reason),
      cancelledBy: change.cancelledBy,
    })),
  );
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString("hex");
}
