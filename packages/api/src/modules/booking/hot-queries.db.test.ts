import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rolePassword, sql, type TenantDb } from "@pulsecal/db";
import { loadFacts } from "../scheduling/facts.repo.ts";
import { loadOccupied } from "../scheduling/occupied.repo.ts";
import { loadAvailability } from "../scheduling/index.ts";
import { stillSteady } from "../scheduling/steady-answers.ts";
import { findBooking } from "./booking.repo.ts";
import { resourcesWithLapsedHolds } from "./take/hold.repo.ts";
import { staffBookingsBetween, staffBookingsMeeting } from "./desk/staff-booking.repo.ts";
import { addDoctor, type BookingWorld, bookingWorld } from "./testing/booking-world.ts";

let world: BookingWorld;
let appRt: pg.Client;

beforeAll(async () => {
  world = await bookingWorld();
  const { t, clinic } = world;
  const { clinicId, practitionerId, serviceId } = clinic;
  // Two years of a busy doctor, so that the planner has a reason to care.
  await t.admin(
    `WITH b AS (
      INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
      SELECT $1, gen_random_uuid(), 'ABCD', md5(n::text) || md5(n::text), $2, $3, 'confirmed', at, at + interval '20 minutes', 'patient'
      FROM (SELECT n, date_trunc('hour', now()) - interval '1 year' + n * interval '20 minutes' AS at FROM generate_series(1, 20000) n) x
      RETURNING id, starts_at, ends_at)
    INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
    SELECT $1, gen_random_uuid(), $3, id, starts_at, ends_at, starts_at, ends_at, 'booked' FROM b`,
    [clinicId, serviceId, practitionerId],
  );
  for (let index = 1; index < 12; index++) await addDoctor(t, clinic, `Dr ${index}`, index);
  await t.admin(
    `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
    SELECT $1, gen_random_uuid(), r.id, now() + n * interval '2 days', now() + n * interval '2 days' + interval '1 hour'
    FROM app.resource r, generate_series(-300, 300) n`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
    SELECT $1, gen_random_uuid(), r.id, current_date + n, '[]' FROM app.resource r, generate_series(-400, -100) n`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
    SELECT $1, gen_random_uuid(), 'key-' || n, 'x', '{}' FROM generate_series(1, 5000) n`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.patient (clinic_id, id, name, email_index, phone_index)
    SELECT $1, gen_random_uuid(), 'A patient', decode(md5('e' || n / 3), 'hex'), decode(md5('p' || n / 3), 'hex') FROM generate_series(1, 5000) n`,
    [clinicId],
  );
  await t.admin(
    `INSERT INTO app.event (clinic_id, id, tx, type, payload)
    SELECT $1, gen_random_uuid(), n, 'booking.kept', '{}' FROM generate_series(1, 5000) n`,
    [clinicId],
  );
  await t.admin("ANALYZE");
  const url = new URL(t.url);
  appRt = new pg.Client({
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: "app_rt",
    password: rolePassword(t.roleSecret, "app_rt"),
  });
  await appRt.connect();
});
afterAll(async () => {
  await appRt.end();
  await world.close();
});

/** The index conditions of what a repo sends, planned as the application's role under row security. */
async function conditionsOf(send: (db: Pick<TenantDb, "$queryRaw">) => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const record = (strings: TemplateStringsArray, ...values: unknown[]) => {
    texts.push(sql(strings, ...(values as string[])).text);
    return Promise.resolve([]);
  };
  await send({ $queryRaw: record as unknown as TenantDb["$queryRaw"] });
  const lines: string[] = [];
  for (const text of texts) {
    // the plan that a prepared statement settles on, without values
    const plan = await appRt.query<{ "QUERY PLAN": string }>(`EXPLAIN (GENERIC_PLAN) ${text}`);
    lines.push(...plan.rows.map((row) => row["QUERY PLAN"]));
  }
  return conditionsIn(lines);
}

function conditionsIn(lines: string[]): string[] {
  return lines.flatMap((line, index) => {
    if (!line.includes("Index Cond:")) return [];
    const scan = lines.slice(0, index).findLast((before) => before.includes("Scan ")) ?? "";
    return [`${scan.trim()}: ${line.split("Index Cond: ")[1]}`];
  });
}

/** The index conditions of the statements a function runs, as app_rt; only a superuser may have them told. */
async function plansInside(...calls: string[]): Promise<string[]> {
  const url = new URL(process.env["PULSECAL_TEST_PG"] ?? "");
  url.pathname = new URL(world.t.url).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const lines: string[] = [];
  client.on("notice", (notice) => lines.push(...(notice.message ?? "").split("\n")));
  try {
    await client.query("LOAD 'auto_explain'");
    await client.query("SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on");
    await client.query("SET auto_explain.log_level = notice; SET ROLE app_rt");
    await client.query("SELECT set_config('app.clinic_id', $1, false), set_config('app.actor', 'guest', false)", [
      world.clinic.clinicId,
    ]);
    for (const call of calls) await client.query(call);
  } finally {
    await client.end();
  }
  return conditionsIn(lines);
}

describe("hot queries keep their ranges as index conditions", () => {
  const window = { from: Date.now(), to: Date.now() + 7 * 86_400_000 };

  test("availability: occupancy, leave and overrides by time, the stored answer by key", async () => {
    const { clinicId, serviceId, practitionerId } = world.clinic;
    for (const person of [practitionerId, null]) {
      const found = await conditionsOf((db) =>
        loadAvailability(db, { clinicId, serviceId, practitionerId: person, window, key: "key-1" }),
      );
      const of = (table: string) => found.find((line) => line.includes(table)) ?? found.join("\n");
      expect(of("occupancy")).toMatch(/clinic_id.*resource_id.*blocked_from >=.*blocked_from </);
      expect(of("leave")).toMatch(/clinic_id.*resource_id.*starts_at </);
      expect(of("hours_override")).toMatch(/clinic_id.*resource_id.*date >=.*date <=/);
      expect(of("idempotency")).toMatch(/clinic_id.*key =/);
    }
  });

  test("a day of bookings by its start", async () => {
    for (const read of [staffBookingsBetween, staffBookingsMeeting]) {
      const found = await conditionsOf((db) => read(db, world.clinic.clinicId, window));
      expect(found.find((line) => line.includes("on booking b"))).toMatch(/clinic_id.*starts_at >=.*starts_at </);
    }
  });

  test("a booking by its link and by its id", async () => {
    for (const by of [{ tokenHash: "x" }, { id: world.clinic.clinicId }]) {
      const found = await conditionsOf((db) => findBooking(db, world.clinic.clinicId, by));
      expect(found.some((line) => line.includes("token_hash ="))).toBe(true);
    }
  });

  test("holds that ran out by their start", async () => {
    const found = await conditionsOf((db) => resourcesWithLapsedHolds(db, world.clinic.clinicId));
    expect(found.join("\n")).toMatch(/clinic_id.*starts_at >/);
  });

  test("what is booked beside remembered rules: occupancy by time", async () => {
    const { clinicId, practitionerId } = world.clinic;
    const found = await conditionsOf((db) =>
      loadOccupied(db, clinicId, { resourceIds: [practitionerId], span: window }),
    );
    const of = (table: string) => found.find((line) => line.includes(table)) ?? found.join("\n");
    expect(of("occupancy")).toMatch(/clinic_id.*resource_id.*blocked_from >=.*blocked_from </);
  });

  test("whether an answer still holds: the clinic's newest events", async () => {
    const steady = { version: "0", snapshot: "10:10:", until: Date.now() };
    const found = await conditionsOf((db) => stillSteady(db, world.clinic.clinicId, steady));
    expect(found.join("\n")).toMatch(/Backward using event_clinic_id_tx_seq_idx.*clinic_id.*tx >=/);
  });

  test("facts: leave and overrides by time", async () => {
    const found = await conditionsOf((db) => loadFacts(db, world.clinic));
    const of = (table: string) => found.find((line) => line.includes(table)) ?? found.join("\n");
    expect(of("leave")).toMatch(/clinic_id.*resource_id.*starts_at </);
    expect(of("hours_override")).toMatch(/clinic_id.*resource_id.*date >=.*date <=/);
  });

  test("inside the functions: what blocks the time and what has run out by their times, the answer by its key", async () => {
    const { clinicId, practitionerId, serviceId } = world.clinic;
    const patient = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL";
    const nothing = `${patient}, NULL, NULL, NULL, '[]', NULL, NULL, NULL`;
    const found = await plansInside(
      `SELECT app.take_time('${clinicId}', '${practitionerId}', '${serviceId}', gen_random_uuid(), -1, now(), 'key-1', 'x', NULL, NULL,
        'held', now(), now(), now(), now() + interval '20 minutes', NULL, NULL, ${nothing})`,
      `SELECT app.expire_holds('${clinicId}', ARRAY['${practitionerId}']::uuid[])`,
      `SELECT app.own_clash('${clinicId}', NULL, '\\x00', now(), now() + interval '20 minutes', gen_random_uuid())`,
    );
    expect(found.find((line) => line.includes("patient_phone"))).toMatch(/clinic_id.*phone_index =/);
    expect(found.find((line) => line.includes("booking_clinic_id_patient_id"))).toMatch(/clinic_id.*patient_id =/);
    expect(found.find((line) => line.includes("on occupancy o "))).toMatch(
      /clinic_id.*resource_id.*blocked_from >=.*blocked_from </,
    );
    expect(found.find((line) => line.includes("occupancy_beside"))).toMatch(
      /resource_id.*blocked_from >=.*blocked_from </,
    );
    expect(found.find((line) => line.includes("on idempotency"))).toMatch(/clinic_id.*key =/);
    expect(found.find((line) => line.includes("on occupancy  "))).toMatch(/clinic_id.*resource_id.*blocked_from >/);
  });
});
