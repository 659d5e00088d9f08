import type { Database } from "@pulsecal/db";
import { LRUCache } from "lru-cache";
import type { Services } from "../../infra/services.ts";
import type { ClinicRow } from "../identity/index.ts";

/** Estimated at half a kilobyte each, not measured. */
const most = 20_000;
const known = new WeakMap<Services, LRUCache<string, ClinicRow>>();

/**
 * The clinic that was behind a host name when it was last looked for. Its name, zone or status may be others by now, so
 * this is for whoever reads the clinic with what they need and checks; its id is good, a slug is never given to another.
 */
export function recallClinic(s: Services, slug: string): ClinicRow | null {
  return known.get(s)?.get(slug) ?? null;
}

/** The clinic behind a host name. A closed clinic has none. */
export async function findClinicBySlug(s: Services, slug: string): Promise<ClinicRow | null> {
  const [clinic] = await s.db.readAuth(
    (auth) => auth.$queryRaw<ClinicRow[]>`
      select id::text, slug, name, status, zone from platform.clinic where slug = ${slug}`,
  );
  const found = clinic && clinic.status !== "closed" ? clinic : null;
  const all = known.get(s) ?? new LRUCache<string, ClinicRow>({ max: most });
  known.set(s, all);
  // a copy: a socket keeps its row up to date in place
  if (found) all.set(slug, { ...found });
  else all.delete(slug);
  return found;
}

/** The present status of each of these clinics. */
export async function clinicStatuses(db: Database, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.withAuth((tx) =>
    tx.clinic.findMany({ where: { id: { in: ids } }, select: { id: true, status: true } }),
  );
  return new Map(rows.map((row) => [row.id, row.status]));
}
