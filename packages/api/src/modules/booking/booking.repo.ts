import type { BookingState } from "@pulsecal/core";
import { newId, type TenantDb, type WriteOnce } from "@pulsecal/db";
import type { SealedContact, StoredPatientKey } from "../records/index.ts";
import type { StoredAnswer } from "../scheduling/index.ts";
import type { BookingAudit, BookingEvent } from "./booking.live.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** A booking with the names its screens show, as stored. */
export type BookingRow = {
  id: string;
  ref: string;
  state: BookingState;
  startsAt: Date;
  endsAt: Date;
  holdExpiresAt: Date | null;
  createdAt: Date;
  bookedBy: string;
  sequence: number;
  serviceId: string;
  serviceName: string;
  minutes: number;
  priceCents: bigint;
  practitionerId: string;
  practitionerName: string;
  address: string | null;
  patientId: string | null;
  patientName: string | null;
  clinicName: string;
  slug: string;
  zone: string;
  clinicStatus: string;
  phone: string | null;
  cancelUntilMinutes: number;
  blockedFrom: Date | null;
  blockedTo: Date | null;
  /** the clinic's count of changes to its rules */
  version: string;
  /** the database's clock at the read */
  now: Date;
};

/** A booking as it was read, its patient's key, and what is stored under the key that was asked for on the way. */
export type FoundBooking = {
  row: BookingRow;
  patientKey: StoredPatientKey | null;
  stored: StoredAnswer<unknown> | null;
};

