-- Bookings that hold several resources, sit in a group session, or belong to one person's open hold: every function of
-- the write path queues for all that a booking holds, and what lets a booking go gives its seat back.
SET ROLE app_owner;

-- Gives the seats of some bookings back. The last one leaves the session's time. The caller has queued for its resources.
CREATE FUNCTION app.leave_seats(p_clinic uuid, p_bookings uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  WITH gone AS (
    DELETE FROM app.seat WHERE clinic_id = p_clinic AND booking_id = ANY (p_bookings) RETURNING session_id
  ), freed AS (
    UPDATE app.group_session g SET taken = g.taken - x.seats
    FROM (SELECT session_id, count(*)::int AS seats FROM gone GROUP BY session_id) x
    WHERE g.clinic_id = p_clinic AND g.id = x.session_id
    RETURNING g.id, g.taken
  )
  UPDATE app.occupancy o SET state = 'released'
  FROM freed WHERE o.clinic_id = p_clinic AND o.session_id = freed.id AND freed.taken = 0;
END
$$;

-- Every resource some bookings hold, themselves or through their session.
CREATE FUNCTION app.resources_of(p_clinic uuid, p_bookings uuid[]) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  RETURN ARRAY(
    SELECT b.practitioner_id FROM app.booking b WHERE b.clinic_id = p_clinic AND b.id = ANY (p_bookings)
    UNION
    SELECT o.resource_id FROM app.occupancy o WHERE o.clinic_id = p_clinic AND o.booking_id = ANY (p_bookings)
    UNION
    SELECT o.resource_id FROM app.seat s JOIN app.occupancy o ON o.clinic_id = s.clinic_id AND o.session_id = s.session_id
    WHERE s.clinic_id = p_clinic AND s.booking_id = ANY (p_bookings)
  );
END
$$;

-- Lets bookings go that are not confirmed yet: their time, their seats, with an event and an audit row each. The caller
-- has queued for their resources.
CREATE FUNCTION app.let_go(p_clinic uuid, p_bookings uuid[], p_actor text, p_action text) RETURNS int
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  gone int;
BEGIN
  WITH before AS (
    SELECT b.id, b.state, b.practitioner_id, b.starts_at, b.ends_at FROM app.booking b
    WHERE b.clinic_id = p_clinic AND b.id = ANY (p_bookings) AND b.state IN ('held', 'requested', 'awaiting_payment')
  ), expired AS (
    UPDATE app.booking b SET state = 'expired', updated_at = clock_timestamp()
    FROM before WHERE b.clinic_id = p_clinic AND b.id = before.id
  ), freed AS (
    UPDATE app.occupancy o SET state = 'released'
    FROM before WHERE o.clinic_id = p_clinic AND o.booking_id = before.id
    RETURNING o.booking_id, o.resource_id, o.blocked_from, o.blocked_to
  ), place AS (
    SELECT booking_id, jsonb_agg(resource_id) AS resources, min(blocked_from) AS blocked_from, max(blocked_to) AS blocked_to
    FROM freed GROUP BY booking_id
  ), event AS (
    INSERT INTO app.event (clinic_id, id, type, payload)
    SELECT p_clinic, gen_random_uuid(), 'booking.expired', jsonb_build_object('bookingId', b.id, 'from', b.state,
      'resourceIds', coalesce(p.resources, jsonb_build_array(b.practitioner_id)), 'startsAt', app.iso_instant(b.starts_at),
      'blockedFrom', app.iso_instant(coalesce(p.blocked_from, b.starts_at)),
      'blockedTo', app.iso_instant(coalesce(p.blocked_to, b.ends_at)))
    FROM before b LEFT JOIN place p ON p.booking_id = b.id
  ), audit AS (
    INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id, detail, request_id)
    SELECT p_clinic, gen_random_uuid(), p_actor, p_action, 'booking', b.id,
      jsonb_build_object('from', b.state, 'to', 'expired'), nullif(current_setting('app.request_id', true), '')
    FROM before b
  )
  SELECT count(*) INTO gone FROM before;
  PERFORM app.leave_seats(p_clinic, p_bookings);
  RETURN gone;
END
$$;

