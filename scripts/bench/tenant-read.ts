import {
  makeClinic,
  type MadeClinic,
  openStockPrisma,
  prepareTemplate,
  type TestDatabase,
  testDatabase,
} from "@pulsecal/db/testing";
import pg from "pg";
import { withServices } from "../proofs/services.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";

export const rounds = 15;

const milliseconds = 500;
const day = new Date("2026-11-24T00:00:00Z");
const until = new Date(day.getTime() + 86_400_000);

/**
 * One doctor's day, 20 rows. Ours in both forms: `$queryRaw` of the tenant door, which the product's hot paths use, and
 * Prisma's `findMany` through the same door. Against bare `pg` on the same table as a login that row security does not
 * hold (unnamed, which the goals are about, and named), and against Prisma alone: a plain `findMany` without scope, and
 * the interactive transaction of its manual with the context set by hand.
 */
export async function run(count: number): Promise<Figure[]> {
  let figures: Figure[] = [];
  await withServices(async () => {
    await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
    const t = await testDatabase();
    try {
      figures = await measure(t, await makeDays(t), count);
    } finally {
      await t.close();
    }
  });
  return figures;
}

/** Twenty clinics with a thousand bookings each, twenty of them on every day. */
async function makeDays(t: TestDatabase): Promise<MadeClinic[]> {
  const clinics = await Promise.all(Array.from({ length: 20 }, () => makeClinic(t)));
  for (const { clinicId, serviceId, practitionerId } of clinics) {
    await t.admin(
      `INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
       SELECT $1::uuid, gen_random_uuid(), 'K7Q2', encode(sha256(gen_random_uuid()::text::bytea), 'hex'), $2::uuid, $3::uuid, 'confirmed',
              timestamptz '2026-11-01 06:00Z' + n * interval '72 minutes', timestamptz '2026-11-01 06:20Z' + n * interval '72 minutes', 'staff'
       FROM generate_series(0, 999) n`,
      [clinicId, serviceId, practitionerId],
    );
  }
  await t.admin("ANALYZE app.booking");
  return clinics;
}

const columns = "clinic_id, id, ref, state, starts_at, ends_at";
const text = `SELECT ${columns} FROM app.booking WHERE clinic_id = $1 AND practitioner_id = $2 AND starts_at >= $3 AND starts_at < $4`;
const select = { clinicId: true, id: true, ref: true, state: true, startsAt: true, endsAt: true } as const;
const where = ({ clinicId, practitionerId }: MadeClinic) => ({
  clinicId,
  practitionerId,
  startsAt: { gte: day, lt: until },
});
const context = ({ clinicId }: MadeClinic) => ({ clinicId, actor: "system:bench" });

type Read = (clinic: MadeClinic) => Promise<{ length: number }>;
type Side = "bare" | "named" | "ours" | "model" | "unscoped" | "manual";

async function measure(t: TestDatabase, clinics: MadeClinic[], count: number): Promise<Figure[]> {
  const pool = new pg.Pool({ connectionString: t.adminUrl, max: 10, idleTimeoutMillis: 0 });
  pool.on("error", () => undefined); // the database is dropped with its connections
  const stock = openStockPrisma(t);
  const values = ({ clinicId, practitionerId }: MadeClinic) => [clinicId, practitionerId, day, until];
  const reads: Record<Side, Read> = {
    bare: async (clinic) => (await pool.query(text, values(clinic))).rows,
    named: async (clinic) => (await pool.query({ name: "doctor_day", text, values: values(clinic) })).rows,
    ours: (clinic) =>
      t.db.withTenant(
        context(clinic),
        (db) => db.$queryRaw<object[]>`SELECT clinic_id, id, ref, state, starts_at, ends_at FROM app.booking
          WHERE clinic_id = ${clinic.clinicId} AND practitioner_id = ${clinic.practitionerId} AND starts_at >= ${day} AND starts_at < ${until}`,
      ),
    model: (clinic) => t.db.withTenant(context(clinic), (db) => db.booking.findMany({ where: where(clinic), select })),
    unscoped: (clinic) => stock.unscoped.booking.findMany({ where: where(clinic), select }),
    manual: (clinic) =>
      stock.inTransaction(clinic.clinicId, (tx) => tx.booking.findMany({ where: where(clinic), select })),
  };
  let turn = 0;
  const side = (clients: number, read: Read) => () =>
    drive({ clients, milliseconds }, async () => {
      turn += 1;
      const rows = await read(clinics[turn % clinics.length] as MadeClinic);
      if (rows.length !== 20) throw new Error(`expected a day of 20 bookings, got ${rows.length}`);
    });
  const sides = (clients: number) =>
    Object.fromEntries(Object.entries(reads).map(([name, read]) => [name, side(clients, read)])) as Record<
      Side,
      () => Promise<Sample>
    >;
  try {
    const one = await interleave(count, sides(1));
    const eight = await interleave(count, sides(8));
    return figuresOf(one, eight);
  } finally {
    await pool.end();
    await stock.close();
  }
}

function figuresOf(one: Record<Side, Sample[]>, eight: Record<Side, Sample[]>): Figure[] {
  const p50 = (sample: Sample): number => sample.p50;
  const rate = (sample: Sample): number => sample.rate;
  const cpu = (sample: Sample): number => sample.cpu;
  return [
    figure("1 client: ours / bare pg, p50", "ratio", ratios(one.ours, one.bare, p50), "<= 1.2"),
    figure("1 client: ours / named pg, p50", "ratio", ratios(one.ours, one.named, p50)),
    figure("1 client: ours as findMany / bare pg, p50", "ratio", ratios(one.model, one.bare, p50)),
    figure("1 client: findMany without scope / bare pg, p50", "ratio", ratios(one.unscoped, one.bare, p50)),
    figure("1 client: findMany ours / without scope, p50", "ratio", ratios(one.model, one.unscoped, p50)),
    figure("1 client: ours", "ms", one.ours.map(p50)),
    figure("1 client: ours as findMany", "ms", one.model.map(p50)),
    figure("1 client: bare pg", "ms", one.bare.map(p50)),
    figure("1 client: named pg", "ms", one.named.map(p50)),
    figure("8 clients: ours / bare pg, throughput", "ratio", ratios(eight.ours, eight.bare, rate), ">= 0.70"),
    figure("8 clients: ours / named pg, throughput", "ratio", ratios(eight.ours, eight.named, rate)),
    figure("8 clients: ours as findMany / bare pg, throughput", "ratio", ratios(eight.model, eight.bare, rate)),
    figure(
      "8 clients: ours / Prisma's interactive transaction, throughput",
      "ratio",
      ratios(eight.ours, eight.manual, rate),
      ">= 3",
    ),
    figure("8 clients: the same with findMany on both sides", "ratio", ratios(eight.model, eight.manual, rate), ">= 3"),
    figure("8 clients: ours", "1/s", eight.ours.map(rate)),
    figure("8 clients: bare pg", "1/s", eight.bare.map(rate)),
    figure("8 clients: Prisma's interactive transaction", "1/s", eight.manual.map(rate)),
    figure("Node's processor time per read: ours", "ms", eight.ours.map(cpu)),
    figure("Node's processor time per read: ours as findMany", "ms", eight.model.map(cpu)),
    figure("Node's processor time per read: bare pg", "ms", eight.bare.map(cpu)),
  ];
}
