import { randomUUID } from "node:crypto";
import { rolePassword } from "@pulsecal/db";
import type { TestDatabase } from "@pulsecal/db/testing";
import pg from "pg";

/** The least a booking can be: five statements, each waited for, row security forced, as the application's own role. */
export type RawBooking = { book(client: number): Promise<void>; close(): Promise<void> };

const doctors = 400;
const clinics = 40;

/** Makes the tables of the raw side in a database and opens one connection per client. */
export async function openRawBooking(t: TestDatabase, clients: number): Promise<RawBooking> {
  await t.admin("CREATE SCHEMA raw");
  await t.admin(`CREATE TABLE raw.booking (clinic_id uuid NOT NULL, id uuid NOT NULL, doctor_id uuid NOT NULL, during tstzrange NOT NULL,
    PRIMARY KEY (clinic_id, id), EXCLUDE USING gist (clinic_id WITH =, doctor_id WITH =, during WITH &&))`);
  await t.admin(`CREATE TABLE raw.outbox (clinic_id uuid NOT NULL, id uuid NOT NULL, type text NOT NULL, payload jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (clinic_id, id))`);
  await t.admin("GRANT USAGE ON SCHEMA raw TO app_rt");
  for (const table of ["raw.booking", "raw.outbox"]) {
    await t.admin(`GRANT SELECT, INSERT ON ${table} TO app_rt`);
    await t.admin(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
    await t.admin(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    await t.admin(
      `CREATE POLICY clinic ON ${table} TO app_rt USING (clinic_id = (SELECT app.tenant())) WITH CHECK (clinic_id = (SELECT app.tenant()))`,
    );
  }
  // as many as our side has, for the same reason
  await t.admin(`INSERT INTO raw.booking SELECT md5((n % 40)::text)::uuid, gen_random_uuid(), md5((n % 400)::text)::uuid,
    tstzrange(timestamptz '2020-01-01' + n * interval '1 hour', timestamptz '2020-01-01 00:20' + n * interval '1 hour') FROM generate_series(1, 120000) n`);
  await t.admin("INSERT INTO raw.outbox SELECT clinic_id, gen_random_uuid(), 'booked', '{}' FROM raw.booking");
  await t.admin("VACUUM (ANALYZE) raw.booking, raw.outbox");
  const url = new URL(t.url);
  const login = {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: "app_rt",
    password: rolePassword(t.roleSecret, "app_rt"),
  };
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const connection = new pg.Client(login);
      await connection.connect();
      return connection;
    }),
  );
  const doctorIds = Array.from({ length: doctors }, () => randomUUID());
  const clinicIds = Array.from({ length: clinics }, () => randomUUID());
  const firstDay = Date.parse("2027-01-04T06:00:00Z");
  let turn = 0;

  return {
    async book(client) {
      const connection = connections[client];
      if (!connection) throw new Error(`there is no connection ${client}`);
      const doctor = turn % doctors;
      const start = firstDay + Math.floor(turn / doctors) * 20 * 60_000;
      turn += 1;
      const clinic = clinicIds[doctor % clinics];
      const id = randomUUID();
      await connection.query("BEGIN");
      await connection.query("SELECT set_config('app.clinic_id', $1, true)", [clinic]);
      await connection.query(
        "INSERT INTO raw.booking (clinic_id, id, doctor_id, during) VALUES ($1, $2, $3, tstzrange($4, $5))",
        [clinic, id, doctorIds[doctor], new Date(start), new Date(start + 20 * 60_000)],
      );
      await connection.query("INSERT INTO raw.outbox (clinic_id, id, type, payload) VALUES ($1, $2, 'booked', $3)", [
        clinic,
        randomUUID(),
        JSON.stringify({ bookingId: id, startsAt: new Date(start) }),
      ]);
      await connection.query("COMMIT");
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.end()));
    },
  };
}
