import type { Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";

/** How many visits of a practitioner overlap others in a span, and how many the clinic allows in a day. */
export async function squeezedIn(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  practitionerId: string,
  { from, to }: Span,
): Promise<{ taken: number; cap: number }> {
  const [row] = await db.$queryRaw<{ taken: number; cap: number }[]>`
    SELECT (SELECT count(DISTINCT b.id)::int FROM app.booking b
        JOIN app.occupancy o ON o.clinic_id = b.clinic_id AND o.booking_id = b.id AND o.squeeze_in AND o.state <> 'released'
        WHERE b.clinic_id = ${clinicId}::uuid AND b.practitioner_id = ${practitionerId}::uuid
          AND b.starts_at >= ${new Date(from).toISOString()}::timestamptz AND b.starts_at < ${new Date(to).toISOString()}::timestamptz) AS "taken",
      coalesce((SELECT f.squeeze_in_cap FROM app.clinic_profile f
        WHERE f.clinic_id = ${clinicId}::uuid AND f.id = ${clinicId}::uuid), 2) AS "cap"`;
  return row ?? { taken: 0, cap: 0 };
}