-- Lets go of the holds and requests of some resources that have run out, with everything else those bookings hold.
CREATE OR REPLACE FUNCTION app.expire_holds(p_clinic uuid, p_resources uuid[], OUT released int, OUT xid text)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  lapsed uuid[];
BEGIN
  PERFORM app.queue_for(p_clinic, p_resources);
  -- A booking of several resources is swept through any of them, by one who queued for one of them only. The rows are
  -- locked in one order, so that two sweepers do not wait for each other in a circle, and looked at again once locked.
  lapsed := ARRAY(
    SELECT b.id FROM app.booking b
    WHERE b.clinic_id = p_clinic AND b.id IN (
        SELECT booking_id FROM app.occupancy
        WHERE clinic_id = p_clinic AND resource_id = ANY (p_resources)
          -- what can run out does so an hour from now or at its start at the latest, so this bound loses none and the index takes it
          AND blocked_from > statement_timestamp() - interval '1 day'
          AND state = 'held' AND hold_expires_at <= clock_timestamp()
        UNION
        SELECT s.booking_id FROM app.occupancy o
        JOIN app.seat s ON s.clinic_id = o.clinic_id AND s.session_id = o.session_id
        WHERE o.clinic_id = p_clinic AND o.resource_id = ANY (p_resources)
          AND o.blocked_from > statement_timestamp() - interval '1 day' AND o.session_id IS NOT NULL AND o.state <> 'released'
      )
      AND b.state IN ('held', 'requested', 'awaiting_payment') AND b.hold_expires_at <= clock_timestamp()
    ORDER BY b.id FOR UPDATE
  );
  released := 0;
  IF cardinality(lapsed) > 0 THEN
    released := app.let_go(p_clinic, lapsed, 'system:holds', 'booking.expired');
    xid := pg_current_xact_id()::text;
  END IF;
END
$$;

-- Begins a transaction that decides under the locks: queues for resources, lets go of what has run out on them, and says
-- what time it is and what is stored under a key. VOLATILE: what stands behind the queue has a snapshot of its own.
CREATE FUNCTION app.join_queue(p_clinic uuid, p_resources uuid[], p_key text, OUT now float8, OUT stored jsonb, OUT xid text)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  SELECT e.xid INTO xid FROM app.expire_holds(p_clinic, p_resources) e;
  SELECT jsonb_build_object('inputHash', i.input_hash, 'answer', i.answer) INTO stored
  FROM app.idempotency i WHERE i.clinic_id = p_clinic AND i.key = p_key;
  now := floor(extract(epoch FROM clock_timestamp()) * 1000);
END
$$;

-- What the holder of a browser's mark holds already, and a place in the queue of those who hold under that mark: taken
-- before any resource's, by everybody, so that nobody waits in a circle.
CREATE FUNCTION app.open_holds(p_clinic uuid, p_holder bytea) RETURNS uuid[]
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  PERFORM app.queue_for(p_clinic, ARRAY[encode(substr(p_holder, 1, 16), 'hex')::uuid]);
  RETURN ARRAY(SELECT b.id FROM app.booking b WHERE b.clinic_id = p_clinic AND b.holder_hash = p_holder AND b.state = 'held');
END
$$;

-- Whether somebody who can be reached the same way has another booking that meets a time: a warning, never a refusal.
CREATE FUNCTION app.own_clash(
  p_clinic uuid, p_email_index bytea, p_phone_index bytea, p_starts_at timestamptz, p_ends_at timestamptz, p_except uuid
) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
BEGIN
  RETURN EXISTS (
    -- A visit makes a new record, so the newest ones of a contact are those whose visits lie ahead.
    SELECT FROM (
      SELECT p.id FROM app.patient p WHERE p.clinic_id = p_clinic AND p.email_index = p_email_index
      UNION ALL
      SELECT p.id FROM app.patient p WHERE p.clinic_id = p_clinic AND p.phone_index = p_phone_index
      ORDER BY id DESC LIMIT 20
    ) known JOIN app.booking b ON b.clinic_id = p_clinic AND b.patient_id = known.id
    WHERE b.starts_at < p_ends_at AND b.ends_at > p_starts_at AND b.id <> p_except
      AND b.state IN ('requested', 'awaiting_payment', 'confirmed', 'checked_in', 'in_consultation')
  );
END
$$;

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
  -- under which mark it is held: what is held under it already goes if this one is had
  p_holder bytea DEFAULT NULL,
  -- clash: the patient who books has another booking at that time
  OUT status text, OUT stored jsonb, OUT xid text, OUT clash boolean
)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  former uuid[] := '{}';
  version bigint;
  standing bigint;
  lapsed bigint;
