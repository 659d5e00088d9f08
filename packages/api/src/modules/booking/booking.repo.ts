import { empty, newId, sql, type TenantDb, type TenantTx } from "@pulsecal/db";
import type { BookingState } from "@pulsecal/core";
import { noteEvents, type Trail, trailAlways, trailFields, trailRecord, trailWhenMoved } from "./trail.repo.ts";

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
  /** the database's clock at the read */
  now: Date;
};

/** A booking by its id or by the hash of its link token; null when the clinic has no such booking. */
export async function findBooking(
  db: Reads,
  clinicId: string,
  by: { id: string } | { tokenHash: string },
): Promise<BookingRow | null> {
  const id = "id" in by ? by.id : null;
  const tokenHash = "tokenHash" in by ? by.tokenHash : null;
  const rows = await db.$queryRaw<BookingRow[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "startsAt", b.ends_at AS "endsAt", b.hold_expires_at AS "holdExpiresAt",
      b.created_at AS "createdAt", b.booked_by AS "bookedBy", b.sequence, b.service_id AS "serviceId",
      s.name AS "serviceName", s.minutes,
      s.price_cents AS "priceCents", b.practitioner_id AS "practitionerId", p.name AS "practitionerName", l.address,
      b.patient_id AS "patientId", t.name AS "patientName", c.name AS "clinicName", c.slug, c.zone, c.status AS "clinicStatus", f.phone,
      coalesce(f.cancel_until_minutes, 120) AS "cancelUntilMinutes",
      o.blocked_from AS "blockedFrom", o.blocked_to AS "blockedTo", clock_timestamp() AS "now"
    FROM app.booking b
    JOIN app.service s ON s.clinic_id = b.clinic_id AND s.id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    JOIN app.location l ON l.clinic_id = p.clinic_id AND l.id = p.location_id
    JOIN platform.clinic c ON c.id = b.clinic_id
    LEFT JOIN app.clinic_profile f ON f.clinic_id = b.clinic_id AND f.id = b.clinic_id
    LEFT JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    LEFT JOIN app.occupancy o ON o.clinic_id = b.clinic_id AND o.booking_id = b.id AND o.resource_id = b.practitioner_id
    WHERE b.clinic_id = ${clinicId}::uuid
      AND (b.id = ${id}::uuid OR b.token_hash = ${tokenHash}::text)`;
  return rows[0] ?? null;
}

/** Locks the resource a link's booking stands on, as resource-lock.ts does; nothing happens for an unknown link. */
export async function lockBookingOfLink(tx: TenantTx, clinicId: string, tokenHash: string): Promise<void> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(b.clinic_id::text || ':' || b.practitioner_id::text, 0))::text AS locked
    FROM app.booking b WHERE b.clinic_id = ${clinicId}::uuid AND b.token_hash = ${tokenHash}::text`;
}

/** The same lock for a booking by its id. */
export async function lockBookingById(tx: TenantTx, clinicId: string, id: string): Promise<void> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(b.clinic_id::text || ':' || b.practitioner_id::text, 0))::text AS locked
    FROM app.booking b WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${id}::uuid`;
}

export type NewPatient = { id: string; name: string; email: string | null; phone: string | null };

export type NewBooking = {
  id: string;
  ref: string;
  tokenHash: string;
  patient: NewPatient | null;
  serviceId: string;
  practitionerId: string;
  state: "held" | "confirmed";
  startsAt: string;
  endsAt: string;
  blockedFrom: string;
  blockedTo: string;
  holdExpiresAt: string | null;
  reason: string | null;
  bookedBy: "patient" | "staff";
  createdAt: string;
};

const patientRecord = sql`patients jsonb`;
const patientPart = (gate: typeof empty) => sql`patient AS (
      INSERT INTO app.patient (clinic_id, id, name, email, phone)
      SELECT i.clinic, r.id, r.name, r.email, r.phone
      FROM i, jsonb_to_recordset(i.patients) AS r(id uuid, name text, email text, phone text) ${gate}
    )`;
const patientAlways = patientPart(empty);
const patientWhenMoved = patientPart(sql`WHERE EXISTS (SELECT FROM moved)`);
const patientsOf = (patient: NewPatient | null) => (patient === null ? [] : [patient]);

/** Patient, booking, occupancy, events, audit and the stored answer: one statement, so one round trip. */
export async function insertBooking(tx: TenantTx, clinicId: string, b: NewBooking, trail: Trail): Promise<void> {
  const input = JSON.stringify({
    ...b,
    patients: patientsOf(b.patient),
    patientId: b.patient?.id ?? null,
    occupancyId: newId(),
    occupancy: b.state === "held" ? "held" : "booked",
    ...trailFields(clinicId, trail),
  });
  const rows = await tx.$queryRaw<{ xid: string }[]>`
    WITH i AS (SELECT r.* FROM jsonb_to_record(${input}::jsonb) AS r(clinic uuid, id uuid, ref text, "tokenHash" text, "patientId" uuid,
      "serviceId" uuid, "practitionerId" uuid, state text, "startsAt" timestamptz, "endsAt" timestamptz, "blockedFrom" timestamptz,
      "blockedTo" timestamptz, "holdExpiresAt" timestamptz, reason text, "bookedBy" text, "createdAt" timestamptz,
      "occupancyId" uuid, occupancy text, ${patientRecord}, ${trailRecord})
    ), ${patientAlways}, booking AS (
      INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at,
        hold_expires_at, reason, booked_by, created_at)
      SELECT clinic, id, ref, "tokenHash", "patientId", "serviceId", "practitionerId", state, "startsAt", "endsAt",
        "holdExpiresAt", reason, "bookedBy", "createdAt" FROM i
    ), occupancy AS (
      INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state, hold_expires_at)
      SELECT clinic, "occupancyId", "practitionerId", id, "startsAt", "endsAt", "blockedFrom", "blockedTo", occupancy, "holdExpiresAt" FROM i
    ), ${trailAlways} SELECT pg_current_xact_id()::text AS "xid"`;
  noteEvents(tx, trail, rows[0]?.xid);
}

export type BookingChange = {
  id: string;
  /** the state the booking was read in; nothing is written when it has moved on */
  from: BookingState;
  state: BookingState;
  /** what the occupancy becomes; null leaves the time */
  occupancy: "held" | "booked" | null;
  holdExpiresAt: string | null;
  /** an extended hold is the same visit; every other change counts for calendars */
  countsAsChange: boolean;
  patient: NewPatient | null;
  reason: string | null;
  cancelledBy: "patient" | "staff" | null;
  cancelReason: string | null;
};

/** Moves a booking, its occupancy and its trail in one statement; false when its state was no longer the one read. */
export async function updateBooking(tx: TenantTx, clinicId: string, c: BookingChange, trail: Trail): Promise<boolean> {
  const input = JSON.stringify({
    ...c,
    patients: patientsOf(c.patient),
    patientId: c.patient?.id ?? null,
    occupancy: c.occupancy ?? "released",
    ...trailFields(clinicId, trail),
  });
  const rows = await tx.$queryRaw<{ moved: boolean; xid: string }[]>`
    WITH i AS (SELECT r.* FROM jsonb_to_record(${input}::jsonb) AS r(clinic uuid, id uuid, "from" text, state text, "patientId" uuid,
      "holdExpiresAt" timestamptz, "countsAsChange" boolean, reason text, "cancelledBy" text, "cancelReason" text, occupancy text,
      ${patientRecord}, ${trailRecord})
    ), moved AS (
      UPDATE app.booking b SET state = i.state, hold_expires_at = i."holdExpiresAt", patient_id = coalesce(i."patientId", b.patient_id),
        reason = coalesce(i.reason, b.reason), cancelled_by = i."cancelledBy", cancel_reason = i."cancelReason",
        sequence = b.sequence + i."countsAsChange"::int, updated_at = clock_timestamp()
      FROM i WHERE b.clinic_id = i.clinic AND b.id = i.id AND b.state = i."from"
      RETURNING b.clinic_id, b.id
    ), ${patientWhenMoved}, occupied AS (
      UPDATE app.occupancy o SET state = i.occupancy, hold_expires_at = i."holdExpiresAt"
      FROM i, moved WHERE o.clinic_id = moved.clinic_id AND o.booking_id = moved.id
    ), ${trailWhenMoved} SELECT EXISTS (SELECT FROM moved) AS moved, pg_current_xact_id()::text AS "xid"`;
  const moved = rows[0]?.moved === true;
  if (moved) noteEvents(tx, trail, rows[0]?.xid);
  return moved;
}
