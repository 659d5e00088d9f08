import { catalogRules } from "./catalog-rules.ts";

export type Violation = { rule: string; object: string; why: string };

/** Checks the catalog of a migrated database against every rule; an empty list is what one wants. */
export async function lintCatalog(query: (sql: string) => Promise<Record<string, unknown>[]>): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { name, why, sql } of catalogRules) {
    for (const row of await query(sql)) violations.push({ rule: name, object: String(row["object"]), why });
  }
  return violations;
}