BEGIN
  IF p_holder IS NOT NULL THEN
    former := app.open_holds(p_clinic, p_holder);
  END IF;
  IF former = '{}' THEN
    PERFORM app.queue_for(p_clinic, ARRAY[p_resource]);
  ELSE
    PERFORM app.queue_for(p_clinic, p_resource || app.resources_of(p_clinic, former));
    -- one that was confirmed meanwhile is not a hold any more
    former := ARRAY(SELECT b.id FROM app.booking b WHERE b.clinic_id = p_clinic AND b.id = ANY (former) AND b.state = 'held');
  END IF;

  SELECT (SELECT jsonb_build_object('inputHash', i.input_hash, 'answer', i.answer)
      FROM app.idempotency i WHERE i.clinic_id = p_clinic AND i.key = p_key),
    (SELECT c.rules_version FROM platform.clinic c WHERE c.id = p_clinic),
    count(*) FILTER (WHERE o.state = 'booked' OR o.hold_expires_at > clock_timestamp()),
    count(*) FILTER (WHERE o.state = 'held' AND o.hold_expires_at <= clock_timestamp())
  INTO stored, version, standing, lapsed
  FROM app.occupancy o
  WHERE o.clinic_id = p_clinic AND o.resource_id = p_resource AND o.state IN ('held', 'booked')
    -- nothing blocks more than a day (occupancy_length), so the lower bound loses none
    AND o.blocked_from >= p_blocked_from - interval '1 day' AND o.blocked_from < p_blocked_to AND o.blocked_to > p_blocked_from
    AND (former = '{}' OR o.booking_id IS NULL OR o.booking_id <> ALL (former));

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
  IF former <> '{}' THEN
    PERFORM app.let_go(p_clinic, former, current_setting('app.actor'), 'booking.hold_released');
  END IF;

  WITH patient AS (
    INSERT INTO app.patient (clinic_id, id, name, email_sealed, email_index, phone_sealed, phone_index)
    SELECT p_clinic, p_patient, p_name, p_email, p_email_index, p_phone, p_phone_index WHERE p_patient IS NOT NULL
  ), patient_key AS (
    INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
    SELECT p_clinic, p_patient, p_patient_key_version, p_patient_key WHERE p_patient IS NOT NULL
  ), booking AS (
    INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at,
      hold_expires_at, reason_sealed, booked_by, created_at, holder_hash)
    VALUES (p_clinic, p_booking, p_ref, p_token_hash, p_patient, p_service, p_resource, p_state, p_starts_at, p_ends_at,
      p_hold_expires_at, p_reason, p_booked_by, p_now, p_holder)
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
  clash := p_patient IS NOT NULL AND p_booked_by = 'patient'
    AND app.own_clash(p_clinic, p_email_index, p_phone_index, p_starts_at, p_ends_at, p_booking);
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
  -- a patient without a name is there already
  p_patient uuid, p_name text, p_patient_key bytea, p_patient_key_version int, p_email bytea, p_email_index bytea, p_phone bytea,
  p_phone_index bytea, p_reason bytea,
  p_cancelled_by text, p_cancel_reason bytea,
  p_events jsonb, p_audit uuid, p_action text, p_detail jsonb,
  OUT status text, OUT stored jsonb, OUT xid text, OUT clash boolean
)
  LANGUAGE plpgsql VOLATILE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  resources uuid[];
BEGIN
  -- A booking that moves to other resources before we have queued for these has another sequence by then.
  resources := app.resources_of(p_clinic, ARRAY[p_booking]);
  IF resources = '{}' THEN
    status := 'missing';
    RETURN;
  END IF;
  PERFORM app.queue_for(p_clinic, resources);

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
    SELECT p_clinic, p_patient, p_name, p_email, p_email_index, p_phone, p_phone_index WHERE p_name IS NOT NULL
  ), patient_key AS (
    INSERT INTO app.patient_key (clinic_id, id, version, wrapped)
    SELECT p_clinic, p_patient, p_patient_key_version, p_patient_key WHERE p_name IS NOT NULL
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
  IF p_occupancy_state = 'released' THEN
    PERFORM app.leave_seats(p_clinic, ARRAY[p_booking]);
  END IF;
  status := 'moved';
  xid := pg_current_xact_id()::text;
  IF p_patient IS NOT NULL THEN
    SELECT app.own_clash(p_clinic, p_email_index, p_phone_index, b.starts_at, b.ends_at, b.id) INTO clash
    FROM app.booking b WHERE b.clinic_id = p_clinic AND b.id = p_booking;
  END IF;
END
$$;

REVOKE ALL ON FUNCTION app.take_time, app.move_booking, app.leave_seats, app.resources_of, app.let_go, app.join_queue, app.open_holds, app.own_clash FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.take_time, app.move_booking, app.leave_seats, app.resources_of, app.let_go, app.join_queue, app.open_holds, app.own_clash TO app_rt;

RESET ROLE;
