-- No double booking, and the bounds of every column that has any.
SET ROLE app_owner;

-- The proof against double booking; the advisory lock in the booking path is only the queue in front of it.
-- Half-open, so back to back is legal. Leave and closures stand outside: they may be laid over existing bookings.
ALTER TABLE app.occupancy
  ADD CONSTRAINT occupancy_order CHECK (ends_at > starts_at),
  -- An empty range overlaps nothing and would slip past the exclusion.
  ADD CONSTRAINT occupancy_blocked CHECK (blocked_to > blocked_from AND blocked_from <= starts_at AND blocked_to >= ends_at),
  -- Readers look one day back for what may still block.
  ADD CONSTRAINT occupancy_length CHECK (blocked_to - blocked_from <= interval '1 day'),
  ADD CONSTRAINT occupancy_state CHECK (state IN ('held', 'booked', 'released')),
  ADD CONSTRAINT occupancy_hold CHECK (state <> 'held' OR hold_expires_at IS NOT NULL),
  ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (
    clinic_id WITH =, resource_id WITH =, tstzrange(blocked_from, blocked_to, '[)') WITH &&
  ) WHERE (state IN ('held', 'booked') AND NOT squeeze_in);

ALTER TABLE app.booking
  ADD CONSTRAINT booking_state CHECK (state IN ('held', 'awaiting_payment', 'requested', 'confirmed', 'checked_in',
    'in_consultation', 'completed', 'expired', 'cancelled', 'no_show', 'declined')),
  ADD CONSTRAINT booking_order CHECK (ends_at > starts_at),
  ADD CONSTRAINT booking_hold CHECK (state <> 'held' OR hold_expires_at IS NOT NULL),
  ADD CONSTRAINT booking_ref CHECK (ref ~ '^[A-Z0-9]{4,8}$'),
  ADD CONSTRAINT booking_token_hash CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT booking_by CHECK (booked_by IN ('patient', 'staff')),
  ADD CONSTRAINT booking_cancelled_by CHECK (cancelled_by IN ('patient', 'staff', 'system')),
  ADD CONSTRAINT booking_text CHECK (char_length(reason) <= 2000 AND char_length(cancel_reason) <= 2000),
  ADD CONSTRAINT booking_sequence CHECK (sequence >= 0);

ALTER TABLE app.patient
  ADD CONSTRAINT patient_text CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(email) <= 254
    AND char_length(phone) <= 32);

ALTER TABLE app.clinic_profile
  ADD CONSTRAINT clinic_profile_one CHECK (id = clinic_id),
  ADD CONSTRAINT clinic_profile_text CHECK (char_length(phone) <= 32 AND char_length(email) <= 254
    AND char_length(about) <= 4000),
  ADD CONSTRAINT clinic_profile_cancel CHECK (cancel_until_minutes BETWEEN 0 AND 43200);

ALTER TABLE app.location
  ADD CONSTRAINT location_text CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(address) <= 500);

ALTER TABLE app.resource
  ADD CONSTRAINT resource_kind CHECK (kind IN ('practitioner', 'room', 'device')),
  ADD CONSTRAINT resource_name CHECK (char_length(name) BETWEEN 1 AND 200);

ALTER TABLE app.practitioner
  ADD CONSTRAINT practitioner_approval CHECK (approval IN ('waiting', 'approved', 'declined')),
  ADD CONSTRAINT practitioner_text CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(registration_number) <= 64),
  ADD CONSTRAINT practitioner_position CHECK (position >= 0);

ALTER TABLE app.service
  ADD CONSTRAINT service_name CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT service_minutes CHECK (minutes BETWEEN 1 AND 1440 AND interval_minutes BETWEEN 1 AND 1440),
  ADD CONSTRAINT service_buffers CHECK (buffer_before >= 0 AND buffer_after >= 0 AND minutes + buffer_before + buffer_after <= 1440),
  ADD CONSTRAINT service_window CHECK (notice_minutes BETWEEN 0 AND 525600 AND horizon_days BETWEEN 1 AND 730),
  ADD CONSTRAINT service_price CHECK (price_cents BETWEEN 0 AND 1000000000),
  ADD CONSTRAINT service_mode CHECK (mode IN ('in_person', 'video')),
  ADD CONSTRAINT service_position CHECK (position >= 0);

