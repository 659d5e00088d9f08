import { prepareTemplate, testDatabase, makeClinic } from "@pulsecal/db/testing";
import pg from "pg";
import { withServices } from "../proofs/services.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";

export const rounds = 7;
const milliseconds = 1500;

/**
 * One doctor's day, 20 rows: through the tenant client, against bare `pg` on the same table as a role that row security
 * does not hold (unnamed and named), and against Prisma's interactive transaction with the context set by hand.
 */
export async function run(count: number): Promise<Figure[]> {
  let figures: Figure[] = [];
  await withServices(async () => {
    figures = await measure(count);
  });
  return figures;
}

async function measure(count: number): Promise<Figure[]> {
  await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
  const t = await testDatabase();
  const clinics = await Promise.all(Array.from({ length: 20 }, () => makeClinic(t)));
  const day = new Date("2026-11-24T00:00:00Z");
  for (const clinic of clinics) {
    await t.admin(
      `INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
       SELECT $1::uuid, gen_random_uuid(), 'K7Q2', encode(sha256(gen_random_uuid()::text::bytea), 'hex'), $2::uuid, $3::uuid, 'confirmed',
              timestamptz '2026-11-01 06:00Z' + n * interval '72 minutes', timestamptz '2026-11-01 06:20Z' + n * interval '72 minutes', 'staff'
       FROM generate_series(0, 999) n`,
      [clinic.clinicId, clinic.serviceId, clinic.practitionerId],
    );
  }
  await t.admin("ANALYZE app.booking");
  const until = new Date(day.getTime() + 86_400_000);
  const adminUrl = new URL(process.env.PULSECAL_TEST_PG ?? "");
  adminUrl.pathname = new URL(t.url).pathname;
  const pool = new pg.Pool({ connectionString: adminUrl.toString(), max: 10 });
  const text = `SELECT clinic_id, id, ref, state, starts_at, ends_at FROM app.booking
                WHERE clinic_id = $1 AND practitioner_id = $2 AND starts_at >= $3 AND starts_at < $4`;
  let turn = 0;
  const next = () => {
    turn += 1;
    const clinic = clinics[turn % clinics.length];
    if (!clinic) throw new Error("no clinic");
    return clinic;
  };

  const bare = async (): Promise<void> => {
    const clinic = next();
    await pool.query(text, [clinic.clinicId, clinic.practitionerId, day, until]);
  };
  const named = async (): Promise<void> => {
    const clinic = next();
    await pool.query({ name: "doctor_day", text, values: [clinic.clinicId, clinic.practitionerId, day, until] });
  };
  const select = { clinicId: true, id: true, ref: true, state: true, startsAt: true, endsAt: true } as const;
  const ours = async (): Promise<void> => {
    const clinic = next();
    const rows = await t.db.withTenant({ clinicId: clinic.clinicId, actor: "system:bench" }, (db) =>
      db.booking.findMany({ where: { clinicId: clinic.clinicId, practitionerId: clinic.practitionerId, startsAt: { gte: day, lt: until } }, select }),
    );
    if (rows.length !== 20) throw new Error(`expected a day of 20 bookings, got ${rows.length}`);
  };
  const wrapper = async (): Promise<void> => {
    const clinic = next();
    await t.db.withTx({ clinicId: clinic.clinicId, actor: "system:bench" }, (tx) =>
      tx.booking.findMany({ where: { clinicId: clinic.clinicId, practitionerId: clinic.practitionerId, startsAt: { gte: day, lt: until } }, select }),
    );
  };

  const sides = (clients: number) => ({
    bare: () => drive(clients, milliseconds, bare),
    named: () => drive(clients, milliseconds, named),
    ours: () => drive(clients, milliseconds, ours),
    wrapper: () => drive(clients, milliseconds, wrapper),
  });
  const one = await interleave(count, sides(1));
  const eight = await interleave(count, sides(8));
  await pool.end();
  await t.close();
  const p50 = (sample: Sample): number => sample.p50;
  const rate = (sample: Sample): number => sample.rate;
  return [
    figure("1 client: ours / bare pg, p50", "ratio", ratios(one.ours, one.bare, p50), "<= 1.2"),
    figure("1 client: ours / named pg, p50", "ratio", ratios(one.ours, one.named, p50)),
    figure("1 client: ours", "ms", one.ours.map(p50)),
    figure("1 client: bare pg", "ms", one.bare.map(p50)),
    figure("8 clients: ours / bare pg, throughput", "ratio", ratios(eight.ours, eight.bare, rate), ">= 0.70"),
    figure("8 clients: ours / named pg, throughput", "ratio", ratios(eight.ours, eight.named, rate)),
    figure("8 clients: ours / interactive transaction, throughput", "ratio", ratios(eight.ours, eight.wrapper, rate), ">= 3"),
    figure("8 clients: ours", "1/s", eight.ours.map(rate)),
    figure("8 clients: bare pg", "1/s", eight.bare.map(rate)),
  ];
}
