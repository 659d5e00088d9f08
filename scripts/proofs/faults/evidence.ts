import { createHash } from "node:crypto";
import type { Entry } from "./ledger.ts";
import type { Accepted } from "./sink.ts";
import type { Place, Watcher } from "./watchers.ts";

export type BookingRow = {
  clinicId: string;
  id: string;
  tokenHash: string;
  state: string;
  start: string;
  doctor: string;
};
export type EventRow = Place & { clinicId: string; id: string; type: string; live: boolean; bookingId: string | null };

/** All that is known when everything has come to rest: what was said outside, and what the database holds. */
export type Evidence = {
  entries: Entry[];
  accepted: Accepted[];
  allowed: Map<string, number>;
  watchers: Pick<Watcher, "clinic" | "name" | "from" | "heard">[];
  bookings: BookingRow[];
  /** pairs of occupancies of one doctor that overlap, and how many occupancies there are */
  overlaps: number;
  occupancies: number;
  events: EventRow[];
  /** the booking each key led to; keys by `clinic|key` */
  keys: Map<string, string>;
  /** due events not done, holds past their time, mails neither sent nor refused */
  stuck: string[];
};

export type Query = (sql: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Reads the database's side, past row security. */
export async function gather(
  query: Query,
  outside: Pick<Evidence, "entries" | "accepted" | "allowed" | "watchers">,
  poison: ReadonlySet<string>,
): Promise<Evidence> {
  const bookings = await query(
    `SELECT clinic_id AS "clinicId", id, token_hash AS "tokenHash", state, starts_at AS start, practitioner_id AS doctor
     FROM app.booking`,
  );
  const events = await query(
    `SELECT clinic_id AS "clinicId", id, tx::text, seq::text, type, live, payload->>'bookingId' AS "bookingId"
     FROM app.event ORDER BY app.event.tx, app.event.seq`,
  );
  const [pairs] = await query(
    `SELECT count(*)::int AS pairs, (SELECT count(*)::int FROM app.occupancy) AS "all"
     FROM app.occupancy a JOIN app.occupancy b ON b.resource_id = a.resource_id AND b.id > a.id
       AND tstzrange(b.blocked_from, b.blocked_to) && tstzrange(a.blocked_from, a.blocked_to)
     WHERE a.state IN ('held', 'booked') AND b.state IN ('held', 'booked')`,
  );
  const keys = await query(
    "SELECT clinic_id || '|' || key AS key, answer->>'bookingId' AS booking FROM app.idempotency",
  );
  const stuck = await query(
    `SELECT 'event ' || type || ' ' || id AS what FROM app.event
       WHERE done_at IS NULL AND not_before < now() - interval '1 second' AND NOT id = ANY($1::uuid[])
     UNION ALL SELECT 'hold ' || id FROM app.booking WHERE state = 'held' AND hold_expires_at < now()
     UNION ALL SELECT 'mail ' || kind || ' ' || event_id FROM app.delivery WHERE state = 'queued'`,
    [[...poison]],
  );
  return {
    ...outside,
    bookings: bookings.map((row) => ({ ...row, start: (row.start as Date).toISOString() }) as BookingRow),
    events: events.map((row) => ({ ...row, tx: BigInt(row.tx as string), seq: BigInt(row.seq as string) }) as EventRow),
    overlaps: Number(pairs?.pairs),
    occupancies: Number(pairs?.all),
    keys: new Map(keys.map((row) => [String(row.key), String(row.booking)])),
    stuck: stuck.map((row) => String(row.what)),
  };
}