ALTER TABLE app.opening_hours
  ADD CONSTRAINT opening_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
  ADD CONSTRAINT opening_hours_minutes CHECK (from_minute BETWEEN 0 AND 1439 AND to_minute BETWEEN 0 AND 1440);

ALTER TABLE app.hours_override
  ADD CONSTRAINT hours_override_windows CHECK (jsonb_typeof(windows) = 'array' AND octet_length(windows::text) <= 4096);

ALTER TABLE app.leave
  ADD CONSTRAINT leave_order CHECK (ends_at > starts_at);

ALTER TABLE app.idempotency
  ADD CONSTRAINT idempotency_key CHECK (char_length(key) BETWEEN 1 AND 255),
  ADD CONSTRAINT idempotency_input_hash CHECK (char_length(input_hash) BETWEEN 1 AND 128);

ALTER TABLE app.event
  ADD CONSTRAINT event_type CHECK (type ~ '^[a-z_]{1,40}\.[a-z_]{1,40}$'),
  ADD CONSTRAINT event_payload CHECK (jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 4096);

ALTER TABLE app.inbox
  ADD CONSTRAINT inbox_effect CHECK (effect ~ '^[A-Za-z0-9_.-]{1,80}$');

ALTER TABLE app.delivery
  ADD CONSTRAINT delivery_kind CHECK (kind IN ('confirmation', 'cancellation', 'reminder', 'verify_email', 'clinic_approved')),
  ADD CONSTRAINT delivery_channel CHECK (channel IN ('email')),
  ADD CONSTRAINT delivery_state CHECK (state IN ('queued', 'sent', 'failed')),
  ADD CONSTRAINT delivery_text CHECK (char_length(message_id) BETWEEN 1 AND 255 AND char_length(error) <= 2000);

ALTER TABLE app.audit_log
  ADD CONSTRAINT audit_log_actor CHECK (actor ~ '^(guest|system:[a-z0-9_.-]{1,60}|(platform:)?[0-9a-f-]{36})$'),
  ADD CONSTRAINT audit_log_text CHECK (char_length(action) BETWEEN 1 AND 100 AND char_length(entity) BETWEEN 1 AND 100
    AND char_length(request_id) <= 100),
  ADD CONSTRAINT audit_log_detail CHECK (jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 8192);

ALTER TABLE platform.clinic
  -- One label of a host name.
  ADD CONSTRAINT clinic_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT clinic_status CHECK (status IN ('practice', 'live', 'suspended', 'closed')),
  ADD CONSTRAINT clinic_text CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(zone) BETWEEN 1 AND 64);

ALTER TABLE platform.audit
  ADD CONSTRAINT audit_text CHECK (char_length(reason) BETWEEN 1 AND 500 AND char_length(action) BETWEEN 1 AND 100),
  ADD CONSTRAINT audit_detail CHECK (jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 8192);

ALTER TABLE auth.account
  ADD CONSTRAINT account_email CHECK (email = lower(btrim(email)) AND char_length(email) BETWEEN 3 AND 254),
  ADD CONSTRAINT account_name CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT account_password CHECK (password_hash LIKE '$argon2id$%' AND char_length(password_hash) <= 255),
  ADD CONSTRAINT account_platform_role CHECK (platform_role IN ('admin', 'support'));

-- Only hashes: a cookie or a mailed token is never stored as it was given out.
ALTER TABLE auth.session
  ADD CONSTRAINT session_id CHECK (id ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT session_kind CHECK (kind IN ('patient', 'staff', 'platform')),
  ADD CONSTRAINT session_expiry CHECK (expires_at <= absolute_expires_at);

ALTER TABLE auth.email_token
  ADD CONSTRAINT email_token_id CHECK (id ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT email_token_purpose CHECK (purpose IN ('verify_email'));

ALTER TABLE auth.member
  ADD CONSTRAINT member_role CHECK (role IN ('owner', 'manager', 'practitioner', 'reception', 'billing'));

-- The relay and the console's feed cross clinics; these are the only indexes of schema app not led by clinic_id.
CREATE INDEX event_due ON app.event (not_before, seq) WHERE relayed_at IS NULL;
CREATE INDEX event_undone ON app.event (relayed_at) WHERE done_at IS NULL AND relayed_at IS NOT NULL;
CREATE INDEX event_feed ON app.event (tx, seq) WHERE live;

RESET ROLE;
