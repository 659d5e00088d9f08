/** A rule about the database's catalog. Its SQL gives one row per violation, in the column `object`. */
export type CatalogRule = { name: string; why: string; sql: string };

const ours = `n.nspname IN ('app', 'auth', 'platform')`;
const runtime = `('app_rt', 'auth_rt', 'relay_rt', 'platform_rt')`;
const tables = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** Tables that belong to clinics: clinic_id NOT NULL (platform.clinic itself is the clinic). */
const clinicTables = `SELECT c.oid, c.oid::regclass AS name FROM ${tables}
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND a.attnotnull AND NOT a.attisdropped
  WHERE ${ours} AND c.relkind IN ('r', 'p')`;

/** Per table and command: what app_rt may do, by table or by column. */
const appGrants = `SELECT c.oid, command FROM ${tables}, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command
  WHERE ${ours} AND c.relkind IN ('r', 'p') AND (has_table_privilege('app_rt', c.oid, command)
    OR (command <> 'DELETE' AND has_any_column_privilege('app_rt', c.oid, command)))`;

const letter = `CASE command WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' ELSE 'd' END`;

export const catalogRules: CatalogRule[] = [
  {
    name: "row security is on",
    why: "a table without it shows every clinic's rows to whoever has a grant",
    sql: `SELECT c.oid::regclass AS object FROM ${tables} WHERE ${ours} AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity`,
  },
  {
    name: "row security is forced",
    why: "the owner, and every definer function of the owner, would skip the policies",
    sql: `SELECT c.oid::regclass AS object FROM ${tables} WHERE ${ours} AND c.relkind IN ('r', 'p') AND NOT c.relforcerowsecurity`,
  },
  {
    name: "every grant of app_rt has its clinic policy",
    why: "reads need USING, writes need WITH CHECK, and both must name app.tenant",
    sql: `SELECT g.oid::regclass || ' ' || g.command AS object FROM (${appGrants}) g WHERE NOT EXISTS (
      SELECT FROM pg_policy p WHERE p.polrelid = g.oid AND p.polpermissive AND 'app_rt'::regrole = ANY (p.polroles)
        AND p.polcmd::text IN ('*', ${letter})
        AND (g.command = 'INSERT' OR pg_get_expr(p.polqual, p.polrelid) LIKE '%app.tenant()%')
        AND (g.command IN ('SELECT', 'DELETE') OR pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%app.tenant()%'))`,
  },
  {
    name: "no policy of app_rt without the clinic",
    why: "permissive policies are joined by OR: one open one opens the table",
    sql: `SELECT p.polname || ' on ' || p.polrelid::regclass AS object FROM pg_policy p
      WHERE 'app_rt'::regrole = ANY (p.polroles) AND p.polpermissive
        AND (coalesce(pg_get_expr(p.polqual, p.polrelid), 'app.tenant()') NOT LIKE '%app.tenant()%'
          OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'app.tenant()') NOT LIKE '%app.tenant()%')`,
  },
  {
    name: "the clinic is asked for once per statement",
    why: "a bare app.tenant() runs per row; (SELECT app.tenant()) runs once",
    sql: `SELECT p.polname || ' on ' || p.polrelid::regclass AS object FROM pg_policy p,
      unnest(ARRAY[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)]) AS expression
      WHERE expression LIKE '%app.tenant()%' AND expression !~ '\\( SELECT app\\.tenant\\(\\)'`,
  },
  {
    name: "no policy for PUBLIC",
    why: "it would hold for roles nobody thought of",
    sql: `SELECT p.polname || ' on ' || p.polrelid::regclass AS object FROM pg_policy p WHERE 0 = ANY (p.polroles)`,
  },
  {
    name: "one permissive policy per table, role and command",
    why: "two are joined by OR and hide each other's mistakes",
    sql: `SELECT p.polrelid::regclass || ' ' || role::regrole || ' ' || command AS object
      FROM pg_policy p, unnest(p.polroles) AS role, unnest(ARRAY['r', 'a', 'w', 'd']) AS command
      WHERE p.polpermissive AND p.polcmd::text IN ('*', command)
      GROUP BY p.polrelid, role, command HAVING count(*) > 1`,
  },
  {
    name: "runtime roles own nothing",
    why: "an owner may drop policies and grant itself rights",
    sql: `SELECT pg_describe_object(classid, objid, objsubid) AS object FROM pg_shdepend
      WHERE deptype = 'o' AND refobjid IN (SELECT oid FROM pg_roles WHERE rolname IN ${runtime})
        AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  },
  {
    name: "app_owner owns everything of ours",
    why: "a table of a superuser would run its triggers and checks with that power",
    sql: `SELECT c.oid::regclass::text AS object FROM ${tables} WHERE ${ours} AND c.relowner <> 'app_owner'::regrole
      UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${ours} AND p.proowner <> 'app_owner'::regrole
      UNION ALL SELECT n.nspname FROM pg_namespace n WHERE ${ours} AND n.nspowner <> 'app_owner'::regrole`,
  },
  {
    name: "runtime roles have no power",
    why: "superuser and BYPASSRLS skip row security; the rest can become one of them",
    sql: `SELECT rolname AS object FROM pg_roles WHERE rolname IN ${runtime}
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`,
  },
  {
    name: "runtime roles are members of nothing",
    why: "SET ROLE would lend them another role's rights",
    sql: `SELECT m.member::regrole || ' in ' || m.roleid::regrole AS object FROM pg_auth_members m
      WHERE m.member IN (SELECT oid FROM pg_roles WHERE rolname IN ${runtime})`,
  },
  {
    name: "runtime roles have their limits",
    why: "without timeouts one stuck statement holds its locks for ever",
    sql: `SELECT r.rolname || ' ' || wanted AS object FROM pg_roles r,
      unnest(ARRAY['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'search_path']) AS wanted
      WHERE r.rolname IN ${runtime} AND NOT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
        WHERE s.setrole = r.oid AND s.setdatabase = 0 AND setting LIKE wanted || '=%' AND setting <> wanted || '=0')`,
  },
  {
    name: "nobody creates at run time",
    why: "an own table or function in a schema can shadow ours",
    sql: `SELECT rolname || ' on schema ' || n.nspname AS object FROM pg_roles, pg_namespace n
      WHERE rolname IN ${runtime} AND n.nspname !~ '^pg_temp|^pg_toast' AND has_schema_privilege(rolname, n.oid, 'CREATE')
      UNION ALL SELECT rolname || ' on the database' FROM pg_roles WHERE rolname IN ${runtime}
        AND (has_database_privilege(rolname, current_database(), 'CREATE')
          OR has_database_privilege(rolname, current_database(), 'TEMPORARY'))`,
  },
  {
    name: "no privilege outside row security",
    why: "TRUNCATE, REFERENCES and TRIGGER do not ask the policies",
    sql: `SELECT rolname || ' ' || privilege || ' ' || c.oid::regclass AS object FROM ${tables}, pg_roles,
      unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
      WHERE ${ours} AND c.relkind IN ('r', 'p', 'v') AND rolname IN ${runtime} AND has_table_privilege(rolname, c.oid, privilege)`,
  },
  {
    name: "nothing is granted to PUBLIC",
    why: "it would reach every role of the server",
    sql: `SELECT c.oid::regclass::text AS object FROM ${tables}, aclexplode(c.relacl) g WHERE ${ours} AND g.grantee = 0
      UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
        aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g WHERE ${ours} AND g.grantee = 0
      UNION ALL SELECT 'schema ' || n.nspname FROM pg_namespace n, aclexplode(n.nspacl) g WHERE ${ours} AND g.grantee = 0
      UNION ALL SELECT 'database ' || datname FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
        WHERE datname = current_database() AND g.grantee = 0`,
  },
  {
    name: "logs are append-only",
    why: "an audit row, an answer or a done effect that can be changed proves nothing",
    sql: `SELECT rolname || ' ' || privilege || ' ' || t.name AS object FROM pg_roles, unnest(ARRAY['UPDATE', 'DELETE']) AS privilege,
      (VALUES ('app.audit_log'), ('app.idempotency'), ('app.inbox'), ('platform.audit')) AS t (name)
      WHERE rolname IN ${runtime} AND (has_table_privilege(rolname, t.name, privilege)
        OR (privilege = 'UPDATE' AND has_any_column_privilege(rolname, t.name, privilege)))`,
  },
  {
    name: "the event's place in time is the database's",
    why: "a forged transaction id or sequence would make live readers skip events",
    sql: `SELECT rolname || ' ' || privilege || ' ' || col AS object FROM pg_roles, unnest(ARRAY['INSERT', 'UPDATE']) AS privilege,
      unnest(ARRAY['tx', 'seq']) AS col
      WHERE rolname IN ${runtime} AND has_column_privilege(rolname, 'app.event', col, privilege)`,
  },
  {
    name: "views ask as the caller",
    why: "a view runs as its owner unless security_invoker is set",
    sql: `SELECT c.oid::regclass AS object FROM ${tables} WHERE ${ours} AND c.relkind = 'v'
      AND NOT coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']`,
  },
  {
    name: "no materialized views",
    why: "they have no row security at all",
    sql: `SELECT c.oid::regclass AS object FROM ${tables} WHERE ${ours} AND c.relkind = 'm'`,
  },
  {
    name: "no grants on partitions and children",
    why: "named directly, a child does not ask its parent's policies",
    sql: `SELECT rolname || ' ' || i.inhrelid::regclass AS object FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles WHERE ${ours} AND c.relkind IN ('r', 'p') AND rolname IN ${runtime}
      AND has_any_column_privilege(rolname, i.inhrelid, 'SELECT, INSERT, UPDATE')`,
  },
  {
    name: "no definer functions",
    why: "they run with their owner's rights; none is needed yet",
    sql: `SELECT p.oid::regprocedure AS object FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${ours} AND p.prosecdef`,
  },
  {
    name: "no function of ours is leakproof",
    why: "the planner would run it on rows the policy hides",
    sql: `SELECT p.oid::regprocedure AS object FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${ours} AND p.proleakproof`,
  },
  {
    name: "functions find nothing by luck",
    why: "without a search_path of its own a function's names mean what its caller's path says; app.tenant has none to be inlined",
    sql: `SELECT p.oid::regprocedure AS object FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${ours} AND p.oid <> 'app.tenant()'::regprocedure
        AND NOT coalesce(p.proconfig, '{}') && ARRAY['search_path=""', 'search_path=']`,
  },
  {
    name: "functions are for the application's role",
    why: "no other role has a use for them",
    sql: `SELECT rolname || ' ' || p.oid::regprocedure AS object FROM pg_roles, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${ours} AND rolname IN ${runtime} AND rolname <> 'app_rt' AND p.oid <> 'app.tenant()'::regprocedure
        AND has_function_privilege(rolname, p.oid, 'EXECUTE')`,
  },
  {
    name: "the version of a clinic's rules moves with them",
    why: "bookings are decided on facts read before; what changes without the count would be booked on as it was",
    sql: `SELECT wanted.name AS object FROM (VALUES ('app.clinic_profile', 29), ('app.location', 29), ('app.practitioner', 29),
        ('app.service', 29), ('app.service_practitioner', 29), ('app.opening_hours', 29), ('app.hours_override', 29),
        ('app.leave', 29), ('platform.clinic', 19)) AS wanted (name, kind)
      -- kind: row level and after insert, delete and update (1 + 4 + 8 + 16), or before update (1 + 2 + 16)
      WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = wanted.name::regclass AND g.tgenabled IN ('O', 'A')
        AND g.tgtype = wanted.kind AND g.tgqual IS NULL AND g.tgattr = ''
        AND g.tgfoid = CASE wanted.kind WHEN 19 THEN 'app.count_clinic_version()' ELSE 'app.rules_changed()' END::regprocedure)`,
  },
  {
    name: "app.tenant is as written",
    why: "IMMUTABLE leaks through cached plans, without nullif an ended setting raises, a changed body is anything",
    sql: `SELECT 'app.tenant()' AS object WHERE NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'app' AND p.proname = 'tenant' AND p.pronargs = 0 AND p.provolatile = 's' AND p.proparallel = 's'
        AND NOT p.prosecdef AND p.proconfig IS NULL AND p.prorettype = 'uuid'::regtype
        AND btrim(p.prosrc) = 'SELECT nullif(current_setting(''app.clinic_id'', true), '''')::uuid')`,
  },
  {
    name: "foreign keys carry the clinic",
    why: "a single-column key accepts another clinic's parent",
    sql: `SELECT k.conname AS object FROM pg_constraint k WHERE k.contype = 'f'
      AND k.conrelid IN (SELECT oid FROM (${clinicTables}) t) AND k.confrelid IN (SELECT oid FROM (${clinicTables}) t)
      AND NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
        WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1] AND a.attname = 'clinic_id' AND b.attname = 'clinic_id')`,
  },
  {
    name: "keys lead with the clinic",
    why: "a unique key over all clinics tells one of them what another has",
    sql: `SELECT i.indexrelid::regclass AS object FROM pg_index i JOIN (${clinicTables}) t ON t.oid = i.indrelid
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE (i.indisunique OR i.indisexclusion) AND a.attname <> 'clinic_id'
      UNION ALL SELECT t.name FROM (${clinicTables}) t
      WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)`,
  },
  {
    name: "indexes lead with the clinic",
    why: "row security looks up by clinic; what readers across clinics need is listed here",
    sql: `SELECT i.indexrelid::regclass AS object FROM pg_index i JOIN (${clinicTables}) t ON t.oid = i.indrelid
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE coalesce(a.attname, '') <> 'clinic_id' AND i.indexrelid::regclass::text NOT IN
        ('app.event_due', 'app.event_undone', 'app.event_feed', 'auth.member_account_id_idx')`,
  },
  {
    name: "double booking is excluded",
    why: "the constraint is the proof; the lock in the booking path is only the queue",
    sql: `SELECT 'app.occupancy' AS object WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'occupancy_no_overlap'
      AND contype = 'x' AND convalidated AND conrelid = 'app.occupancy'::regclass
      AND pg_get_constraintdef(oid) LIKE '%clinic_id WITH =, resource_id WITH =, tstzrange(blocked_from, blocked_to, ''[)''::text) WITH &&%'
      AND pg_get_constraintdef(oid) LIKE '%held%booked%NOT squeeze_in%')`,
  },
  {
    name: "constraints are validated",
    why: "NOT VALID promises nothing about the rows already there",
    sql: `SELECT k.conname AS object FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
      WHERE ${ours} AND NOT k.convalidated`,
  },
];
