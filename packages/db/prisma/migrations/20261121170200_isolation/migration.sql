-- Row-level security, grants, and the rules Prisma cannot describe. Everything belongs to app_owner, which forced row
-- security keeps from reading clinic rows; runtime roles own nothing and hold only what is granted here.
SET ROLE app_owner;

-- The clinic of this transaction, null when none is set: then no row matches and no insert passes. STABLE, never
-- IMMUTABLE: a cached generic plan of an immutable one answers for the clinic that came first. nullif: after a
-- transaction-scoped setting ends it is '' on that connection, not null.
CREATE FUNCTION app.tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.clinic_id', true), '')::uuid $$;
REVOKE ALL ON FUNCTION app.tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant() TO app_rt, platform_rt;

GRANT USAGE ON SCHEMA app TO app_rt, relay_rt, platform_rt;
GRANT USAGE ON SCHEMA auth TO app_rt, auth_rt;
GRANT USAGE ON SCHEMA platform TO app_rt, auth_rt, relay_rt, platform_rt;

-- Clinic tables: a clinic's own rows, read and written.
ALTER TABLE app.clinic_profile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY clinic_profile_clinic ON app.clinic_profile TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.clinic_profile TO app_rt;

ALTER TABLE app.location ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY location_clinic ON app.location TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.location TO app_rt;

ALTER TABLE app.resource ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY resource_clinic ON app.resource TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.resource TO app_rt;

ALTER TABLE app.practitioner ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY practitioner_clinic ON app.practitioner TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.practitioner TO app_rt;

ALTER TABLE app.service ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_clinic ON app.service TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.service TO app_rt;

ALTER TABLE app.service_practitioner ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_practitioner_clinic ON app.service_practitioner TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.service_practitioner TO app_rt;

ALTER TABLE app.opening_hours ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY opening_hours_clinic ON app.opening_hours TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.opening_hours TO app_rt;

ALTER TABLE app.hours_override ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY hours_override_clinic ON app.hours_override TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.hours_override TO app_rt;

ALTER TABLE app.leave ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY leave_clinic ON app.leave TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.leave TO app_rt;

ALTER TABLE app.patient ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY patient_clinic ON app.patient TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.patient TO app_rt;

ALTER TABLE app.booking ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY booking_clinic ON app.booking TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.booking TO app_rt;

ALTER TABLE app.occupancy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY occupancy_clinic ON app.occupancy TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.occupancy TO app_rt;

ALTER TABLE app.delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_clinic ON app.delivery TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.delivery TO app_rt;

-- Written once, never changed.
ALTER TABLE app.idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_clinic ON app.idempotency TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT ON app.idempotency TO app_rt;

ALTER TABLE app.inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY inbox_clinic ON app.inbox TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT ON app.inbox TO app_rt;

ALTER TABLE app.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_log_clinic ON app.audit_log TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT ON app.audit_log TO app_rt;

-- A platform action on a clinic is in the clinic's own log too, under the admin's name.
CREATE POLICY audit_log_platform ON app.audit_log FOR INSERT TO platform_rt
  WITH CHECK (clinic_id = (SELECT app.tenant()) AND actor = 'platform:' || current_setting('app.account_id', true));
GRANT INSERT ON app.audit_log TO platform_rt;

-- Events: the transaction id and the sequence are the database's to give, or the live cursor could be fooled.
ALTER TABLE app.event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY event_clinic ON app.event TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT (clinic_id, id, type, payload, live, at, not_before) ON app.event TO app_rt;
GRANT USAGE ON SEQUENCE app.event_seq_seq TO app_rt;
CREATE POLICY event_relay ON app.event FOR SELECT TO relay_rt USING (true);
CREATE POLICY event_relay_mark ON app.event FOR UPDATE TO relay_rt USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (relayed_at, done_at) ON app.event TO relay_rt;
CREATE POLICY event_platform ON app.event FOR SELECT TO platform_rt USING (true);
GRANT SELECT ON app.event TO platform_rt;

-- Clinics: a clinic may found itself in practice mode and rename itself; only the platform changes its status.
ALTER TABLE platform.clinic ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY clinic_own ON platform.clinic FOR SELECT TO app_rt USING (id = (SELECT app.tenant()));
CREATE POLICY clinic_found ON platform.clinic FOR INSERT TO app_rt
  WITH CHECK (id = (SELECT app.tenant()) AND status = 'practice' AND approved_at IS NULL AND approved_by IS NULL);
CREATE POLICY clinic_rename ON platform.clinic FOR UPDATE TO app_rt
  USING (id = (SELECT app.tenant())) WITH CHECK (id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE (name) ON platform.clinic TO app_rt;
CREATE POLICY clinic_auth ON platform.clinic FOR SELECT TO auth_rt USING (true);
GRANT SELECT (id, slug, name, zone, status) ON platform.clinic TO auth_rt;
CREATE POLICY clinic_relay ON platform.clinic FOR SELECT TO relay_rt USING (true);
GRANT SELECT ON platform.clinic TO relay_rt;
CREATE POLICY clinic_platform ON platform.clinic FOR SELECT TO platform_rt USING (true);
CREATE POLICY clinic_platform_status ON platform.clinic FOR UPDATE TO platform_rt USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (status, approved_at, approved_by) ON platform.clinic TO platform_rt;

ALTER TABLE platform.audit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_platform ON platform.audit TO platform_rt USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON platform.audit TO platform_rt;

-- Accounts: needed before a clinic is known, so by grant to one role; clinics see none of it but their own members.
ALTER TABLE auth.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_auth ON auth.account TO auth_rt USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.account TO auth_rt;

ALTER TABLE auth.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY session_auth ON auth.session TO auth_rt USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.session TO auth_rt;

ALTER TABLE auth.email_token ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY email_token_auth ON auth.email_token TO auth_rt USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.email_token TO auth_rt;

ALTER TABLE auth.member ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY member_clinic ON auth.member TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.member TO app_rt;
CREATE POLICY member_auth ON auth.member FOR SELECT TO auth_rt USING (true);
GRANT SELECT ON auth.member TO auth_rt;

-- Backups and emergencies read all (BYPASSRLS) and write nothing.
GRANT USAGE ON SCHEMA app, auth, platform TO backup_rt, breakglass;
GRANT SELECT ON ALL TABLES IN SCHEMA app, auth, platform TO backup_rt, breakglass;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA app, auth, platform TO backup_rt;
ALTER DEFAULT PRIVILEGES IN SCHEMA app, auth, platform GRANT SELECT ON TABLES TO backup_rt, breakglass;
ALTER DEFAULT PRIVILEGES IN SCHEMA app, auth, platform GRANT SELECT ON SEQUENCES TO backup_rt;
-- Functions are for nobody until granted.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

RESET ROLE;
