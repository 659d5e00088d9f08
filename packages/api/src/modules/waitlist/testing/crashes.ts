import type { TestDatabase } from "@pulsecal/db/testing";

/** Every table that a turn of the waitlist, or an answer to it, writes. */
const tables = [
  "inbox",
  "waitlist_gap",
  "waitlist_offer",
  "waitlist_entry",
  "booking",
  "occupancy",
  "event",
  "audit_log",
  "idempotency",
];

/**
 * Runs something whose connection is killed at its `at`-th statement that writes, which is all a server sees of a process
 * that is killed there: what was not committed is gone. True when it died, false when it had fewer writes and went through.
 */
export async function crashingAtWrite(t: TestDatabase, at: number, run: () => Promise<unknown>): Promise<boolean> {
  await t.admin(`CREATE SEQUENCE public.writes;
    CREATE FUNCTION public.die_at() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      IF nextval('public.writes') = ${Math.trunc(at)} THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(1); END IF;
      RETURN NULL;
    END $$`);
  for (const table of tables) {
    await t.admin(`CREATE TRIGGER die_at BEFORE INSERT OR UPDATE ON app.${table} EXECUTE FUNCTION public.die_at()`);
  }
  try {
    await run();
    return false;
  } catch (error) {
    const [{ reached } = {}] = await t.admin("SELECT last_value >= $1 AS reached FROM public.writes", [at]);
    if (reached !== true) throw error;
    return true;
  } finally {
    await t.admin("DROP FUNCTION public.die_at() CASCADE; DROP SEQUENCE public.writes");
  }
}
