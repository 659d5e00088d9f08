-- Health data at rest: what a patient tells is sealed under a key of their own, that key under the clinic's, and the
-- clinic's under a key the database never sees. Nothing of it stays readable in a row; there is no data from before.
SET ROLE app_owner;

CREATE TABLE "app"."clinic_key" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "kek_id" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,

    CONSTRAINT "clinic_key_pkey" PRIMARY KEY ("clinic_id","id"),
    CONSTRAINT clinic_key_one CHECK (id = clinic_id),
    CONSTRAINT clinic_key_version CHECK (version > 0),
    CONSTRAINT clinic_key_kek CHECK (kek_id ~ '^[a-z0-9-]{1,16}$'),
    CONSTRAINT clinic_key_wrapped CHECK (octet_length(wrapped) BETWEEN 1 AND 255)
);

CREATE TABLE "app"."patient_key" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "wrapped" BYTEA,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "patient_key_pkey" PRIMARY KEY ("clinic_id","id"),
    CONSTRAINT patient_key_version CHECK (version > 0),
    CONSTRAINT patient_key_wrapped CHECK (octet_length(wrapped) BETWEEN 1 AND 255),
    -- A destroyed key leaves its tombstone: "erased" is another answer than "never told".
    CONSTRAINT patient_key_destroyed CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
ALTER TABLE "app"."patient_key" ADD CONSTRAINT "patient_key_clinic_id_id_fkey" FOREIGN KEY ("clinic_id", "id") REFERENCES "app"."patient"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE app.clinic_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY clinic_key_clinic ON app.clinic_key TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
-- Rewrapping changes under which key of the deployment it stands, never whose it is. Nothing deletes it.
GRANT SELECT, INSERT, UPDATE (kek_id, wrapped) ON app.clinic_key TO app_rt;

ALTER TABLE app.patient_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY patient_key_clinic ON app.patient_key TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE (wrapped, destroyed_at) ON app.patient_key TO app_rt;

-- The bounds of dropped columns go with them; patient_text bounds the name too and is written anew.
ALTER TABLE app.patient DROP CONSTRAINT patient_text;
ALTER TABLE "app"."patient" DROP COLUMN "email", DROP COLUMN "phone",
  ADD COLUMN "email_sealed" BYTEA, ADD COLUMN "phone_sealed" BYTEA,
  ADD COLUMN "email_index" BYTEA, ADD COLUMN "phone_index" BYTEA;
-- A sealed text is 33 bytes longer than its UTF-8.
ALTER TABLE app.patient
  ADD CONSTRAINT patient_text CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT patient_sealed CHECK (octet_length(email_sealed) BETWEEN 33 AND 1100 AND octet_length(phone_sealed) BETWEEN 33 AND 200),
  ADD CONSTRAINT patient_index CHECK (octet_length(email_index) = 16 AND octet_length(phone_index) = 16);
CREATE INDEX "patient_clinic_id_email_index_idx" ON "app"."patient"("clinic_id", "email_index");
CREATE INDEX "patient_clinic_id_phone_index_idx" ON "app"."patient"("clinic_id", "phone_index");

ALTER TABLE app.booking DROP CONSTRAINT booking_text;
ALTER TABLE "app"."booking" DROP COLUMN "reason", DROP COLUMN "cancel_reason",
  ADD COLUMN "reason_sealed" BYTEA, ADD COLUMN "cancel_reason_sealed" BYTEA;
ALTER TABLE app.booking
  ADD CONSTRAINT booking_sealed CHECK (octet_length(reason_sealed) BETWEEN 33 AND 8192 AND octet_length(cancel_reason_sealed) BETWEEN 33 AND 8192);

-- The two functions of the write path, as they were, with the sealed values and the patient's key.
DROP FUNCTION app.take_time;
DROP FUNCTION app.move_booking;