/** A booking by its id or by the hash of its link token; null when the clinic has no such booking. */
export async function findBooking(
  db: Reads,
  clinicId: string,
  by: { id: string } | { tokenHash: string },
  key: string | null = null,
): Promise<FoundBooking | null> {
  const id = "id" in by ? by.id : null;
  const tokenHash = "tokenHash" in by ? by.tokenHash : null;
  const rows = await db.$queryRaw<(BookingRow & Extra)[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "startsAt", b.ends_at AS "endsAt", b.hold_expires_at AS "holdExpiresAt",
      b.created_at AS "createdAt", b.booked_by AS "bookedBy", b.sequence, b.service_id AS "serviceId",
      s.name AS "serviceName", s.minutes,
      s.price_cents AS "priceCents", b.practitioner_id AS "practitionerId", p.name AS "practitionerName", l.address,
      b.patient_id AS "patientId", t.name AS "patientName", c.name AS "clinicName", c.slug, c.zone, c.status AS "clinicStatus", f.phone,
      coalesce(f.cancel_until_minutes, 120) AS "cancelUntilMinutes",
      o.blocked_from AS "blockedFrom", o.blocked_to AS "blockedTo",
      c.rules_version::text AS "version", clock_timestamp() AS "now",
      (SELECT json_build_object('inputHash', i.input_hash, 'answer', i.answer)
        FROM app.idempotency i WHERE i.clinic_id = ${clinicId}::uuid AND i.key = ${key}::text) AS "stored",
      k.version AS "keyVersion", k.wrapped AS "keyWrapped"
    FROM app.booking b
    JOIN app.service s ON s.clinic_id = b.clinic_id AND s.id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    JOIN app.location l ON l.clinic_id = p.clinic_id AND l.id = p.location_id
    JOIN platform.clinic c ON c.id = b.clinic_id
    LEFT JOIN app.clinic_profile f ON f.clinic_id = b.clinic_id AND f.id = b.clinic_id
    LEFT JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    LEFT JOIN app.patient_key k ON k.clinic_id = b.clinic_id AND k.id = b.patient_id
    LEFT JOIN app.occupancy o ON o.clinic_id = b.clinic_id AND o.booking_id = b.id AND o.resource_id = b.practitioner_id
    WHERE b.clinic_id = ${clinicId}::uuid
      AND (b.id = ${id}::uuid OR b.token_hash = ${tokenHash}::text)`;
  if (!rows[0]) return null;
  const { stored, keyVersion, keyWrapped, ...row } = rows[0];
  const patientKey = keyVersion === null ? null : { version: keyVersion, wrapped: keyWrapped };
  return { row, stored, patientKey };
}

type Extra = { stored: FoundBooking["stored"]; keyVersion: number | null; keyWrapped: Uint8Array | null };

/** A patient who is written with the booking: what they told is sealed, under the key that comes with them. */
export type NewPatient = { id: string; name: string; key: { version: number; wrapped: Uint8Array } } & SealedContact;

/** What stands beside a change of a booking, written in the same statement. */
export type Trail = {
  events: readonly BookingEvent[];
  audit: BookingAudit;
  answer: { key: string; inputHash: string; answer: unknown } | null;
};

/** How a write ended; `stored` belongs to `answered`, `xid` to the one that wrote. */
export type WriteEnd<Status> = { status: Status; stored: StoredAnswer<unknown> | null; xid: string | null };

export type NewBooking = BookingRow & { tokenHash: string; patient: NewPatient | null; reason: Uint8Array | null };

export type TakeStatus = "taken_now" | "answered" | "stale" | "taken";

/** app.take_time of the migrations: the queue, the last look and everything that is written, as one statement. */
export async function takeTimeOnce(
  db: WriteOnce,
  clinicId: string,
  b: NewBooking,
  { events, audit, answer }: Trail,
): Promise<WriteEnd<TakeStatus>> {
  const [end] = await db.$queryRaw<WriteEnd<TakeStatus>[]>`
    SELECT status, stored, xid FROM app.take_time(${clinicId}::uuid, ${b.practitionerId}::uuid, ${b.serviceId}::uuid, ${b.id}::uuid,
      ${b.version}::bigint, ${iso(b.now)}::timestamptz,
      ${answer?.key}::text, ${answer?.inputHash}::text, ${JSON.stringify(answer?.answer)}::jsonb, ${newId()}::uuid,
      ${b.state}::text, ${iso(b.startsAt)}::timestamptz, ${iso(b.endsAt)}::timestamptz, ${iso(b.blockedFrom)}::timestamptz,
      ${iso(b.blockedTo)}::timestamptz, ${iso(b.holdExpiresAt)}::timestamptz, ${newId()}::uuid,
      ${b.patient?.id}::uuid, ${b.patient?.name}::text, ${b.patient?.key.wrapped}::bytea, ${b.patient?.key.version}::int,
      ${b.patient?.emailSealed}::bytea, ${b.patient?.emailIndex}::bytea, ${b.patient?.phoneSealed}::bytea, ${b.patient?.phoneIndex}::bytea,
      ${b.reason}::bytea,
      ${b.ref}::text, ${b.tokenHash}::text, ${b.bookedBy}::text,
      ${eventRows(events)}::jsonb, ${newId()}::uuid, ${audit.action}::text, ${JSON.stringify(audit.detail)}::jsonb)`;
  return ended(end);
}

export type BookingMove = {
  state: BookingState;
  /** what the occupancy becomes; null leaves the time */
  occupancy: "held" | "booked" | null;
  holdExpiresAt: Date | null;
  /** the hold must still stand when it is moved */
  standing: boolean;
  /** an extended hold is the same visit; every other change counts for calendars */
  countsAsChange: boolean;
  patient: NewPatient | null;
  reason: Uint8Array | null;
  cancelledBy: "patient" | "staff" | null;
  cancelReason: Uint8Array | null;
};

export type MoveStatus = "moved" | "answered" | "changed" | "missing";

/** app.move_booking of the migrations: moves a booking from how it was read, or says that it is not so any more. */
export async function moveBookingOnce(
  db: WriteOnce,
  clinicId: string,
  from: BookingRow,
  to: BookingMove,
  { events, audit, answer }: Trail,
): Promise<WriteEnd<MoveStatus>> {
  const [end] = await db.$queryRaw<WriteEnd<MoveStatus>[]>`
    SELECT status, stored, xid FROM app.move_booking(${clinicId}::uuid, ${from.id}::uuid,
      ${from.version}::bigint, ${from.state}::text, ${from.sequence}::int, ${iso(from.holdExpiresAt)}::timestamptz, ${to.standing}::boolean,
      ${answer?.key}::text, ${answer?.inputHash}::text, ${answer && JSON.stringify(answer.answer)}::jsonb, ${newId()}::uuid,
      ${to.state}::text, ${to.occupancy ?? "released"}::text, ${iso(to.holdExpiresAt)}::timestamptz, ${to.countsAsChange}::boolean,
      ${to.patient?.id}::uuid, ${to.patient?.name}::text, ${to.patient?.key.wrapped}::bytea, ${to.patient?.key.version}::int,
      ${to.patient?.emailSealed}::bytea, ${to.patient?.emailIndex}::bytea, ${to.patient?.phoneSealed}::bytea, ${to.patient?.phoneIndex}::bytea,
      ${to.reason}::bytea, ${to.cancelledBy}::text, ${to.cancelReason}::bytea,
      ${eventRows(events)}::jsonb, ${newId()}::uuid, ${audit.action}::text, ${JSON.stringify(audit.detail)}::jsonb)`;
  return ended(end);
}

function ended<Status>(end: WriteEnd<Status> | undefined): WriteEnd<Status> {
  if (!end) throw new Error("a function gave no answer");
  return end;
}

function eventRows(events: readonly BookingEvent[]): string {
  return JSON.stringify(events.map((event) => ({ id: newId(), live: true, ...event })));
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
