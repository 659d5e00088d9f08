import { newId, type TenantTx } from "@pulsecal/db";
import { blockedBy, type VisitResource } from "../take/visit.ts";

/** A group session is one of a service, with one practitioner, at one time. Epoch milliseconds. */
export type SessionPlace = { serviceId: string; practitionerId: string; start: number; end: number };

/**
 * Counts some more people into the session that is there, if it has room for all of them; null when it has not, or there
 * is none. The count is the proof that no session takes more than it has seats; it holds whoever does not queue.
 */
export async function joinSession(
  tx: TenantTx,
  clinicId: string,
  at: SessionPlace,
  wanted: number,
): Promise<{ id: string; capacity: number } | null> {
  const [joined] = await tx.$queryRaw<{ id: string; capacity: number }[]>`
    UPDATE app.group_session SET taken = taken + ${wanted}::int
    WHERE clinic_id = ${clinicId}::uuid AND practitioner_id = ${at.practitionerId}::uuid AND service_id = ${at.serviceId}::uuid
      AND starts_at = ${iso(at.start)}::timestamptz AND ends_at = ${iso(at.end)}::timestamptz
      AND taken > 0 AND taken + ${wanted}::int <= capacity
    RETURNING id, capacity`;
  return joined ?? null;
}

/** Whether anybody sits in a session there; one that everybody has left is history. */
export async function sessionStands(tx: TenantTx, clinicId: string, at: SessionPlace): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM app.group_session
    WHERE clinic_id = ${clinicId}::uuid AND practitioner_id = ${at.practitionerId}::uuid AND service_id = ${at.serviceId}::uuid
      AND starts_at = ${iso(at.start)}::timestamptz AND ends_at = ${iso(at.end)}::timestamptz AND taken > 0`;
  return rows.length > 0;
}

/** Begins a session: it, not its bookings, occupies the practitioner and whatever else it needs. */
export async function openSession(
  tx: TenantTx,
  clinicId: string,
  session: SessionPlace & { capacity: number; taken: number; resources: readonly VisitResource[] },
): Promise<string> {
  const id = newId();
  const occupied = session.resources.map((resource) => {
    const { from, to } = blockedBy(session.start, resource);
    return {
      id: newId(),
      resource: resource.id,
      endsAt: iso(session.start + resource.minutes * minuteMs),
      blockedFrom: iso(from),
      blockedTo: iso(to),
      before: resource.bufferBefore,
      after: resource.bufferAfter,
    };
  });
  await tx.$queryRaw`
    WITH session AS (
      INSERT INTO app.group_session (clinic_id, id, service_id, practitioner_id, starts_at, ends_at, capacity, taken)
      VALUES (${clinicId}::uuid, ${id}::uuid, ${session.serviceId}::uuid, ${session.practitionerId}::uuid,
        ${iso(session.start)}::timestamptz, ${iso(session.end)}::timestamptz, ${session.capacity}::int, ${session.taken}::int)
      RETURNING clinic_id, id, starts_at
    )
    -- Where neighbours share buffers, the blocked span leaves them out and they are kept beside it.
    INSERT INTO app.occupancy (clinic_id, id, resource_id, session_id, starts_at, ends_at, blocked_from, blocked_to, state,
      buffer_before, buffer_after)
    SELECT s.clinic_id, o.id, o.resource, s.id, s.starts_at, o."endsAt",
      CASE WHEN h.shared THEN s.starts_at ELSE o."blockedFrom" END, CASE WHEN h.shared THEN o."endsAt" ELSE o."blockedTo" END,
      'booked', CASE WHEN h.shared THEN o.before ELSE 0 END, CASE WHEN h.shared THEN o.after ELSE 0 END
    FROM session s,
      jsonb_to_recordset(${JSON.stringify(occupied)}::jsonb) AS o(id uuid, resource uuid, "endsAt" timestamptz,
        "blockedFrom" timestamptz, "blockedTo" timestamptz, before int, after int),
      (SELECT coalesce((SELECT f.share_buffers FROM app.clinic_profile f
        WHERE f.clinic_id = ${clinicId}::uuid AND f.id = ${clinicId}::uuid), false) AS shared) h`;
  return id;
}

/** The numbers of the seats somebody has. */
export async function takenSeats(tx: TenantTx, clinicId: string, sessionId: string): Promise<number[]> {
  const rows = await tx.$queryRaw<{ no: number }[]>`
    SELECT seat_no AS "no" FROM app.seat WHERE clinic_id = ${clinicId}::uuid AND session_id = ${sessionId}::uuid`;
  return rows.map(({ no }) => no);
}

const minuteMs = 60_000;

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