-- Takes a time for someone. status: taken_now; or, with nothing written: answered (the key was used before: `stored`
-- says for what), stale (the facts have changed since, or their clock was off: decide again), taken (somebody has it).
CREATE FUNCTION app.take_time(
  p_clinic uuid, p_resource uuid, p_service uuid, p_booking uuid,
  -- what was decided on: the clinic's version and the instant taken for now
  p_version bigint, p_now timestamptz,
  p_key text, p_input_hash text, p_answer jsonb, p_answer_id uuid,
  p_state text, p_starts_at timestamptz, p_ends_at timestamptz, p_blocked_from timestamptz, p_blocked_to timestamptz,
  p_hold_expires_at timestamptz, p_occupancy uuid,
  p_patient uuid, p_name text, p_patient_key bytea, p_patient_key_version int, p_email bytea, p_email_index bytea, p_phone bytea,
  p_phone_index bytea, p_reason bytea,
  p_ref text, p_token_hash text, p_booked_by text,
  p_events jsonb, p_audit uuid, p_action text, p_detail jsonb,
  OUT status text, OUT stored jsonb, OUT xid text
)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  version bigint;
  standing bigint;
  lapsed bigint;
BEGIN
  PERFORM app.queue_for(p_clinic, ARRAY[p_resource]);

  SELECT (SELECT jsonb_build_object('inputHash', i.input_hash, 'answer', i.answer)
      FROM app.idempotency i WHERE i.clinic_id = p_clinic AND i.key = p_key),
    (SELECT c.rules_version FROM platform.clinic c WHERE c.id = p_clinic),
    count(*) FILTER (WHERE o.state = 'booked' OR o.hold_expires_at > clock_timestamp()),
    count(*) FILTER (WHERE o.state = 'held' AND o.hold_expires_at <= clock_timestamp())
  INTO stored, version, standing, lapsed
  FROM app.occupancy o
  WHERE o.clinic_id = p_clinic AND o.resource_id = p_resource AND o.state IN ('held', 'booked')
    -- nothing blocks more than a day (occupancy_length), so the lower bound loses none
    AND o.blocked_from >= p_blocked_from - interval '1 day' AND o.blocked_from < p_blocked_to AND o.blocked_to > p_blocked_from;

  status := CASE
    WHEN stored IS NOT NULL THEN 'answered'
    WHEN version IS DISTINCT FROM p_version OR now() NOT BETWEEN p_now - interval '5 seconds' AND p_now + interval '5 seconds'
      THEN 'stale'
    WHEN standing > 0 THEN 'taken'
    ELSE 'taken_now'
  END;
  IF status <> 'taken_now' THEN
    RETURN;
  END IF;
  IF lapsed > 0 THEN
    PERFORM app.expire_holds(p_clinic, ARRAY[p_resource]);
  END IF;

  WITH patient AS (
    INSERT INTO app.patient (clinic_id, id, name, email_sealed, email_index, phone_sealed, phone_index)
    SELECT p_clinic, p_patient, p_name, p_email, p_email_index, p_phone, p_phone_index WHERE p_patient IS NOT NULL
  ), patient_key AS (
    INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
    SELECT p_clinic, p_patient, p_patient_key_version, p_patient_key WHERE p_patient IS NOT NULL
  ), booking AS (
    INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at,
      hold_expires_at, reason_sealed, booked_by, created_at)
    VALUES (p_clinic, p_booking, p_ref, p_token_hash, p_patient, p_service, p_resource, p_state, p_starts_at, p_ends_at,
      p_hold_expires_at, p_reason, p_booked_by, p_now)
  ), occupancy AS (
    INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state, hold_expires_at)
    VALUES (p_clinic, p_occupancy, p_resource, p_booking, p_starts_at, p_ends_at, p_blocked_from, p_blocked_to,
      CASE p_state WHEN 'held' THEN 'held' ELSE 'booked' END, p_hold_expires_at)
  ), event AS (
    INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
    SELECT p_clinic, e.id, e.type, e.payload, e.live, coalesce(e."notBefore", now())
    FROM jsonb_to_recordset(p_events) AS e(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz)
  ), answer AS (
    INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
    VALUES (p_clinic, p_answer_id, p_key, p_input_hash, p_answer)
  )
  INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
  VALUES (p_clinic, p_audit, current_setting('app.actor'), p_action, 'booking', p_booking, p_detail,
    nullif(current_setting('app.request_id', true), ''));
  xid := pg_current_xact_id()::text;
END
$$;

