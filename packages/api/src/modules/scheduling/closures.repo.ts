import type { Span } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import type { Reads } from "./availability.repo.ts";

export type Closure = { id: string; startsAt: Date; endsAt: Date; label: string };

/** No clinic plans more; it only keeps an import from filling a screen. */
const mostRows = 500;

/** The closures that meet a span, by their start. */
export async function findClosures(db: Reads, clinicId: string, span: Span): Promise<Closure[]> {
  return db.$queryRaw<Closure[]>`
    SELECT x.id, x.starts_at AS "startsAt", x.ends_at AS "endsAt", x.label
    FROM app.closure x
    WHERE x.clinic_id = ${clinicId}::uuid AND x.starts_at < ${new Date(span.to).toISOString()}::timestamptz
      AND x.ends_at > ${new Date(span.from).toISOString()}::timestamptz
    ORDER BY x.starts_at, x.id LIMIT ${mostRows}::int`;
}

/** One closure; null when the clinic has no such closure. */
export async function findClosure(db: Reads, clinicId: string, id: string): Promise<Closure | null> {
  const rows = await db.$queryRaw<Closure[]>`
    SELECT x.id, x.starts_at AS "startsAt", x.ends_at AS "endsAt", x.label
    FROM app.closure x WHERE x.clinic_id = ${clinicId}::uuid AND x.id = ${id}::uuid`;
  return rows[0] ?? null;
}

/** Writes a closure over the one with its id, or as a new one. */
export async function putClosure(tx: TenantTx, clinicId: string, c: Closure): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
    VALUES (${clinicId}::uuid, ${c.id}::uuid, ${c.startsAt.toISOString()}::timestamptz, ${c.endsAt.toISOString()}::timestamptz, ${c.label}::text)
    ON CONFLICT (clinic_id, id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, label = excluded.label`;
}

/** Takes a closure away; false when there was none. */
export async function dropClosure(tx: TenantTx, clinicId: string, id: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM app.closure WHERE clinic_id = ${clinicId}::uuid AND id = ${id}::uuid`) > 0;
}
