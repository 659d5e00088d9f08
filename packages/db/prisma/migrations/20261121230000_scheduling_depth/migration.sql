-- What a clinic's times are made of in full: other lengths, limits, rooms and devices, timetables, closures; group
-- sessions with seats, sets of bookings, questions asked at booking, the waitlist, calendar addresses.
SET ROLE app_owner;

-- DropIndex
DROP INDEX "app"."booking_clinic_id_service_id_idx";

-- DropIndex
DROP INDEX "app"."patient_clinic_id_account_id_idx";

-- DropIndex
DROP INDEX "app"."patient_clinic_id_email_index_idx";

-- DropIndex
DROP INDEX "app"."patient_clinic_id_phone_index_idx";

-- AlterTable
ALTER TABLE "app"."booking" ADD COLUMN     "holder_hash" BYTEA,
ADD COLUMN     "moved_from" TIMESTAMPTZ(3),
ADD COLUMN     "set_id" UUID,
ADD COLUMN     "set_kind" TEXT,
ADD COLUMN     "squeeze_reason_sealed" BYTEA,
ADD COLUMN     "squeezed_by" UUID;

-- AlterTable
ALTER TABLE "app"."clinic_profile" ADD COLUMN     "holiday_country" TEXT,
ADD COLUMN     "share_buffers" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "squeeze_in_cap" INTEGER NOT NULL DEFAULT 2;

-- AlterTable
ALTER TABLE "app"."leave" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'leave',
ADD COLUMN     "label" TEXT;

-- AlterTable
ALTER TABLE "app"."occupancy" ADD COLUMN     "buffer_after" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "buffer_before" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "session_id" UUID,
ALTER COLUMN "booking_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "app"."patient" ADD COLUMN     "guardian_id" UUID;

-- AlterTable
ALTER TABLE "app"."resource" ADD COLUMN     "active" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "day_count" INTEGER,
ADD COLUMN     "day_minutes" INTEGER,
ADD COLUMN     "week_count" INTEGER,
ADD COLUMN     "week_minutes" INTEGER;

-- AlterTable
ALTER TABLE "app"."service" ADD COLUMN     "alignment" TEXT NOT NULL DEFAULT 'clock',
ADD COLUMN     "alignment_offset" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "day_count" INTEGER,
ADD COLUMN     "day_minutes" INTEGER,
ADD COLUMN     "horizon_from" DATE,
ADD COLUMN     "horizon_kind" TEXT NOT NULL DEFAULT 'days',
ADD COLUMN     "horizon_until" DATE,
ADD COLUMN     "needs_approval" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "other_minutes" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN     "seats" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "week_count" INTEGER,
ADD COLUMN     "week_minutes" INTEGER;

-- CreateTable
CREATE TABLE "app"."group_session" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "capacity" INTEGER NOT NULL,
    "taken" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "group_session_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."seat" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "seat_no" INTEGER NOT NULL,
    "booking_id" UUID NOT NULL,

    CONSTRAINT "seat_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."intake_question" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "kind" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "options" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "required" BOOLEAN NOT NULL DEFAULT false,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "intake_question_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."intake_answer" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "booking_id" UUID NOT NULL,
    "question_id" UUID NOT NULL,
    "answer_sealed" BYTEA NOT NULL,

    CONSTRAINT "intake_answer_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."calendar_feed" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID,
    "patient_id" UUID,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_feed_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."leave_kept" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "leave_id" UUID NOT NULL,
    "booking_id" UUID NOT NULL,

    CONSTRAINT "leave_kept_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."timetable" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "from_date" DATE,
    "until_date" DATE,
    "weekly" JSONB NOT NULL,

    CONSTRAINT "timetable_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."closure" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "label" TEXT NOT NULL,

    CONSTRAINT "closure_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."service_need" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "count" INTEGER NOT NULL DEFAULT 1,
    "minutes" INTEGER,
    "buffer_before" INTEGER,
    "buffer_after" INTEGER,

    CONSTRAINT "service_need_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."service_need_resource" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "need_id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,

    CONSTRAINT "service_need_resource_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."waitlist_entry" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "urgency" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "wishes" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "token_hash" TEXT NOT NULL,

    CONSTRAINT "waitlist_entry_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."waitlist_gap" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waitlist_gap_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."waitlist_offer" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "gap_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "booking_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'live',
    "offered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "rank" JSONB NOT NULL,

    CONSTRAINT "waitlist_offer_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "group_session_clinic_id_practitioner_id_starts_at_idx" ON "app"."group_session"("clinic_id", "practitioner_id", "starts_at");

