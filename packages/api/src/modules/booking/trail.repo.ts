import { empty, newId, sql, type TenantTx } from "@pulsecal/db";
import { announcedBy } from "../../infra/outbox.ts";
import type { BookingAudit, BookingEvent } from "./booking.live.ts";

/** What stands beside a change of a booking, written in the same statement. */
export type Trail = {
  actor: string;
  requestId: string | null;
  events: readonly BookingEvent[];
  audits: readonly BookingAudit[];
  answer: { key: string; inputHash: string; answer: unknown } | null;
};

/**
 * Every write here is one statement with one JSON parameter, read by the part called `i`: one round trip, a text that
 * stays the same however many rows there are (so its plan is prepared once), and one value to carry over the wire.
 */
export const trailRecord = sql`actor text, "requestId" text, events jsonb, audits jsonb, answers jsonb`;

const trailParts = (gate: typeof empty) => sql`event AS (
      INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
      SELECT i.clinic, r.id, r.type, r.payload, r.live, coalesce(r."notBefore", now())
      FROM i, jsonb_to_recordset(i.events) AS r(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz) ${gate}
    ), audit AS (
      INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
      SELECT i.clinic, r.id, i.actor, r.action, 'booking', r."entityId", r.detail, i."requestId"
      FROM i, jsonb_to_recordset(i.audits) AS r(id uuid, action text, "entityId" uuid, detail jsonb) ${gate}
    ), answered AS (
      INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
      SELECT i.clinic, r.id, r.key, r."inputHash", r.answer
      FROM i, jsonb_to_recordset(i.answers) AS r(id uuid, key text, "inputHash" text, answer jsonb) ${gate}
    )`;

/** The parts of a statement that write its trail. */
export const trailAlways = trailParts(empty);
/** The same, when a part called `moved` has a row. */
export const trailWhenMoved = trailParts(sql`WHERE EXISTS (SELECT FROM moved)`);

/** The trail's share of the JSON parameter. */
export function trailFields(clinicId: string, trail: Trail) {
  return {
    clinic: clinicId,
    actor: trail.actor,
    requestId: trail.requestId,
    events: trail.events.map((event) => ({ id: newId(), live: true, ...event })),
    audits: trail.audits.map((audit) => ({ id: newId(), ...audit })),
    answers: trail.answer === null ? [] : [{ id: newId(), ...trail.answer }],
  };
}

/** A trail alone, for changes that were made in bulk. */
export async function writeTrail(tx: TenantTx, clinicId: string, trail: Trail): Promise<void> {
  const input = JSON.stringify(trailFields(clinicId, trail));
  const rows = await tx.$queryRaw<{ xid: string }[]>`
    WITH i AS (SELECT r.* FROM jsonb_to_record(${input}::jsonb) AS r(clinic uuid, ${trailRecord})), ${trailAlways}
    SELECT pg_current_xact_id()::text AS "xid"`;
  noteEvents(tx, trail, rows[0]?.xid);
}

/** Tells inTx which transaction announced, so that readers of the clinic's events are woken after its commit. */
export function noteEvents(tx: TenantTx, trail: Trail, xid: string | undefined): void {
  if (xid !== undefined && trail.events.length > 0) announcedBy(tx, BigInt(xid));
}
