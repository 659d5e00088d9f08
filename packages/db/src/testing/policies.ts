import type { TestDatabase } from "./test-database.ts";

/** A policy of app_rt as the catalog has it. */
export type Policy = {
  name: string;
  /** schema.table */
  table: string;
  command: "ALL" | "SELECT" | "INSERT" | "UPDATE" | "DELETE";
  using: string | null;
  check: string | null;
};

/** The policies by which app_rt reaches one clinic's rows. */
export async function policiesOfApp(t: TestDatabase): Promise<Policy[]> {
  const rows = await t.admin(
    `SELECT policyname AS name, schemaname || '.' || tablename AS "table", cmd AS command, qual AS "using", with_check AS "check"
     FROM pg_policies WHERE roles = '{app_rt}' AND permissive = 'PERMISSIVE' ORDER BY tablename, policyname`,
  );
  return rows as Policy[];
}

/** The statement that makes a policy again. */
export function policySql({ name, table, command, using, check }: Policy): string {
  const parts = [using && `USING (${using})`, check && `WITH CHECK (${check})`].filter(Boolean);
  return `CREATE POLICY ${name} ON ${table} FOR ${command} TO app_rt ${parts.join(" ")}`;
}

/** A mistake on purpose, for controls: every clinic policy of this database lets everything pass. */
export async function openAllPolicies(t: TestDatabase): Promise<void> {
  for (const { name, table, using, check } of await policiesOfApp(t)) {
    const parts = [using && "USING (true)", check && "WITH CHECK (true)"].filter(Boolean);
    await t.admin(`ALTER POLICY ${name} ON ${table} ${parts.join(" ")}`);
  }
}
