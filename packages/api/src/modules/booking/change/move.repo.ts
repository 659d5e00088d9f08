import type { BookingState } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import type { BookingAudit, BookingEvent } from "../booking.live.ts";
import { type BookingRow, eventRows, iso } from "../booking.repo.ts";
import { blockedBy, type VisitResource } from "../take/visit.ts";
import { auditRows } from "../take/visits.repo.ts";

/** Where a booking goes, decided whole. */
export type BookingTarget = {
  practitionerId: string;
  /** epoch milliseconds */
  start: number;
  minutes: number;
  /** what it will occupy; nothing where it takes a seat */
  resources: readonly VisitResource[];
  seat: { sessionId: string; seatNo: number } | null;
  /** as it was, or a request again */
  state: BookingState;
  holdExpiresAt: Date | null;
  /** where it stood before the clinic moved it; null when its holder moved it */
  movedFrom: Date | null;
};

type Held = { id: string; resourceId: string };

/** The places a booking occupies itself. */
export function occupanciesOf(tx: TenantTx, clinicId: string, bookingId: string): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    SELECT id, resource_id AS "resourceId" FROM app.occupancy
    WHERE clinic_id = ${clinicId}::uuid AND booking_id = ${bookingId}::uuid ORDER BY id`;
}

/**
 * Which row of its occupancy goes where: a resource that stays keeps its row, the other rows are handed to the new
 * resources, and what is left over goes. So no row ever moves onto a resource that another row of the booking still holds.
 */
export function handOver<R extends { id: string }>(
  held: readonly Held[],
  resources: readonly R[],
): { kept: { id: string; resource: R }[]; added: R[]; dropped: string[] } {
  const rowOf = new Map(held.map((row) => [row.resourceId, row.id]));
  const staying = resources.filter((resource) => rowOf.has(resource.id));
  const arriving = resources.filter((resource) => !rowOf.has(resource.id));
  const spare = held.filter((row) => !staying.some(({ id }) => id === row.resourceId)).map(({ id }) => id);
  const stayed = staying.map((resource) => ({ id: rowOf.get(resource.id) ?? "", resource }));
  const handed = arriving.slice(0, spare.length).flatMap((resource, index) => {
    const id = spare[index];
    return id === undefined ? [] : { id, resource };
  });
  return {
    kept: [...stayed, ...handed],
    added: arriving.slice(spare.length),
    dropped: spare.slice(arriving.length),
  };
}

/**
 * Moves a booking, all it occupies, its events and audit row in one statement; false when it is not as it was read.
 * The caller has queued for what it holds and for what it will hold.
 */
export async function writeMove(
  tx: TenantTx,
  clinicId: string,
  from: BookingRow,
  to: BookingTarget,
  { events, audit }: { events: readonly BookingEvent[]; audit: BookingAudit },
): Promise<bigint | null> {
  const { kept, added, dropped } = handOver(await occupanciesOf(tx, clinicId, from.id), to.resources);
  const rows = [...kept, ...added.map((resource) => ({ id: newId(), resource }))].map(({ id, resource }) => ({
    id,
    ...spansOf(to.start, resource),
  }));
  const state = to.state === "held" || to.state === "requested" ? "held" : "booked";
  const [end] = await tx.$queryRaw<{ xid: string | null }[]>`
    WITH moved AS (
      UPDATE app.booking b SET state = ${to.state}::text, practitioner_id = ${to.practitionerId}::uuid, starts_at = ${iso(new Date(to.start))}::timestamptz,
        ends_at = ${iso(new Date(to.start + to.minutes * 60_000))}::timestamptz, hold_expires_at = ${iso(to.holdExpiresAt)}::timestamptz,
        moved_from = ${iso(to.movedFrom)}::timestamptz, sequence = b.sequence + 1, updated_at = clock_timestamp(),
        -- where it stands now, nothing was set aside for it
        squeeze_reason_sealed = NULL, squeezed_by = NULL
      WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${from.id}::uuid AND b.state = ${from.state}::text
        AND b.sequence = ${from.sequence}::int
      RETURNING b.id
    ), place AS (
      SELECT r.id, r.resource, r."startsAt", r."endsAt",
        CASE WHEN h.shared THEN r."startsAt" ELSE r."blockedFrom" END AS "blockedFrom",
        CASE WHEN h.shared THEN r."endsAt" ELSE r."blockedTo" END AS "blockedTo",
        CASE WHEN h.shared THEN r.before ELSE 0 END AS before, CASE WHEN h.shared THEN r.after ELSE 0 END AS after
      FROM moved, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, resource uuid, "startsAt" timestamptz,
        "endsAt" timestamptz, "blockedFrom" timestamptz, "blockedTo" timestamptz, before int, after int),
        (SELECT coalesce((SELECT f.share_buffers FROM app.clinic_profile f
          WHERE f.clinic_id = ${clinicId}::uuid AND f.id = ${clinicId}::uuid), false) AS shared) h
    ), dropped AS (
      DELETE FROM app.occupancy o USING moved WHERE o.clinic_id = ${clinicId}::uuid AND o.id = ANY (${dropped}::uuid[])
    ), kept AS (
      UPDATE app.occupancy o SET resource_id = p.resource, starts_at = p."startsAt", ends_at = p."endsAt",
        blocked_from = p."blockedFrom", blocked_to = p."blockedTo", buffer_before = p.before, buffer_after = p.after,
        state = ${state}::text, hold_expires_at = ${iso(to.holdExpiresAt)}::timestamptz, squeeze_in = false
      FROM place p WHERE o.clinic_id = ${clinicId}::uuid AND o.id = p.id
    ), added AS (
      INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state,
        hold_expires_at, buffer_before, buffer_after)
      SELECT ${clinicId}::uuid, p.id, p.resource, ${from.id}::uuid, p."startsAt", p."endsAt", p."blockedFrom", p."blockedTo",
        ${state}::text, ${iso(to.holdExpiresAt)}::timestamptz, p.before, p.after
      FROM place p WHERE p.id <> ALL (${kept.map(({ id }) => id)}::uuid[])
    ), seat AS (
      INSERT INTO app.seat (clinic_id, id, session_id, seat_no, booking_id)
      SELECT ${clinicId}::uuid, ${newId()}::uuid, ${to.seat?.sessionId ?? null}::uuid, ${to.seat?.seatNo ?? null}::int, moved.id
      FROM moved WHERE ${to.seat !== null}::boolean
    ), event AS (
      INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
      SELECT ${clinicId}::uuid, e.id, e.type, e.payload, e.live, coalesce(e."notBefore", now())
      FROM moved, jsonb_to_recordset(${eventRows(events)}::jsonb) AS e(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz)
    ), audit AS (
      INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
      SELECT ${clinicId}::uuid, a.id, current_setting('app.actor'), a.action, 'booking', moved.id, a.detail,
        nullif(current_setting('app.request_id', true), '')
      FROM moved, jsonb_to_recordset(${auditRows([{ ...audit, bookingId: from.id }])}::jsonb) AS a(id uuid, action text, detail jsonb)
    )
    SELECT (SELECT pg_current_xact_id()::text FROM moved) AS "xid"`;
  return end?.xid ? BigInt(end.xid) : null;
}

/** Gives a booking's seat back, in the caller's transaction. */
export async function leaveSeat(tx: TenantTx, clinicId: string, bookingId: string): Promise<void> {
  await tx.$queryRaw`SELECT app.leave_seats(${clinicId}::uuid, ${[bookingId]}::uuid[])::text AS "left"`;
}

function spansOf(start: number, resource: VisitResource) {
  const blocked = blockedBy(start, resource);
  return {
    resource: resource.id,
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + resource.minutes * 60_000).toISOString(),
    blockedFrom: new Date(blocked.from).toISOString(),
    blockedTo: new Date(blocked.to).toISOString(),
    before: resource.bufferBefore,
    after: resource.bufferAfter,
  };
}
