import type { ScopedPool } from "./scoped-pool.ts";

/** Oldest patch level per major version: below, statistics of hidden rows leak (CVE-2025-8713). */
const oldestPatch: Record<number, number> = { 15: 14, 16: 10, 17: 6 };

/** Throws unless the server answers, is recent enough, and the login cannot bypass row security. */
export async function refuseUnsafeServer(pool: ScopedPool): Promise<void> {
  const { rows } = await pool.probe(
    `SELECT current_setting('server_version_num')::int AS version, rolsuper OR rolbypassrls AS bypasses, rolname AS role
     FROM pg_catalog.pg_roles WHERE rolname = current_user`,
  );
  const { version, bypasses, role } = rows[0] as { version: number; bypasses: boolean; role: string };
  if (!isSafeVersion(version)) throw new Error(`PostgreSQL ${version} is too old: 15.14, 16.10, 17.6 or 18 is needed.`);
  if (bypasses) throw new Error(`The role ${role} bypasses row-level security.`);
}

/** `version` as in server_version_num: major * 10000 + patch. */
export function isSafeVersion(version: number): boolean {
  const major = Math.trunc(version / 10_000);
  return major >= 15 && version % 10_000 >= (oldestPatch[major] ?? 0);
}
