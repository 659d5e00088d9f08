-- The short way of booking sees two things more: buffers that were shared once, and seats whose holds have run out. And
-- a double booking is told only to the browser that made the other one.
SET ROLE app_owner;

-- Few clinics ever share buffers: for the others this index is empty and costs nothing.
CREATE INDEX occupancy_beside ON app.occupancy (clinic_id, resource_id, blocked_from) WHERE buffer_before > 0 OR buffer_after > 0;

-- Takes a time for someone. status: taken_now; or, with nothing written but what it swept: answered (the key was used before: `stored`
-- says for what), stale (the facts have changed since, or their clock was off: decide again), taken (somebody has it).
CREATE OR REPLACE FUNCTION app.take_time(
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
  beside boolean;
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

  FOR look IN 1..2 LOOP
    SELECT (SELECT jsonb_build_object('inputHash', i.input_hash, 'answer', i.answer)
        FROM app.idempotency i WHERE i.clinic_id = p_clinic AND i.key = p_key),
      (SELECT c.rules_version FROM platform.clinic c WHERE c.id = p_clinic),
      -- Buffers that a clinic let neighbours share are kept beside the blocked span. It shares them no longer, or this visit
      -- would have been decided under the locks; so they count in full.
      EXISTS (SELECT FROM app.occupancy o
        WHERE o.clinic_id = p_clinic AND o.resource_id = p_resource AND (o.buffer_before > 0 OR o.buffer_after > 0)
          AND o.state IN ('held', 'booked') AND (o.state = 'booked' OR o.hold_expires_at > clock_timestamp())
          -- neither a blocked span nor a buffer is longer than a day
          AND o.blocked_from >= p_blocked_from - interval '2 days' AND o.blocked_from < p_blocked_to + interval '1 day'
          AND o.blocked_from - make_interval(mins => o.buffer_before) < p_blocked_to
          AND o.blocked_to + make_interval(mins => o.buffer_after) > p_blocked_from
          AND (former = '{}' OR o.booking_id IS NULL OR o.booking_id <> ALL (former))),
      count(*) FILTER (WHERE o.state = 'booked' OR o.hold_expires_at > clock_timestamp()),
      count(*) FILTER (WHERE o.state = 'held' AND o.hold_expires_at <= clock_timestamp())
    INTO stored, version, beside, standing, lapsed
    FROM app.occupancy o
    WHERE o.clinic_id = p_clinic AND o.resource_id = p_resource AND o.state IN ('held', 'booked')
      -- nothing blocks more than a day (occupancy_length), so the lower bound loses none
      AND o.blocked_from >= p_blocked_from - interval '1 day' AND o.blocked_from < p_blocked_to AND o.blocked_to > p_blocked_from
      AND (former = '{}' OR o.booking_id IS NULL OR o.booking_id <> ALL (former));
    EXIT WHEN standing = 0 OR stored IS NOT NULL OR look = 2;
    -- A session occupies its time as booked, also when nobody sits in it but holds that have run out.
    EXIT WHEN NOT EXISTS (SELECT FROM app.occupancy o
      JOIN app.seat s ON s.clinic_id = o.clinic_id AND s.session_id = o.session_id
      JOIN app.booking b ON b.clinic_id = s.clinic_id AND b.id = s.booking_id
      WHERE o.clinic_id = p_clinic AND o.resource_id = p_resource AND o.session_id IS NOT NULL AND o.state = 'booked'
        AND o.blocked_from >= p_blocked_from - interval '1 day' AND o.blocked_from < p_blocked_to AND o.blocked_to > p_blocked_from
        AND b.state IN ('held', 'requested', 'awaiting_payment') AND b.hold_expires_at <= clock_timestamp());
    SELECT e.xid INTO xid FROM app.expire_holds(p_clinic, ARRAY[p_resource]) e;
  END LOOP;

  status := CASE
    WHEN stored IS NOT NULL THEN 'answered'
    WHEN version IS DISTINCT FROM p_version OR now() NOT BETWEEN p_now - interval '5 seconds' AND p_now + interval '5 seconds'
      THEN 'stale'
    WHEN standing > 0 OR beside THEN 'taken'
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

-- Whether somebody who can be reached the same way has another booking that meets a time: a warning, never a refusal.
-- Only of a booking made in the same browser (under the same mark): that a person is a patient of a clinic is nobody
-- else's to know, and an address or a number is easily typed.
CREATE OR REPLACE FUNCTION app.own_clash(
  p_clinic uuid, p_email_index bytea, p_phone_index bytea, p_starts_at timestamptz, p_ends_at timestamptz, p_except uuid
) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  mark bytea := (SELECT b.holder_hash FROM app.booking b WHERE b.clinic_id = p_clinic AND b.id = p_except);
BEGIN
  RETURN mark IS NOT NULL AND EXISTS (
    -- A visit makes a new record, so the newest ones of a contact are those whose visits lie ahead.
    SELECT FROM (
      SELECT p.id FROM app.patient p WHERE p.clinic_id = p_clinic AND p.email_index = p_email_index
      UNION ALL
      SELECT p.id FROM app.patient p WHERE p.clinic_id = p_clinic AND p.phone_index = p_phone_index
      ORDER BY id DESC LIMIT 20
    ) known JOIN app.booking b ON b.clinic_id = p_clinic AND b.patient_id = known.id
    WHERE b.starts_at < p_ends_at AND b.ends_at > p_starts_at AND b.id <> p_except AND b.holder_hash = mark
      AND b.state IN ('requested', 'awaiting_payment', 'confirmed', 'checked_in', 'in_consultation')
  );
END
$$;

RESET ROLE;
