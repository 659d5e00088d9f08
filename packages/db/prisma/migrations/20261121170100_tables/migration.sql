-- As Prisma writes it from the schema, owned by app_owner. What Prisma cannot say is in the next migration.
SET ROLE app_owner;

-- CreateTable
CREATE TABLE "auth"."account" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "email_verified_at" TIMESTAMPTZ(3),
    "platform_role" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."session" (
    "id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "clinic_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "absolute_expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."email_token" (
    "id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "clinic_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."member" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."patient" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "account_id" UUID,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "patient_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."booking" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ref" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "patient_id" UUID,
    "service_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "hold_expires_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "booked_by" TEXT NOT NULL,
    "cancelled_by" TEXT,
    "cancel_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "booking_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."occupancy" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "booking_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_from" TIMESTAMPTZ(3) NOT NULL,
    "blocked_to" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "hold_expires_at" TIMESTAMPTZ(3),
    "squeeze_in" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "occupancy_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."idempotency" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."event" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "tx" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "seq" BIGSERIAL NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "live" BOOLEAN NOT NULL DEFAULT true,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "relayed_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."inbox" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "effect" TEXT NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."delivery" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "booking_id" UUID,
    "event_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'email',
    "state" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempt_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."audit_log" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "request_id" TEXT,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "platform"."clinic" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL DEFAULT 'Africa/Johannesburg',
    "status" TEXT NOT NULL DEFAULT 'practice',
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_at" TIMESTAMPTZ(3),
    "approved_by" UUID,

    CONSTRAINT "clinic_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."audit" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "reason" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "clinic_id" UUID,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app"."clinic_profile" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "phone" TEXT,
    "email" TEXT,
    "about" TEXT,
    "cancel_until_minutes" INTEGER NOT NULL DEFAULT 120,

    CONSTRAINT "clinic_profile_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."location" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT,

    CONSTRAINT "location_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."resource" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."practitioner" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "registration_number" TEXT,
    "approval" TEXT NOT NULL DEFAULT 'waiting',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "practitioner_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."service" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "buffer_before" INTEGER NOT NULL DEFAULT 0,
    "buffer_after" INTEGER NOT NULL DEFAULT 0,
    "interval_minutes" INTEGER NOT NULL DEFAULT 15,
    "notice_minutes" INTEGER NOT NULL DEFAULT 60,
    "horizon_days" INTEGER NOT NULL DEFAULT 60,
    "price_cents" BIGINT NOT NULL DEFAULT 0,
    "mode" TEXT NOT NULL DEFAULT 'in_person',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "service_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."service_practitioner" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,

    CONSTRAINT "service_practitioner_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."opening_hours" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "weekday" INTEGER NOT NULL,
    "from_minute" INTEGER NOT NULL,
    "to_minute" INTEGER NOT NULL,

    CONSTRAINT "opening_hours_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."hours_override" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "date" DATE NOT NULL,
    "windows" JSONB NOT NULL,

    CONSTRAINT "hours_override_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "app"."leave" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leave_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_email_key" ON "auth"."account"("email");

-- CreateIndex
CREATE INDEX "session_account_id_idx" ON "auth"."session"("account_id");

-- CreateIndex
CREATE INDEX "email_token_account_id_purpose_idx" ON "auth"."email_token"("account_id", "purpose");

-- CreateIndex
CREATE INDEX "member_account_id_idx" ON "auth"."member"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_clinic_id_account_id_key" ON "auth"."member"("clinic_id", "account_id");

-- CreateIndex
CREATE INDEX "patient_clinic_id_account_id_idx" ON "app"."patient"("clinic_id", "account_id");

-- CreateIndex
CREATE INDEX "booking_clinic_id_starts_at_idx" ON "app"."booking"("clinic_id", "starts_at");

-- CreateIndex
CREATE INDEX "booking_clinic_id_practitioner_id_starts_at_idx" ON "app"."booking"("clinic_id", "practitioner_id", "starts_at");

-- CreateIndex
CREATE INDEX "booking_clinic_id_patient_id_idx" ON "app"."booking"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "booking_clinic_id_service_id_idx" ON "app"."booking"("clinic_id", "service_id");

-- CreateIndex
CREATE UNIQUE INDEX "booking_clinic_id_token_hash_key" ON "app"."booking"("clinic_id", "token_hash");

-- CreateIndex
CREATE INDEX "occupancy_clinic_id_resource_id_blocked_from_idx" ON "app"."occupancy"("clinic_id", "resource_id", "blocked_from");

-- CreateIndex
CREATE INDEX "occupancy_clinic_id_booking_id_idx" ON "app"."occupancy"("clinic_id", "booking_id");

-- CreateIndex
CREATE UNIQUE INDEX "idempotency_clinic_id_key_key" ON "app"."idempotency"("clinic_id", "key");

-- CreateIndex
CREATE INDEX "event_clinic_id_tx_seq_idx" ON "app"."event"("clinic_id", "tx", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_clinic_id_event_id_effect_key" ON "app"."inbox"("clinic_id", "event_id", "effect");

-- CreateIndex
CREATE INDEX "delivery_clinic_id_booking_id_idx" ON "app"."delivery"("clinic_id", "booking_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_clinic_id_event_id_kind_key" ON "app"."delivery"("clinic_id", "event_id", "kind");

-- CreateIndex
CREATE INDEX "audit_log_clinic_id_at_idx" ON "app"."audit_log"("clinic_id", "at");

-- CreateIndex
CREATE INDEX "audit_log_clinic_id_entity_id_idx" ON "app"."audit_log"("clinic_id", "entity_id");

-- CreateIndex
CREATE UNIQUE INDEX "clinic_slug_key" ON "platform"."clinic"("slug");

-- CreateIndex
CREATE INDEX "clinic_status_created_at_idx" ON "platform"."clinic"("status", "created_at");

-- CreateIndex
CREATE INDEX "audit_clinic_id_at_idx" ON "platform"."audit"("clinic_id", "at");

-- CreateIndex
CREATE INDEX "practitioner_clinic_id_location_id_idx" ON "app"."practitioner"("clinic_id", "location_id");

-- CreateIndex
CREATE INDEX "service_practitioner_clinic_id_practitioner_id_idx" ON "app"."service_practitioner"("clinic_id", "practitioner_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_practitioner_clinic_id_service_id_practitioner_id_key" ON "app"."service_practitioner"("clinic_id", "service_id", "practitioner_id");

-- CreateIndex
CREATE INDEX "opening_hours_clinic_id_resource_id_idx" ON "app"."opening_hours"("clinic_id", "resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "hours_override_clinic_id_resource_id_date_key" ON "app"."hours_override"("clinic_id", "resource_id", "date");

-- CreateIndex
CREATE INDEX "leave_clinic_id_resource_id_starts_at_idx" ON "app"."leave"("clinic_id", "resource_id", "starts_at");

-- AddForeignKey
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "auth"."account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."email_token" ADD CONSTRAINT "email_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "auth"."account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."member" ADD CONSTRAINT "member_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "auth"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."booking" ADD CONSTRAINT "booking_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "app"."patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."booking" ADD CONSTRAINT "booking_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."booking" ADD CONSTRAINT "booking_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "app"."practitioner"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."occupancy" ADD CONSTRAINT "occupancy_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."occupancy" ADD CONSTRAINT "occupancy_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."delivery" ADD CONSTRAINT "delivery_clinic_id_booking_id_fkey" FOREIGN KEY ("clinic_id", "booking_id") REFERENCES "app"."booking"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."practitioner" ADD CONSTRAINT "practitioner_clinic_id_id_fkey" FOREIGN KEY ("clinic_id", "id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."practitioner" ADD CONSTRAINT "practitioner_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "app"."location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."service_practitioner" ADD CONSTRAINT "service_practitioner_clinic_id_service_id_fkey" FOREIGN KEY ("clinic_id", "service_id") REFERENCES "app"."service"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."service_practitioner" ADD CONSTRAINT "service_practitioner_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "app"."practitioner"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."opening_hours" ADD CONSTRAINT "opening_hours_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."hours_override" ADD CONSTRAINT "hours_override_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app"."leave" ADD CONSTRAINT "leave_clinic_id_resource_id_fkey" FOREIGN KEY ("clinic_id", "resource_id") REFERENCES "app"."resource"("clinic_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

RESET ROLE;