-- CreateIndex
CREATE INDEX "group_session_clinic_id_service_id_idx" ON "app"."group_session"("clinic_id", "service_id");

-- CreateIndex
CREATE UNIQUE INDEX "seat_clinic_id_session_id_seat_no_key" ON "app"."seat"("clinic_id", "session_id", "seat_no");

-- CreateIndex
CREATE UNIQUE INDEX "seat_clinic_id_booking_id_key" ON "app"."seat"("clinic_id", "booking_id");

-- CreateIndex
CREATE INDEX "intake_question_clinic_id_service_id_idx" ON "app"."intake_question"("clinic_id", "service_id");

-- CreateIndex
CREATE INDEX "intake_answer_clinic_id_question_id_idx" ON "app"."intake_answer"("clinic_id", "question_id");

-- CreateIndex
CREATE UNIQUE INDEX "intake_answer_clinic_id_booking_id_question_id_key" ON "app"."intake_answer"("clinic_id", "booking_id", "question_id");

-- CreateIndex
CREATE INDEX "calendar_feed_clinic_id_practitioner_id_idx" ON "app"."calendar_feed"("clinic_id", "practitioner_id");

-- CreateIndex
CREATE INDEX "calendar_feed_clinic_id_patient_id_idx" ON "app"."calendar_feed"("clinic_id", "patient_id");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_feed_clinic_id_token_hash_key" ON "app"."calendar_feed"("clinic_id", "token_hash");

-- CreateIndex
CREATE INDEX "leave_kept_clinic_id_booking_id_idx" ON "app"."leave_kept"("clinic_id", "booking_id");

-- CreateIndex
CREATE UNIQUE INDEX "leave_kept_clinic_id_leave_id_booking_id_key" ON "app"."leave_kept"("clinic_id", "leave_id", "booking_id");

-- CreateIndex
CREATE INDEX "timetable_clinic_id_resource_id_idx" ON "app"."timetable"("clinic_id", "resource_id");

-- CreateIndex
CREATE INDEX "closure_clinic_id_starts_at_idx" ON "app"."closure"("clinic_id", "starts_at");

-- CreateIndex
CREATE INDEX "service_need_clinic_id_service_id_idx" ON "app"."service_need"("clinic_id", "service_id");

