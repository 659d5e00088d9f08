import type { TestDatabase } from "@pulsecal/db/testing";
import pg from "pg";
import type { Desk } from "./book-over-http.ts";

const people = 4;
const bookings = 120_000;

/**
 * Fills a database with clinics of one shape (four people, one service, open every day, one signed-in member) and always
 * the same number of bookings among them, all in the past, with their rows beside them: plans made for empty tables
 * would not be those of a running product. Returns every person's desk, mixed. Written by SQL past the product's paths.
 */
export async function makeWorld(t: TestDatabase, clinics: number): Promise<Desk[]> {
  const each = bookings / (clinics * people);
  await t.admin("CREATE SCHEMA world");
  await t.admin(`CREATE TABLE world.clinic AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS service, gen_random_uuid() AS location,
      gen_random_uuid() AS account, translate(md5(random()::text) || left(md5(random()::text), 8), '0189', 'ghij') AS token
    FROM generate_series(1, ${clinics}) n`);
  await t.admin(`CREATE TABLE world.person AS SELECT c.n, c.id AS clinic, c.service, c.location, gen_random_uuid() AS id
    FROM world.clinic c, generate_series(1, ${people})`);
  await t.admin(`CREATE TABLE world.booking AS SELECT p.clinic, p.service, p.id AS person, gen_random_uuid() AS id, gen_random_uuid() AS patient,
      date_trunc('hour', now()) - interval '1 day' - k * interval '1 hour' AS starts_at
    FROM world.person p, generate_series(1, ${each}) k`);
  const client = new pg.Client({ connectionString: t.adminUrl });
  await client.connect();
  // Nobody looks yet: triggers and foreign keys may sleep.
  await client.query("SET session_replication_role = replica");
  for (const statement of filling) await client.query(statement);
  await client.end();
  await t.admin("VACUUM (ANALYZE)");
  const rows = await t.admin(
    "SELECT n, p.service, p.id, c.token FROM world.person p JOIN world.clinic c USING (n) ORDER BY md5(p.id::text)",
  );
  return rows.map((row) => ({
    slug: `clinic-${String(row["n"])}`,
    serviceId: String(row["service"]),
    practitionerId: String(row["id"]),
    cookie: `pc_staff=${String(row["token"])}`,
  }));
}

const some = "WHERE left(id::text, 1) < '4'";

const filling = [
  `INSERT INTO auth.account (id, email, name, email_verified_at) SELECT account, account || '@people.example', 'Desk', now() FROM world.clinic`,
  `INSERT INTO auth.member (clinic_id, id, account_id, role) SELECT id, gen_random_uuid(), account, 'reception' FROM world.clinic`,
  `INSERT INTO auth.session (id, account_id, kind, clinic_id, expires_at, absolute_expires_at)
     SELECT encode(sha256(token::bytea), 'hex'), account, 'staff', id, now() + interval '12 hours', now() + interval '7 days' FROM world.clinic`,
  `INSERT INTO platform.clinic (id, slug, name, status, approved_at) SELECT id, 'clinic-' || n, 'Clinic ' || n, 'live', now() FROM world.clinic`,
  `INSERT INTO app.clinic_profile (clinic_id, id, phone) SELECT id, id, '+27 21 555 0100' FROM world.clinic`,
  `INSERT INTO app.location (clinic_id, id, name, address) SELECT id, location, 'Main rooms', '1 Test Street' FROM world.clinic`,
  `INSERT INTO app.service (clinic_id, id, name, minutes, interval_minutes, notice_minutes, horizon_days, price_cents)
     SELECT id, service, 'Consultation', 20, 20, 0, 60, 45000 FROM world.clinic`,
  `INSERT INTO app.resource (clinic_id, id, kind, name) SELECT clinic, id, 'practitioner', 'Dr Test' FROM world.person`,
  `INSERT INTO app.practitioner (clinic_id, id, location_id, name, approval) SELECT clinic, id, location, 'Dr Test', 'approved' FROM world.person`,
  `INSERT INTO app.service_practitioner (clinic_id, id, service_id, practitioner_id) SELECT clinic, gen_random_uuid(), service, id FROM world.person`,
  `INSERT INTO app.opening_hours (clinic_id, id, resource_id, weekday, from_minute, to_minute)
     SELECT clinic, gen_random_uuid(), id, weekday, 480, 1020 FROM world.person, generate_series(1, 7) weekday`,
  `INSERT INTO app.patient (clinic_id, id, name) SELECT clinic, patient, 'Test Patient' FROM world.booking`,
  `INSERT INTO app.booking (clinic_id, id, ref, token_hash, patient_id, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
     SELECT clinic, id, 'K7Q2', encode(sha256(id::text::bytea), 'hex'), patient, service, person, 'confirmed', starts_at, starts_at + interval '20 minutes', 'patient'
     FROM world.booking`,
  `INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
     SELECT clinic, gen_random_uuid(), person, id, starts_at, starts_at + interval '20 minutes', starts_at, starts_at + interval '20 minutes', 'booked'
     FROM world.booking`,
  `INSERT INTO app.event (clinic_id, id, type, payload, relayed_at, done_at)
     SELECT clinic, gen_random_uuid(), 'booking.confirmed', jsonb_build_object('bookingId', id), now(), now() FROM world.booking ${some}`,
  `INSERT INTO app.audit_log (clinic_id, id, actor, action, entity, entity_id)
     SELECT clinic, gen_random_uuid(), 'guest', 'booking.booked', 'booking', id FROM world.booking ${some}`,
  `INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
     SELECT clinic, gen_random_uuid(), id::text, md5(id::text), '{}' FROM world.booking ${some}`,
];
