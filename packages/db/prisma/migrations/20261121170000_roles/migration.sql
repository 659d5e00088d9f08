-- Roles belong to the cluster, not to one database: this file may run in several databases at the same moment and on
-- a server that already has them. Run by a superuser, or by the database's owner with CREATEROLE.

DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('app_owner',   'NOLOGIN', false), -- owns every schema, table and function; only migrations act as it
      ('migrator',    'LOGIN',   false), -- member of app_owner; never in the environment of web or worker
      ('app_rt',      'LOGIN',   false), -- one clinic's rows
      ('auth_rt',     'LOGIN',   false), -- accounts, credentials, sessions
      ('relay_rt',    'LOGIN',   false), -- the event table of all clinics: ids only
      ('platform_rt', 'LOGIN',   false), -- the platform's own tables
      ('breakglass',  'NOLOGIN', true),  -- emergency access, enabled by hand (HIPAA 164.312(a)(2)(ii))
      ('backup_rt',   'LOGIN',   true)   -- reads everything for backups, which row security would make partial
    ) AS role (name, login, bypass)
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name);
    BEGIN
      EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.login);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database's migration was first
    END;
    IF wanted.bypass THEN
      BEGIN
        EXECUTE format('ALTER ROLE %I BYPASSRLS', wanted.name);
      EXCEPTION
        WHEN insufficient_privilege THEN
          RAISE WARNING 'a superuser must run: ALTER ROLE % BYPASSRLS', wanted.name;
        WHEN internal_error THEN
          NULL; -- "tuple concurrently updated": another database's migration does the same
      END;
    END IF;
  END LOOP;
END
$$;

-- A login with CREATEROLE must be able to act as app_owner to make things that app_owner owns. From 16 on, having made
-- the role is only the right to grant it.
DO $$
DECLARE
  member text;
  able text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  FOREACH member IN ARRAY ARRAY['migrator', current_user::text] LOOP
    FOR attempt IN 1..20 LOOP
      BEGIN
        EXIT WHEN pg_has_role(member, 'app_owner', able);
        EXECUTE format('GRANT app_owner TO %I', member);
        EXIT;
      EXCEPTION WHEN internal_error OR unique_violation THEN
        NULL; -- granted by another database's migration at this moment: look again
      END;
    END LOOP;
  END LOOP;
END
$$;

-- Nothing may hang: a stuck statement, a lock queue or a forgotten transaction ends by itself.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('app_rt',      'statement_timeout', '10s'), ('app_rt',      'lock_timeout', '3s'),
      ('auth_rt',     'statement_timeout', '5s'),  ('auth_rt',     'lock_timeout', '2s'),
      ('relay_rt',    'statement_timeout', '10s'), ('relay_rt',    'lock_timeout', '2s'),
      ('platform_rt', 'statement_timeout', '15s'), ('platform_rt', 'lock_timeout', '3s'),
      ('app_rt',      'idle_in_transaction_session_timeout', '10s'),
      ('auth_rt',     'idle_in_transaction_session_timeout', '10s'),
      ('relay_rt',    'idle_in_transaction_session_timeout', '10s'),
      ('platform_rt', 'idle_in_transaction_session_timeout', '10s'),
      ('app_rt',      'transaction_timeout', '30s'),
      ('auth_rt',     'transaction_timeout', '30s'),
      ('relay_rt',    'transaction_timeout', '30s'),
      ('platform_rt', 'transaction_timeout', '30s'),
      -- Every query names its schema; nothing is found by luck.
      ('app_rt',      'search_path', '""'), ('auth_rt',     'search_path', '""'),
      ('relay_rt',    'search_path', '""'), ('platform_rt', 'search_path', '""'),
      ('backup_rt',   'default_transaction_read_only', 'on')
    ) AS setting (role, name, value)
  LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_settings WHERE pg_settings.name = wanted.name); -- transaction_timeout: 17+
    FOR attempt IN 1..20 LOOP
      BEGIN
        EXIT WHEN EXISTS (
          SELECT FROM pg_db_role_setting
          WHERE setdatabase = 0 AND setrole = wanted.role::regrole
            AND format('%s=%s', wanted.name, wanted.value) = ANY (setconfig)
        );
        EXECUTE format('ALTER ROLE %I SET %I = %s', wanted.role, wanted.name,
          CASE WHEN wanted.name = 'search_path' THEN '''''' ELSE quote_literal(wanted.value) END);
        EXIT;
      EXCEPTION WHEN internal_error OR unique_violation THEN
        NULL; -- set by another database's migration at this moment: look again
      END;
    END LOOP;
  END LOOP;
END
$$;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION app_owner;
CREATE SCHEMA IF NOT EXISTS auth AUTHORIZATION app_owner;
CREATE SCHEMA IF NOT EXISTS platform AUTHORIZATION app_owner;

-- The history of migrations is app_owner's too, so that the migrator, who can act as app_owner, writes the next ones.
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    GRANT CREATE ON SCHEMA public TO app_owner;
    ALTER TABLE public._prisma_migrations OWNER TO app_owner;
  END IF;
END
$$;
