import type { Database } from "@pulsecal/db";
import type { FeedRow, ReadFeed } from "./live-feed.ts";

type Row = {
  horizon: bigint;
  id: string | null;
  clinic_id: string;
  tx: bigint;
  seq: bigint;
  type: string;
  payload: Record<string, unknown>;
  at: Date;
  slug?: string;
  name?: string;
};

/** One clinic's live events, through its own row policy. */
export function readClinicEvents(db: Database, clinicId: string): ReadFeed {
  return async (after, limit) => {
    if (!after) return feedPart(await newestOfClinic(db, clinicId));
    const rows = await db.withTenant(
      reader(clinicId),
      (tenant) => tenant.$queryRaw<Row[]>`
      select h.horizon, e.* from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon) h
      left join lateral (
        select id, clinic_id, tx, seq, type, payload, at from app.event
        where clinic_id = ${clinicId}::uuid and live
          and (tx, seq) > (${after.tx.toString()}::bigint, ${after.seq.toString()}::bigint) and tx < h.horizon
        order by tx, seq limit ${limit}::int
      ) e on true
      order by e.tx, e.seq`,
    );
    return feedPart(rows);
  };
}

/** What the console watches, across clinics: ids, times and the clinics' public names. */
export function readPlatformEvents(db: Database): ReadFeed {
  return async (after, limit) => {
    if (!after) return feedPart(await newestOfPlatform(db));
    const rows = await db.withSystem(
      "live-console",
      (tx) => tx.$queryRaw<Row[]>`
      select h.horizon, e.* from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon) h
      left join lateral (
        select e.id, e.clinic_id, e.tx, e.seq, e.type, '{}'::jsonb as payload, e.at, c.slug, c.name
        from app.event e join platform.clinic c on c.id = e.clinic_id
        where e.live and e.type in ('clinic.signed_up', 'clinic.approved', 'booking.confirmed', 'booking.cancelled')
          and (e.tx, e.seq) > (${after.tx.toString()}::bigint, ${after.seq.toString()}::bigint) and e.tx < h.horizon
        order by e.tx, e.seq limit ${limit}::int
      ) e on true
      order by e.tx, e.seq`,
    );
    return feedPart(rows);
  };
}

function newestOfClinic(db: Database, clinicId: string): Promise<Row[]> {
  return db.withTenant(
    reader(clinicId),
    (tenant) => tenant.$queryRaw<Row[]>`
      select h.horizon, e.* from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon) h
      left join lateral (
        select id, clinic_id, tx, seq, type, payload, at from app.event
        where clinic_id = ${clinicId}::uuid and live and tx < h.horizon
        order by tx desc, seq desc limit 1
      ) e on true`,
  );
}

function newestOfPlatform(db: Database): Promise<Row[]> {
  return db.withSystem(
    "live-console",
    (tx) => tx.$queryRaw<Row[]>`
      select h.horizon, e.* from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon) h
      left join lateral (
        select id, clinic_id, tx, seq, type, '{}'::jsonb as payload, at from app.event
        where live and tx < h.horizon order by tx desc, seq desc limit 1
      ) e on true`,
  );
}

function reader(clinicId: string) {
  return { clinicId, actor: "system:live" };
}

function feedPart(rows: Row[]): { horizon: bigint; rows: FeedRow[] } {
  const [first] = rows;
  if (!first) throw new Error("the database gave no snapshot");
  const events = rows.flatMap((row): FeedRow[] => {
    if (row.id === null) return [];
    const clinic = row.slug !== undefined && row.name !== undefined ? { slug: row.slug, name: row.name } : undefined;
    return [
      {
        id: row.id,
        clinicId: row.clinic_id,
        tx: row.tx,
        seq: row.seq,
        type: row.type,
        payload: row.payload,
        at: row.at,
        clinic,
      },
    ];
  });
  return { horizon: first.horizon, rows: events };
}
