import type { Span } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import type { Reads } from "./availability.repo.ts";

export type Leave = {
  id: string;
  practitionerId: string;
  startsAt: Date;
  endsAt: Date;
  /** away, or time kept free for something else */
  kind: "leave" | "block";
  label: string | null;
};

/** It only keeps an import from filling a screen. */
const mostRows = 2000;

/** The leave of all practitioners that meets a span, by its start. */
export async function findLeave(db: Reads, clinicId: string, span: Span): Promise<Leave[]> {
  return db.$queryRaw<Leave[]>`
    SELECT e.id, e.resource_id AS "practitionerId", e.starts_at AS "startsAt", e.ends_at AS "endsAt", e.kind, e.label
    FROM app.leave e JOIN app.practitioner p ON p.clinic_id = e.clinic_id AND p.id = e.resource_id
    WHERE e.clinic_id = ${clinicId}::uuid AND e.starts_at < ${new Date(span.to).toISOString()}::timestamptz
      AND e.ends_at > ${new Date(span.from).toISOString()}::timestamptz
    ORDER BY e.starts_at, p.position, e.id LIMIT ${mostRows}::int`;
}

/** One leave; null when the clinic has none of that id. */
export async function findOneLeave(db: Reads, clinicId: string, id: string): Promise<Leave | null> {
  const rows = await db.$queryRaw<Leave[]>`
    SELECT e.id, e.resource_id AS "practitionerId", e.starts_at AS "startsAt", e.ends_at AS "endsAt", e.kind, e.label
    FROM app.leave e WHERE e.clinic_id = ${clinicId}::uuid AND e.id = ${id}::uuid`;
  return rows[0] ?? null;
}

/** Writes leave over the one with its id, or as a new one. Whose it is does not change. */
export async function putLeave(tx: TenantTx, clinicId: string, e: Leave): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at, kind, label)
    VALUES (${clinicId}::uuid, ${e.id}::uuid, ${e.practitionerId}::uuid, ${e.startsAt.toISOString()}::timestamptz,
      ${e.endsAt.toISOString()}::timestamptz, ${e.kind}::text, ${e.label}::text)
    ON CONFLICT (clinic_id, id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, kind = excluded.kind,
      label = excluded.label`;
}

/** Takes leave away, and with it what was kept in it; false when there was none. */
export async function dropLeave(tx: TenantTx, clinicId: string, id: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM app.leave WHERE clinic_id = ${clinicId}::uuid AND id = ${id}::uuid`) > 0;
}

/** Says that a booking stands though leave lies over it. */
export async function keepInLeave(
  tx: TenantTx,
  clinicId: string,
  { id, leaveId, bookingId }: { id: string; leaveId: string; bookingId: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.leave_kept (clinic_id, id, leave_id, booking_id)
    VALUES (${clinicId}::uuid, ${id}::uuid, ${leaveId}::uuid, ${bookingId}::uuid)
    ON CONFLICT (clinic_id, leave_id, booking_id) DO NOTHING`;
}
