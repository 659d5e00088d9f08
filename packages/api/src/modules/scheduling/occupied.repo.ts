import type { Busy, Span } from "@pulsecal/core";
import type { Reads } from "./availability.repo.ts";

/** What some resources are occupied with, and whether the rules are still those of a known version. */
export type OccupiedNow = {
  version: string;
  /** the database's clock, epoch milliseconds */
  now: number;
  /** the transaction horizon of the same snapshot */
  horizon: string;
  /** that snapshot, as pg_snapshot writes it */
  snapshot: string;
  /** by resource; one that is free throughout is not there */
  busy: Map<string, Busy[]>;
  /** when the first of them that is only held runs out; null: none is */
  heldUntil: number | null;
};

/** From and to of the visit, its buffers in minutes, and when it runs out if it is held. */
type BusyJson = [from: number, to: number, before: number, after: number, heldUntil: number | null];
/** null: no resources were asked about */
type Row = Omit<OccupiedNow, "busy" | "heldUntil"> & { busy: Record<string, BusyJson[] | null> | null };

/**
 * What is booked with some resources in a span, and nothing else, in one round trip; null when the clinic is not there.
 * For services without seats and limits: whose the bookings are does not matter to them.
 */
export async function loadOccupied(
  db: Reads,
  clinicId: string,
  { resourceIds, span }: { resourceIds: readonly string[]; span: Span },
): Promise<OccupiedNow | null> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.rules_version::text AS "version", floor(date_part('epoch', clock_timestamp()) * 1000) AS "now",
      pg_snapshot_xmin(pg_current_snapshot())::text AS "horizon", pg_current_snapshot()::text AS "snapshot",
      (SELECT json_object_agg(r.id, (SELECT json_agg(json_build_array(
            (date_part('epoch', o.starts_at) * 1000)::bigint, (date_part('epoch', o.ends_at) * 1000)::bigint,
            ceil(date_part('epoch', o.starts_at - o.blocked_from) / 60)::int + o.buffer_before,
            ceil(date_part('epoch', o.blocked_to - o.ends_at) / 60)::int + o.buffer_after,
            CASE WHEN o.state = 'held' THEN (date_part('epoch', o.hold_expires_at) * 1000)::bigint END) ORDER BY o.blocked_from)
          FROM app.occupancy o WHERE o.clinic_id = q.clinic AND o.resource_id = r.id
            -- nothing blocks more than a day (occupancy_length), so the lower bound loses none
            AND o.blocked_from >= q."from" - interval '1 day' AND o.blocked_from < q."to" AND o.blocked_to > q."from"
            AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))))
        FROM unnest(${[...resourceIds]}::uuid[]) AS r(id)) AS "busy"
    FROM (SELECT ${clinicId}::uuid AS clinic, ${new Date(span.from).toISOString()}::timestamptz AS "from",
      ${new Date(span.to).toISOString()}::timestamptz AS "to") q
    JOIN platform.clinic c ON c.id = q.clinic`;
  const row = rows[0];
  if (!row) return null;
  const { version, now, horizon, snapshot } = row;
  const read = Object.entries(row.busy ?? {}).map(([id, spans]) => [id, spans ?? []] as const);
  const ends = read.flatMap(([, spans]) => spans.flatMap(([, , , , end]) => end ?? []));
  const busy = new Map(read.map(([id, spans]) => [id, spans.map(toBusy)]));
  return { version, now, horizon, snapshot, busy, heldUntil: ends.length > 0 ? Math.min(...ends) : null };
}

function toBusy([from, to, before, after]: BusyJson): Busy {
  return { from, to, before, after };
}
