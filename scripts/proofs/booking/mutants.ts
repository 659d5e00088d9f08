/** A database that is broken on purpose: what was done to it, and whether doubles in it are the point. */
export type Mutant = { what: string; sql: readonly string[] };

/** Deadlocks are looked for this soon where they are expected, so that a control does not wait for them. */
export const deadlocksSoon =
  "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 50', current_database()); END $$";
const noQueue = `CREATE OR REPLACE FUNCTION app.queue_for(p_clinic uuid, p_resources uuid[]) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = '' AS 'SELECT'`;
const noConstraint = "ALTER TABLE app.occupancy DROP CONSTRAINT occupancy_no_overlap";

/** Writes a function anew with one piece of its text replaced; a piece that is not there is an error. */
function rewrite(name: string, from: string, to: string): string {
  return `DO $$
    DECLARE
      was text := pg_get_functiondef('app.${name}'::regproc);
    BEGIN
      IF strpos(was, $from$${from}$from$) = 0 THEN RAISE EXCEPTION '${name} has changed: the mutant does not fit'; END IF;
      EXECUTE replace(was, $from$${from}$from$, $to$${to}$to$);
    END $$`;
}

const excludeAs = (keys: string, range: string): string[] => [
  noConstraint,
  `ALTER TABLE app.occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (${keys}, ${range} WITH &&)
   WHERE (state IN ('held', 'booked') AND NOT squeeze_in)`,
];

export const mutants = {
  unguarded: { what: "constraint dropped and queue bypassed", sql: [noQueue, noConstraint] },
  unconstrained: { what: "constraint dropped", sql: [noConstraint] },
  unqueued: { what: "queue bypassed", sql: [deadlocksSoon, noQueue] },
  closedRanges: {
    what: "ranges that contain their end",
    sql: excludeAs("clinic_id WITH =, resource_id WITH =", "tstzrange(blocked_from, blocked_to, '[]')"),
  },
  oneForAll: {
    what: "the clinic's times are everybody's",
    sql: excludeAs("clinic_id WITH =", "tstzrange(blocked_from, blocked_to, '[)')"),
  },
  careless: {
    what: "a booking changes whatever became of it",
    sql: [rewrite("move_booking", "IF NOT FOUND THEN", "IF false THEN")],
  },
  forgetful: {
    what: "no key is remembered",
    sql: [
      "CREATE FUNCTION app.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      "CREATE TRIGGER forget BEFORE INSERT ON app.idempotency FOR EACH ROW EXECUTE FUNCTION app.forget()",
    ],
  },
  failing: {
    what: "events cannot be written",
    sql: [
      "CREATE FUNCTION app.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$",
      "CREATE TRIGGER fail BEFORE INSERT ON app.event FOR EACH ROW EXECUTE FUNCTION app.fail()",
    ],
  },
} as const satisfies Record<string, Mutant>;

export type MutantName = keyof typeof mutants;
