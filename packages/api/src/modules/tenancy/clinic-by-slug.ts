import type { Database } from "@pulsecal/db";
import type { ClinicRow } from "../identity/index.ts";

/** The clinic behind a host name. A closed clinic has none. */
export async function findClinicBySlug(db: Database, slug: string): Promise<ClinicRow | null> {
  const [clinic] = await db.readAuth(
    (auth) => auth.$queryRaw<ClinicRow[]>`
      select id::text, slug, name, status, zone from platform.clinic where slug = ${slug}`,
  );
  return clinic && clinic.status !== "closed" ? clinic : null;
}

/** The present status of each of these clinics. */
export async function clinicStatuses(db: Database, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.withAuth((tx) =>
    tx.clinic.findMany({ where: { id: { in: ids } }, select: { id: true, status: true } }),
  );
  return new Map(rows.map((row) => [row.id, row.status]));
}
