-- Bookings written in one flight: decided in the application on facts of a known version, written by one function that
-- queues, looks whether those facts and the time still stand, and inserts everything or nothing.
SET ROLE app_owner;

-- One number per clinic for everything a booking is decided on. Whoever read facts together with version n knows that
-- they are unchanged for as long as the version is n.
ALTER TABLE "platform"."clinic" ADD COLUMN "rules_version" BIGINT NOT NULL DEFAULT 0;
GRANT UPDATE (rules_version) ON platform.clinic TO app_rt;

-- Whatever an update says, the version counts up by one: it cannot be set back to a number that was seen before.
CREATE FUNCTION app.count_clinic_version() RETURNS trigger
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  NEW.rules_version := OLD.rules_version + 1;
  RETURN NEW;
END
$$;
CREATE TRIGGER clinic_version BEFORE UPDATE ON platform.clinic
  FOR EACH ROW EXECUTE FUNCTION app.count_clinic_version();

-- Once per transaction is enough: nobody else sees the rows before it commits. xmin says whether this one did already.
CREATE FUNCTION app.rules_changed() RETURNS trigger
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  UPDATE platform.clinic SET rules_version = rules_version
  WHERE id IN (OLD.clinic_id, NEW.clinic_id) AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END
$$;
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.clinic_profile
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.location
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.practitioner
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.service
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.service_practitioner
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.opening_hours
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.hours_override
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.leave
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();

-- The functions below run as whoever calls them, under row security, and are VOLATILE: at READ COMMITTED each of their
-- statements has a snapshot of its own, so what stands behind the lock sees everything that was committed before it.
-- One statement with the lock inside would have taken its snapshot before it waited. Their plans are made once: each
-- has one good shape, and planning anew for the values of every booking costs more than running it.

-- The instant as our events tell it.
CREATE FUNCTION app.iso_instant(at timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- Waits for the queue of each resource, in the order of the locks' own keys, so that nobody waits in a circle.
CREATE FUNCTION app.queue_for(p_clinic uuid, p_resources uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = ''
  AS $$
DECLARE
  queue bigint;
BEGIN
  FOR queue IN
    SELECT DISTINCT hashtextextended(p_clinic::text || ':' || r::text, 0) FROM unnest(p_resources) AS r ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(queue);
  END LOOP;
END
$$;

-- Lets go of the holds of some resources that have run out, with their events and audit rows.
CREATE FUNCTION app.expire_holds(p_clinic uuid, p_resources uuid[], OUT released int, OUT xid text)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  PERFORM app.queue_for(p_clinic, p_resources);
  WITH lapsed AS (
    UPDATE app.occupancy SET state = 'released'
    WHERE clinic_id = p_clinic AND resource_id = ANY (p_resources)
      -- a hold lives an hour at most and its time lies ahead, so this bound loses none and the index takes it
      AND blocked_from > statement_timestamp() - interval '1 day'
      AND state = 'held' AND hold_expires_at <= clock_timestamp()
    RETURNING booking_id, resource_id, starts_at, blocked_from, blocked_to
  ), expired AS (
    UPDATE app.booking SET state = 'expired', updated_at = clock_timestamp()
    WHERE clinic_id = p_clinic AND id IN (SELECT booking_id FROM lapsed) AND state = 'held'
  ), event AS (
    INSERT INTO app.event (clinic_id, id, type, payload)
    SELECT p_clinic, gen_random_uuid(), 'booking.expired', jsonb_build_object('bookingId', booking_id,
      'resourceIds', jsonb_build_array(resource_id), 'startsAt', app.iso_instant(starts_at),
      'blockedFrom', app.iso_instant(blocked_from), 'blockedTo', app.iso_instant(blocked_to))
    FROM lapsed
  ), audit AS (
    INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
    SELECT p_clinic, gen_random_uuid(), 'system:holds', 'booking.expired', 'booking', booking_id,
      '{"from": "held", "to": "expired"}', nullif(current_setting('app.request_id', true), '')
    FROM lapsed
  )
  SELECT count(*), CASE WHEN count(*) > 0 THEN pg_current_xact_id()::text END INTO released, xid FROM lapsed;
END
$$;

-- Takes a time for someone. status: taken_now; or, with nothing written: answered (the key was used before: `stored`
-- says for what), stale (the facts have changed since, or their clock was off: decide again), taken (somebody has it).
CREATE FUNCTION app.take_time(
  p_clinic uuid, p_resource uuid, p_service uuid, p_booking uuid,
  -- what was decided on: the clinic's version and the instant taken for now
  p_version bigint, p_now timestamptz,
  p_key text, p_input_hash text, p_answer jsonb, p_answer_id uuid,
  p_state text, p_starts_at timestamptz, p_ends_at timestamptz, p_blocked_from timestamptz, p_blocked_to timestamptz,
  p_hold_expires_at timestamptz, p_occupancy uuid,
  p_patient uuid, p_name text, p_email text, p_phone text, p_reason text,
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
    INSERT INTO app.patient (clinic_id, id, name, email, phone)
    SELECT p_clinic, p_patient, p_name, p_email, p_phone WHERE p_patient IS NOT NULL
  ), booking AS (
    INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at,
      hold_expires_at, reason, booked_by, created_at)
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
  p_patient uuid, p_name text, p_email text, p_phone text, p_reason text,
  p_cancelled_by text, p_cancel_reason text,
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
    INSERT INTO app.patient (clinic_id, id, name, email, phone)
    SELECT p_clinic, p_patient, p_name, p_email, p_phone WHERE p_patient IS NOT NULL
  ), moved AS (
    UPDATE app.booking b SET state = p_state, hold_expires_at = p_hold_expires_at,
      patient_id = coalesce(p_patient, b.patient_id), reason = coalesce(p_reason, b.reason),
      cancelled_by = p_cancelled_by, cancel_reason = p_cancel_reason,
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

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.iso_instant, app.queue_for, app.expire_holds, app.take_time, app.move_booking TO app_rt;

RESET ROLE;
