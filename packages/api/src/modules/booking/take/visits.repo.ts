import { newId, type TenantTx } from "@pulsecal/db";
import type { BookingAudit, BookingEvent } from "../booking.live.ts";
import { eventRows, iso } from "../booking.repo.ts";
import { blockedBy, type Visit } from "./visit.ts";

/** A visit with what was made and sealed for it. */
export type VisitToWrite = {
  visit: Visit;
  ref: string;
  tokenHash: string;
  patientId?: string | null | undefined;
  reason?: Uint8Array | null | undefined;
  squeezeReason?: Uint8Array | null | undefined;
};

export type AuditRow = BookingAudit & { bookingId: string };

/** Inserts visits and everything that stands beside them in one statement; says which transaction it was. */
export async function insertVisits(
  tx: TenantTx,
  clinicId: string,
  visits: readonly VisitToWrite[],
  { events, audits }: { events: readonly BookingEvent[]; audits: readonly AuditRow[] },
): Promise<bigint> {
  const [end] = await tx.$queryRaw<{ xid: string }[]>`
    WITH booking AS (
      INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at,
        hold_expires_at, reason_sealed, booked_by, created_at, set_id, set_kind, holder_hash, squeeze_reason_sealed, squeezed_by)
      SELECT ${clinicId}::uuid, b.id, b.ref, b."tokenHash", b.patient, b.service, b.practitioner, b.state, b."startsAt", b."endsAt",
        b.expires, decode(b.reason, 'hex'), b."bookedBy", clock_timestamp(), b."setId", b."setKind", decode(b.holder, 'hex'),
        decode(b."squeezeReason", 'hex'), b."squeezedBy"
      FROM jsonb_to_recordset(${bookingRows(visits)}::jsonb) AS b(id uuid, ref text, "tokenHash" text, patient uuid, service uuid,
        practitioner uuid, state text, "startsAt" timestamptz, "endsAt" timestamptz, expires timestamptz, reason text, "bookedBy" text,
        "setId" uuid, "setKind" text, holder text, "squeezeReason" text, "squeezedBy" uuid)
    ), occupancy AS (
      -- Where neighbours share buffers, the blocked span leaves them out and they are kept beside it.
      INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state,
        hold_expires_at, squeeze_in, buffer_before, buffer_after)
      SELECT ${clinicId}::uuid, o.id, o.resource, o.booking, o."startsAt", o."endsAt",
        CASE WHEN h.shared THEN o."startsAt" ELSE o."blockedFrom" END, CASE WHEN h.shared THEN o."endsAt" ELSE o."blockedTo" END,
        o.state, o.expires, o.squeezed,
        CASE WHEN h.shared THEN o.before ELSE 0 END, CASE WHEN h.shared THEN o.after ELSE 0 END
      FROM jsonb_to_recordset(${occupancyRows(visits)}::jsonb) AS o(id uuid, resource uuid, booking uuid, "startsAt" timestamptz,
        "endsAt" timestamptz, "blockedFrom" timestamptz, "blockedTo" timestamptz, state text, expires timestamptz, squeezed boolean,
        before int, after int),
        (SELECT coalesce((SELECT f.share_buffers FROM app.clinic_profile f
          WHERE f.clinic_id = ${clinicId}::uuid AND f.id = ${clinicId}::uuid), false) AS shared) h
    ), seat AS (
      INSERT INTO app.seat (clinic_id, id, session_id, seat_no, booking_id)
      SELECT ${clinicId}::uuid, s.id, s.session, s."seatNo", s.booking
      FROM jsonb_to_recordset(${seatRows(visits)}::jsonb) AS s(id uuid, session uuid, "seatNo" int, booking uuid)
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
  return BigInt(end.xid);
}

export function auditRows(audits: readonly AuditRow[]): string {
  return JSON.stringify(audits.map((audit) => ({ id: newId(), ...audit })));
}

function bookingRows(visits: readonly VisitToWrite[]): string {
  return JSON.stringify(
    visits.map(({ visit, ref, tokenHash, patientId, reason, squeezeReason }) => ({
      id: visit.bookingId,
      ref,
      tokenHash,
      patient: patientId ?? null,
      service: visit.serviceId,
      practitioner: visit.practitionerId,
      state: visit.state,
      startsAt: instant(visit.start),
      endsAt: instant(visit.start + visit.minutes * minuteMs),
      expires: iso(expiryOf(visit)),
      reason: hex(reason),
      bookedBy: visit.bookedBy,
      setId: visit.setId,
      setKind: visit.setKind,
      holder: hex(visit.holder),
      squeezeReason: hex(squeezeReason),
      squeezedBy: visit.squeeze?.by,
    })),
  );
}

function occupancyRows(visits: readonly VisitToWrite[]): string {
  return JSON.stringify(
    visits.flatMap(({ visit }) =>
      (visit.seat ? [] : visit.resources).map((resource) => {
        const blocked = blockedBy(visit.start, resource);
        return {
          id: newId(),
          resource: resource.id,
          booking: visit.bookingId,
          startsAt: instant(visit.start),
          endsAt: instant(visit.start + resource.minutes * minuteMs),
          blockedFrom: instant(blocked.from),
          blockedTo: instant(blocked.to),
          // a request keeps its time as a hold does, until it is answered or its time has come
          state: visit.state === "confirmed" ? "booked" : "held",
          expires: iso(expiryOf(visit)),
          squeezed: visit.squeeze !== undefined && resource.over === true,
          before: resource.bufferBefore,
          after: resource.bufferAfter,
        };
      }),
    ),
  );
}

function seatRows(visits: readonly VisitToWrite[]): string {
  return JSON.stringify(
    visits.flatMap(({ visit }) =>
      visit.seat
        ? { id: newId(), session: visit.seat.sessionId, seatNo: visit.seat.seatNo, booking: visit.bookingId }
        : [],
    ),
  );
}

const minuteMs = 60_000;

function expiryOf(visit: Visit): Date | null {
  return visit.holdExpiresAt === null ? null : new Date(visit.holdExpiresAt);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function hex(bytes: Uint8Array | null | undefined): string | null {
  return bytes ? Buffer.from(bytes).toString("hex") : null;
}