-- Moves a booking on. status: moved; or, with nothing written: answered (as above), changed (it is no longer as it was
-- read, its hold ran out, or the clinic's rules changed: decide again), missing.
CREATE FUNCTION app.move_booking(
  p_clinic uuid, p_booking uuid,
  -- how it was read: the clinic's version, the state and what else can change without a new state
  p_version bigint, p_from text, p_from_sequence int, p_from_hold timestamptz,
  -- true: the hold must still stand when it is moved
  p_standing boolean,
  p_key text, p_input_hash text, p_answer jsonb, p_answer_id uuid,
  p_state text, p_occupancy_state text, p_hold_expires_at timestamptz, p_counts_as_change boolean,
  p_patient uuid, p_name text, p_patient_key bytea, p_patient_key_version int, p_email bytea, p_email_index bytea, p_phone bytea,
  p_phone_index bytea, p_reason bytea,
  p_cancelled_by text, p_cancel_reason bytea,
  p_events jsonb, p_audit uuid, p_action text, p_detail jsonb,
  OUT status text, OUT stored jsonb, OUT xid text
)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  resource uuid;
BEGIN
  SELECT b.practitioner_id INTO resource FROM app.booking b WHERE b.clinic_id = p_clinic AND b.id = p_booking;
  IF resource IS NULL THEN
    status := 'missing';
    RETURN;
  END IF;
  PERFORM app.queue_for(p_clinic, ARRAY[resource]);

  SELECT jsonb_build_object('inputHash', i.input_hash, 'answer', i.answer) INTO stored
  FROM app.idempotency i WHERE i.clinic_id = p_clinic AND i.key = p_key;
  IF stored IS NOT NULL THEN
    status := 'answered';
    RETURN;
  END IF;

  -- The row is locked before what depends on it is written, so that a change of nothing leaves nothing behind.
  PERFORM FROM app.booking b
  WHERE b.clinic_id = p_clinic AND b.id = p_booking AND b.state = p_from AND b.sequence = p_from_sequence
    AND b.hold_expires_at IS NOT DISTINCT FROM p_from_hold
    AND (NOT p_standing OR b.hold_expires_at > clock_timestamp())
    AND EXISTS (SELECT FROM platform.clinic c WHERE c.id = p_clinic AND c.rules_version = p_version)
  FOR UPDATE;
  IF NOT FOUND THEN
    status := 'changed';
    RETURN;
  END IF;

  WITH patient AS (
    INSERT INTO app.patient (clinic_id, id, name, email_sealed, email_index, phone_sealed, phone_index)
    SELECT p_clinic, p_patient, p_name, p_email, p_email_index, p_phone, p_phone_index WHERE p_patient IS NOT NULL
  ), patient_key AS (
    INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
    SELECT p_clinic, p_patient, p_patient_key_version, p_patient_key WHERE p_patient IS NOT NULL
  ), moved AS (
    UPDATE app.booking b SET state = p_state, hold_expires_at = p_hold_expires_at,
      patient_id = coalesce(p_patient, b.patient_id), reason_sealed = coalesce(p_reason, b.reason_sealed),
      cancelled_by = p_cancelled_by, cancel_reason_sealed = p_cancel_reason,
      sequence = b.sequence + p_counts_as_change::int, updated_at = clock_timestamp()
    WHERE b.clinic_id = p_clinic AND b.id = p_booking
  ), occupied AS (
    UPDATE app.occupancy o SET state = p_occupancy_state, hold_expires_at = p_hold_expires_at
    WHERE o.clinic_id = p_clinic AND o.booking_id = p_booking
  ), event AS (
    INSERT INTO app.event (clinic_id, id, type, payload, live, not_before)
    SELECT p_clinic, e.id, e.type, e.payload, e.live, coalesce(e."notBefore", now())
    FROM jsonb_to_recordset(p_events) AS e(id uuid, type text, payload jsonb, live boolean, "notBefore" timestamptz)
  ), answer AS (
    INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
    SELECT p_clinic, p_answer_id, p_key, p_input_hash, p_answer WHERE p_key IS NOT NULL
  )
  INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
  VALUES (p_clinic, p_audit, current_setting('app.actor'), p_action, 'booking', p_booking, p_detail,
    nullif(current_setting('app.request_id', true), ''));
  status := 'moved';
  xid := pg_current_xact_id()::text;
END
$$;

REVOKE ALL ON FUNCTION app.take_time, app.move_booking FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.take_time, app.move_booking TO app_rt;

RESET ROLE;