-- CreateIndex
CREATE INDEX "service_need_resource_clinic_id_resource_id_idx" ON "app"."service_need_resource"("clinic_id", "resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_need_resource_clinic_id_need_id_resource_id_key" ON "app"."service_need_resource"("clinic_id", "need_id", "resource_id");

-- CreateIndex
CREATE INDEX "waitlist_entry_clinic_id_state_since_idx" ON "app"."waitlist_entry"("clinic_id", "state", "since");

-- CreateIndex
CREATE INDEX "waitlist_entry_clinic_id_patient_id_idx" ON "app"."waitlist_entry"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "waitlist_entry_clinic_id_service_id_idx" ON "app"."waitlist_entry"("clinic_id", "service_id");

-- CreateIndex
CREATE UNIQUE INDEX "waitlist_entry_clinic_id_token_hash_key" ON "app"."waitlist_entry"("clinic_id", "token_hash");

-- CreateIndex
CREATE INDEX "waitlist_gap_clinic_id_state_starts_at_idx" ON "app"."waitlist_gap"("clinic_id", "state", "starts_at");

-- CreateIndex
CREATE INDEX "waitlist_gap_clinic_id_resource_id_idx" ON "app"."waitlist_gap"("clinic_id", "resource_id");

-- CreateIndex
CREATE INDEX "waitlist_offer_clinic_id_entry_id_idx" ON "app"."waitlist_offer"("clinic_id", "entry_id");

-- CreateIndex
CREATE INDEX "waitlist_offer_clinic_id_booking_id_idx" ON "app"."waitlist_offer"("clinic_id", "booking_id");

-- CreateIndex
CREATE UNIQUE INDEX "waitlist_offer_clinic_id_gap_id_entry_id_key" ON "app"."waitlist_offer"("clinic_id", "gap_id", "entry_id");

-- AddForeignKey
ALTER TABLE "app"."patient" ADD CONSTRAINT "patient_clinic_id_guardian_id_fkey" FOREIGN KEY ("clinic_id", "guardian_id") REFERENCES "app"."patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."occupancy" ADD CONSTRAINT "occupancy_clinic_id_session_id_fkey" FOREIGN KEY ("clinic_id", "session_id") REFERENCES "app"."group_session"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."group_session" ADD CONSTRAINT "group_session_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."group_session" ADD CONSTRAINT "group_session_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "app"."practitioner"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."seat" ADD CONSTRAINT "seat_clinic_id_session_id_fkey" FOREIGN KEY ("clinic_id", "session_id") REFERENCES "app"."group_session"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."seat" ADD CONSTRAINT "seat_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."intake_question" ADD CONSTRAINT "intake_question_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."intake_answer" ADD CONSTRAINT "intake_answer_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."intake_answer" ADD CONSTRAINT "intake_answer_clinic_id_question_id_fkey" FOREIGN KEY ("clinic_id", "question_id") REFERENCES "app"."intake_question"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."calendar_feed" ADD CONSTRAINT "calendar_feed_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "app"."practitioner"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."calendar_feed" ADD CONSTRAINT "calendar_feed_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "app"."patient"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."leave_kept" ADD CONSTRAINT "leave_kept_clinic_id_leave_id_fkey" FOREIGN KEY ("clinic_id", "leave_id") REFERENCES "app"."leave"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."leave_kept" ADD CONSTRAINT "leave_kept_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."timetable" ADD CONSTRAINT "timetable_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."service_need" ADD CONSTRAINT "service_need_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."service_need_resource" ADD CONSTRAINT "service_need_resource_clinic_id_need_id_fkey" FOREIGN KEY ("clinic_id", "need_id") REFERENCES "app"."service_need"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."service_need_resource" ADD CONSTRAINT "service_need_resource_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_entry" ADD CONSTRAINT "waitlist_entry_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "app"."patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_entry" ADD CONSTRAINT "waitlist_entry_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_gap" ADD CONSTRAINT "waitlist_gap_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_offer" ADD CONSTRAINT "waitlist_offer_clinic_id_gap_id_fkey" FOREIGN KEY ("clinic_id", "gap_id") REFERENCES "app"."waitlist_gap"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_offer" ADD CONSTRAINT "waitlist_offer_clinic_id_entry_id_fkey" FOREIGN KEY ("clinic_id", "entry_id") REFERENCES "app"."waitlist_entry"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."waitlist_offer" ADD CONSTRAINT "waitlist_offer_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Most rows have none of these: an index entry for NULL is only written, never read. A service is never deleted, so no
-- foreign key looks for its bookings.
CREATE INDEX patient_account ON app.patient (clinic_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX patient_guardian ON app.patient (clinic_id, guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX patient_email ON app.patient (clinic_id, email_index) WHERE email_index IS NOT NULL;
CREATE INDEX patient_phone ON app.patient (clinic_id, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX booking_set ON app.booking (clinic_id, set_id) WHERE set_id IS NOT NULL;
CREATE INDEX booking_holder ON app.booking (clinic_id, holder_hash) WHERE state = 'held' AND holder_hash IS NOT NULL;
CREATE INDEX occupancy_session ON app.occupancy (clinic_id, session_id) WHERE session_id IS NOT NULL;

ALTER TABLE app.service ALTER COLUMN other_minutes SET NOT NULL;
ALTER TABLE app.intake_question ALTER COLUMN options SET NOT NULL;

ALTER TABLE app.clinic_profile
  ADD CONSTRAINT clinic_profile_country CHECK (holiday_country ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT clinic_profile_squeeze CHECK (squeeze_in_cap BETWEEN 0 AND 50);

ALTER TABLE app.resource
  ADD CONSTRAINT resource_limits CHECK (day_count BETWEEN 0 AND 1000 AND day_minutes BETWEEN 0 AND 1440
    AND week_count BETWEEN 0 AND 7000 AND week_minutes BETWEEN 0 AND 10080);

ALTER TABLE app.service
  ADD CONSTRAINT service_lengths CHECK (cardinality(other_minutes) <= 8 AND array_position(other_minutes, NULL) IS NULL
    AND 1 <= ALL (other_minutes) AND 720 >= ALL (other_minutes)),
  ADD CONSTRAINT service_alignment CHECK (alignment IN ('clock', 'opening', 'packed') AND alignment_offset BETWEEN 0 AND 1439),
  ADD CONSTRAINT service_horizon CHECK (horizon_kind IN ('days', 'working_days')
    OR horizon_kind = 'range' AND horizon_from <= horizon_until AND horizon_from IS NOT NULL AND horizon_until IS NOT NULL),
  ADD CONSTRAINT service_seats CHECK (seats BETWEEN 1 AND 500),
  ADD CONSTRAINT service_limits CHECK (day_count BETWEEN 0 AND 1000 AND day_minutes BETWEEN 0 AND 1440
    AND week_count BETWEEN 0 AND 7000 AND week_minutes BETWEEN 0 AND 10080);

ALTER TABLE app.leave
  ADD CONSTRAINT leave_kind CHECK (kind IN ('leave', 'block')),
  ADD CONSTRAINT leave_label CHECK (char_length(label) BETWEEN 1 AND 100);

ALTER TABLE app.timetable
  ADD CONSTRAINT timetable_order CHECK (until_date >= from_date),
  ADD CONSTRAINT timetable_weekly CHECK (jsonb_typeof(weekly) = 'array' AND octet_length(weekly::text) <= 8192);

ALTER TABLE app.closure
  ADD CONSTRAINT closure_order CHECK (ends_at > starts_at),
  ADD CONSTRAINT closure_label CHECK (char_length(label) BETWEEN 1 AND 100);

ALTER TABLE app.service_need
  ADD CONSTRAINT service_need_count CHECK (count BETWEEN 1 AND 10 AND position >= 0),
  ADD CONSTRAINT service_need_minutes CHECK (minutes BETWEEN 1 AND 1440 AND buffer_before BETWEEN 0 AND 720 AND buffer_after BETWEEN 0 AND 720);

-- Either a booking's or a session's, never both and never nobody's.
ALTER TABLE app.occupancy
  ADD CONSTRAINT occupancy_whose CHECK ((booking_id IS NULL) <> (session_id IS NULL)),
  ADD CONSTRAINT occupancy_buffers CHECK (buffer_before BETWEEN 0 AND 1440 AND buffer_after BETWEEN 0 AND 1440);

ALTER TABLE app.booking
  ADD CONSTRAINT booking_set_whole CHECK ((set_id IS NULL) = (set_kind IS NULL) AND set_kind IN ('family', 'series')),
  ADD CONSTRAINT booking_holder_hash CHECK (octet_length(holder_hash) BETWEEN 16 AND 32),
  ADD CONSTRAINT booking_squeeze CHECK ((squeeze_reason_sealed IS NULL) = (squeezed_by IS NULL)
    AND octet_length(squeeze_reason_sealed) BETWEEN 33 AND 8192);

ALTER TABLE app.patient
  ADD CONSTRAINT patient_guardian_other CHECK (guardian_id <> id);

ALTER TABLE app.group_session
  ADD CONSTRAINT group_session_order CHECK (ends_at > starts_at),
  ADD CONSTRAINT group_session_taken CHECK (capacity BETWEEN 1 AND 500 AND taken BETWEEN 0 AND capacity);
ALTER TABLE app.seat ADD CONSTRAINT seat_no CHECK (seat_no BETWEEN 1 AND 500);

ALTER TABLE app.intake_question
  ADD CONSTRAINT intake_question_kind CHECK (kind IN ('text', 'yes_no', 'choice', 'number', 'date')),
  ADD CONSTRAINT intake_question_text CHECK (char_length(label) BETWEEN 1 AND 300 AND position >= 0),
  ADD CONSTRAINT intake_question_options CHECK (cardinality(options) <= 20 AND octet_length(array_to_string(options, '')) <= 4000
    AND (kind = 'choice') = (cardinality(options) > 1));
ALTER TABLE app.intake_answer
  ADD CONSTRAINT intake_answer_sealed CHECK (octet_length(answer_sealed) BETWEEN 33 AND 8192);

ALTER TABLE app.calendar_feed
  ADD CONSTRAINT calendar_feed_whose CHECK ((practitioner_id IS NULL) <> (patient_id IS NULL)),
  ADD CONSTRAINT calendar_feed_token CHECK (token_hash ~ '^[0-9a-f]{64}$');

ALTER TABLE app.waitlist_entry
  ADD CONSTRAINT waitlist_entry_urgency CHECK (urgency BETWEEN 0 AND 3),
  ADD CONSTRAINT waitlist_entry_wishes CHECK (jsonb_typeof(wishes) = 'object' AND octet_length(wishes::text) <= 4096),
  ADD CONSTRAINT waitlist_entry_state CHECK (state IN ('waiting', 'booked', 'withdrawn')),
  ADD CONSTRAINT waitlist_entry_token CHECK (token_hash ~ '^[0-9a-f]{64}$');
ALTER TABLE app.waitlist_gap
  ADD CONSTRAINT waitlist_gap_order CHECK (ends_at > starts_at),
  ADD CONSTRAINT waitlist_gap_state CHECK (state IN ('open', 'filled', 'over'));
ALTER TABLE app.waitlist_offer
  ADD CONSTRAINT waitlist_offer_state CHECK (state IN ('live', 'accepted', 'declined', 'expired')
    AND (state = 'live') = (answered_at IS NULL)),
  ADD CONSTRAINT waitlist_offer_rank CHECK (jsonb_typeof(rank) = 'object' AND octet_length(rank::text) <= 2048);
-- One live offer of a gap, and one live offer to a person, at any instant, whoever runs the offers.
CREATE UNIQUE INDEX waitlist_offer_one_per_gap ON app.waitlist_offer (clinic_id, gap_id) WHERE state = 'live';
CREATE UNIQUE INDEX waitlist_offer_one_per_entry ON app.waitlist_offer (clinic_id, entry_id) WHERE state = 'live';
CREATE UNIQUE INDEX waitlist_gap_once ON app.waitlist_gap (clinic_id, resource_id, starts_at) WHERE state = 'open';

ALTER TABLE app.delivery DROP CONSTRAINT delivery_kind;
ALTER TABLE app.delivery
  ADD CONSTRAINT delivery_kind CHECK (kind IN ('confirmation', 'cancellation', 'reminder', 'verify_email', 'clinic_approved',
    'requested', 'declined', 'moved', 'moved_by_clinic', 'waitlist_joined', 'waitlist_offer'));

-- A squeeze-in leaves the exclusion, so the database asks who said so and why before it lets one past.
CREATE FUNCTION app.check_squeeze_in() RETURNS trigger
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM app.booking b
    JOIN auth.member m ON m.clinic_id = b.clinic_id AND m.account_id = b.squeezed_by
    WHERE b.clinic_id = NEW.clinic_id AND b.id = NEW.booking_id AND b.squeeze_reason_sealed IS NOT NULL
      AND m.role IN ('owner', 'manager', 'practitioner')
  ) THEN
    RAISE EXCEPTION 'a squeeze-in needs a reason and somebody who may' USING ERRCODE = 'check_violation', CONSTRAINT = 'occupancy_squeeze_in';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER occupancy_squeeze_in AFTER INSERT OR UPDATE OF squeeze_in ON app.occupancy
  FOR EACH ROW WHEN (NEW.squeeze_in) EXECUTE FUNCTION app.check_squeeze_in();

-- What a booking is decided on moves the clinic's version.
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.resource
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.timetable
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.closure
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.service_need
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.service_need_resource
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON app.intake_question
  FOR EACH ROW EXECUTE FUNCTION app.rules_changed();

ALTER TABLE app.timetable ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY timetable_clinic ON app.timetable TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.timetable TO app_rt;

ALTER TABLE app.closure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY closure_clinic ON app.closure TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.closure TO app_rt;

ALTER TABLE app.service_need ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_need_clinic ON app.service_need TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.service_need TO app_rt;

ALTER TABLE app.service_need_resource ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_need_resource_clinic ON app.service_need_resource TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.service_need_resource TO app_rt;

ALTER TABLE app.leave_kept ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY leave_kept_clinic ON app.leave_kept TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.leave_kept TO app_rt;

ALTER TABLE app.group_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY group_session_clinic ON app.group_session TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.group_session TO app_rt;

ALTER TABLE app.seat ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY seat_clinic ON app.seat TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.seat TO app_rt;

ALTER TABLE app.intake_question ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY intake_question_clinic ON app.intake_question TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.intake_question TO app_rt;

ALTER TABLE app.calendar_feed ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY calendar_feed_clinic ON app.calendar_feed TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.calendar_feed TO app_rt;

ALTER TABLE app.waitlist_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY waitlist_entry_clinic ON app.waitlist_entry TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.waitlist_entry TO app_rt;

ALTER TABLE app.waitlist_gap ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY waitlist_gap_clinic ON app.waitlist_gap TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.waitlist_gap TO app_rt;

ALTER TABLE app.waitlist_offer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY waitlist_offer_clinic ON app.waitlist_offer TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.waitlist_offer TO app_rt;

ALTER TABLE app.intake_answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY intake_answer_clinic ON app.intake_answer TO app_rt
  USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()));
-- Answers are given once.
GRANT SELECT, INSERT ON app.intake_answer TO app_rt;

RESET ROLE;
