-- Whose a calendar address is, and when somebody stopped waiting.
SET ROLE app_owner;

-- A practitioner's address is good for as long as whoever made it is a member of the clinic; a patient's has no maker
-- but the patient. Accounts live in another schema and are never deleted, so there is no foreign key.
ALTER TABLE "app"."calendar_feed" ADD COLUMN "created_by" UUID;

-- Who waited at an instant can be said later, so that the order of the offers replays.
ALTER TABLE "app"."waitlist_entry" ADD COLUMN "ended_at" TIMESTAMPTZ(3);
ALTER TABLE app.waitlist_entry
  ADD CONSTRAINT waitlist_entry_ended CHECK ((state = 'waiting') = (ended_at IS NULL));

RESET ROLE;
