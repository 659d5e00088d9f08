import type { BookingState } from "@pulsecal/core";
import { newId, type TenantDb, type TenantTx, type WriteOnce } from "@pulsecal/db";
import { noteWritten } from "../../infra/outbox.ts";
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
  /** the practitioner and whatever else it occupies, itself or through its session */
  resourceIds: string[];
  needsApproval: boolean;
  /** the service asks questions at booking */
  asks: boolean;
  /** whether patients can still book the service, and whether its practitioner still gives it */
  offered: boolean;
  given: boolean;
  /** where it stood before the clinic moved it */
  movedFrom: Date | null;
  squeezedIn: boolean;
  setId: string | null;
  setKind: "family" | "series" | null;
  /** the other bookings of its set, by their start */
  setOthers: { id: string; name: string | null; start: string; ref: string }[] | null;
  /** its place in a group session, and how many it has */
  seatNo: number | null;
  seatOf: number | null;
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
  const [found] = await select(db, clinicId, "id" in by ? { ids: [by.id] } : { ids: [], ...by }, key);
  return found ?? null;
}

/** Bookings by their ids, in the order of the ids; one the clinic does not have is left out. */
export async function findBookings(db: Reads, clinicId: string, ids: readonly string[]): Promise<BookingRow[]> {
  const found = await select(db, clinicId, { ids }, null);
  const byId = new Map(found.map(({ row }) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function select(
  db: Reads,
  clinicId: string,
  { ids, tokenHash = null }: { ids: readonly string[]; tokenHash?: string | null },
  key: string | null,
): Promise<FoundBooking[]> {
  const rows = await db.$queryRaw<(BookingRow & Extra)[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "startsAt", b.ends_at AS "endsAt", b.hold_expires_at AS "holdExpiresAt",
      b.created_at AS "createdAt", b.booked_by AS "bookedBy", b.sequence, b.service_id AS "serviceId",
      s.name AS "serviceName", s.minutes, s.needs_approval AS "needsApproval", s.active AS "offered",
      p.active AND EXISTS (SELECT FROM app.service_practitioner y WHERE y.clinic_id = ${clinicId}::uuid AND y.service_id = b.service_id
        AND y.practitioner_id = b.practitioner_id) AS "given",
      EXISTS (SELECT FROM app.intake_question q WHERE q.clinic_id = ${clinicId}::uuid AND q.service_id = b.service_id AND q.active) AS "asks",
      s.price_cents AS "priceCents", b.practitioner_id AS "practitionerId", p.name AS "practitionerName", l.address,
      b.patient_id AS "patientId", t.name AS "patientName", c.name AS "clinicName", c.slug, c.zone, c.status AS "clinicStatus", f.phone,
      coalesce(f.cancel_until_minutes, 120) AS "cancelUntilMinutes", b.moved_from AS "movedFrom",
      b.squeezed_by IS NOT NULL AS "squeezedIn", b.set_id AS "setId", b.set_kind AS "setKind",
      CASE WHEN b.set_id IS NOT NULL THEN (
        SELECT json_agg(json_build_object('id', m.id, 'name', n.name, 'start', app.iso_instant(m.starts_at), 'ref', m.ref)
          ORDER BY m.starts_at, m.id)
        FROM app.booking m LEFT JOIN app.patient n ON n.clinic_id = m.clinic_id AND n.id = m.patient_id
        WHERE m.clinic_id = ${clinicId}::uuid AND m.set_id = b.set_id AND m.id <> b.id AND m.state <> 'expired') END AS "setOthers",
      z.seat_no AS "seatNo", g.capacity AS "seatOf",
      ARRAY(SELECT x.resource_id FROM app.occupancy x WHERE x.clinic_id = ${clinicId}::uuid
        AND (x.booking_id = b.id OR x.session_id = z.session_id) AND x.resource_id <> b.practitioner_id) AS "otherIds",
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
    LEFT JOIN (app.seat z JOIN app.group_session g ON g.clinic_id = z.clinic_id AND g.id = z.session_id)
      ON z.clinic_id = b.clinic_id AND z.booking_id = b.id
    WHERE b.clinic_id = ${clinicId}::uuid
      AND (b.id = ANY (${[...ids]}::uuid[]) OR b.token_hash = ${tokenHash}::text)`;
  return rows.map(({ stored, keyVersion, keyWrapped, otherIds, ...row }) => ({
    row: { ...row, resourceIds: [row.practitionerId, ...otherIds] },
    stored,
    patientKey: keyVersion === null ? null : { version: keyVersion, wrapped: keyWrapped },
  }));
}

type Extra = {
  stored: FoundBooking["stored"];
  keyVersion: number | null;
  keyWrapped: Uint8Array | null;
  otherIds: string[];
};

/** A patient who is written with the booking: what they told is sealed, under the key that comes with them. */
export type NewPatient = { id: string; name: string; key: { version: number; wrapped: Uint8Array } } & SealedContact;

/** What stands beside a change of a booking, written in the same statement. */
export type Trail = {
  events: readonly BookingEvent[];
  audit: BookingAudit;
  answer: { key: string; inputHash: string; answer: unknown } | null;
};

/** How a write ended; `stored` belongs to `answered`, `xid` to the one that wrote. */
export type WriteEnd<Status> = {
  status: Status;
  stored: StoredAnswer<unknown> | null;
  xid: string | null;
  /** the patient who was written with it has another booking at that time */
  clash: boolean | null;
};

/** What app.take_time is told of a booking. */
export type NewBooking = Pick<
  BookingRow,
  | "id"
  | "ref"
  | "state"
  | "startsAt"
  | "endsAt"
  | "blockedFrom"
  | "blockedTo"
  | "holdExpiresAt"
  | "bookedBy"
  | "serviceId"
  | "practitionerId"
  | "version"
  | "now"
> & {
  tokenHash: string;
  patient: NewPatient | null;
  reason: Uint8Array | null;
  /** the browser's mark it is held under; what was held under it before goes in its place */
  holder: Uint8Array | null;
};

export type TakeStatus = "taken_now" | "answered" | "stale" | "taken";

/** app.take_time of the migrations: the queue, the last look and everything that is written, as one statement. */
export async function takeTimeOnce(
  db: WriteOnce,
  clinicId: string,
  b: NewBooking,
  { events, audit, answer }: Trail,
): Promise<WriteEnd<TakeStatus>> {
  const [end] = await db.$queryRaw<WriteEnd<TakeStatus>[]>`
    SELECT status, stored, xid, clash FROM app.take_time(${clinicId}::uuid, ${b.practitionerId}::uuid, ${b.serviceId}::uuid, ${b.id}::uuid,
      ${b.version}::bigint, ${iso(b.now)}::timestamptz,
      ${answer?.key}::text, ${answer?.inputHash}::text, ${JSON.stringify(answer?.answer)}::jsonb, ${newId()}::uuid,
      ${b.state}::text, ${iso(b.startsAt)}::timestamptz, ${iso(b.endsAt)}::timestamptz, ${iso(b.blockedFrom)}::timestamptz,
      ${iso(b.blockedTo)}::timestamptz, ${iso(b.holdExpiresAt)}::timestamptz, ${newId()}::uuid,
      ${b.patient?.id}::uuid, ${b.patient?.name}::text, ${b.patient?.key.wrapped}::bytea, ${b.patient?.key.version}::int,
      ${b.patient?.emailSealed}::bytea, ${b.patient?.emailIndex}::bytea, ${b.patient?.phoneSealed}::bytea, ${b.patient?.phoneIndex}::bytea,
      ${b.reason}::bytea,
      ${b.ref}::text, ${b.tokenHash}::text, ${b.bookedBy}::text,
      ${eventRows(events)}::jsonb, ${newId()}::uuid, ${audit.action}::text, ${JSON.stringify(audit.detail)}::jsonb, ${b.holder}::bytea)`;
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
  /** a patient who is there already; not with `patient` */
  patientId?: string;
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
    SELECT status, stored, xid, clash FROM app.move_booking(${clinicId}::uuid, ${from.id}::uuid,
      ${from.version}::bigint, ${from.state}::text, ${from.sequence}::int, ${iso(from.holdExpiresAt)}::timestamptz, ${to.standing}::boolean,
      ${answer?.key}::text, ${answer?.inputHash}::text, ${answer && JSON.stringify(answer.answer)}::jsonb, ${newId()}::uuid,
      ${to.state}::text, ${to.occupancy ?? "released"}::text, ${iso(to.holdExpiresAt)}::timestamptz, ${to.countsAsChange}::boolean,
      ${to.patient?.id ?? to.patientId}::uuid, ${to.patient?.name}::text, ${to.patient?.key.wrapped}::bytea, ${to.patient?.key.version}::int,
      ${to.patient?.emailSealed}::bytea, ${to.patient?.emailIndex}::bytea, ${to.patient?.phoneSealed}::bytea, ${to.patient?.phoneIndex}::bytea,
      ${to.reason}::bytea, ${to.cancelledBy}::text, ${to.cancelReason}::bytea,
      ${eventRows(events)}::jsonb, ${newId()}::uuid, ${audit.action}::text, ${JSON.stringify(audit.detail)}::jsonb)`;
  return ended(end);
}

/** Whether a booking's patient can be reached as somebody can who has another booking at that time. */
export async function ownClash(db: Reads, clinicId: string, bookingId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ clash: boolean }[]>`
    SELECT app.own_clash(${clinicId}::uuid, p.email_index, p.phone_index, b.starts_at, b.ends_at, b.id) AS "clash"
    FROM app.booking b JOIN app.patient p ON p.clinic_id = b.clinic_id AND p.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${bookingId}::uuid`;
  return row?.clash ?? false;
}

/** Events and an audit row beside a small change, in the caller's transaction. */
export async function writeTrail(
  tx: TenantTx,
  clinicId: string,
  bookingId: string,
  { events, audit }: Omit<Trail, "answer">,
): Promise<void> {
  const [end] = await tx.$queryRaw<{ xid: string }[]>`
    WITH event AS (
      INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
      SELECT ${clinicId}::uuid, e.id, e.type, e.payload, e.live, coalesce(e."notBefore", now())
      FROM jsonb_to_recordset(${eventRows(events)}::jsonb) AS e(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz)
    ), audit AS (
      INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
      VALUES (${clinicId}::uuid, ${newId()}::uuid, current_setting('app.actor'), ${audit.action}::text, 'booking', ${bookingId}::uuid,
        ${JSON.stringify(audit.detail)}::jsonb, nullif(current_setting('app.request_id', true), ''))
    )
    SELECT pg_current_xact_id()::text AS "xid"`;
  if (end) noteWritten(tx, BigInt(end.xid));
}

function ended<Status>(end: WriteEnd<Status> | undefined): WriteEnd<Status> {
  if (!end) throw new Error("a function gave no answer");
  return end;
}

export function eventRows(events: readonly BookingEvent[]): string {
  return JSON.stringify(events.map((event) => ({ id: newId(), live: true, ...event })));
}

export function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
