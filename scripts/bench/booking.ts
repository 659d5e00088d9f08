import { prepareTemplate, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { openBookOverHttp } from "./book-over-http.ts";
import { makeWorld } from "./clinic-world.ts";
import { cpuOf, knowsCpu } from "./cpu.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";
import { openRawBooking } from "./raw-booking.ts";
import { type BenchServers, startWeb, withDurableServers } from "./system.ts";

export const rounds = 9;

const clients = 8;
const clinics = 100;
/** bookings of a side in a round, at eight clients and at one */
const perRound = { eight: 400, one: 100 };

/**
 * A booking over HTTP through the real web server, by somebody signed in at the clinic (`staff.bookings.book`: session,
 * role, row security, rules, patient, booking, occupancy, events, audit row, idempotency key, wake-up) and by a patient
 * (`public.booking.book`: the same without a session, with a budget per address in Redis), each against the raw booking.
 * Once with commits on disk, which decides, and once with `synchronous_commit = off`, where a commit costs nothing and
 * processor time alone is left. The bench's people are known to the server after the warm-up round.
 */
export async function run(count: number): Promise<Figure[]> {
  return withDurableServers(async (servers) => {
    await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
    const onDisk = await openSides(servers, "on");
    const notOnDisk = await openSides(servers, "off");
    try {
      const lazy = { lazyStaff: notOnDisk.sides.staff, lazyRaw: notOnDisk.sides.raw };
      const samples = await interleave(count, { ...onDisk.sides, ...lazy });
      await onDisk.check();
      await notOnDisk.check();
      return figuresOf(samples);
    } finally {
      await onDisk.close();
      await notOnDisk.close();
    }
  });
}

type Side = "staff" | "patient" | "raw" | "staffAlone" | "patientAlone" | "rawAlone" | "lazyStaff" | "lazyRaw";

const p50 = (sample: Sample): number => sample.p50;
const p99 = (sample: Sample): number => sample.p99;
const rate = (sample: Sample): number => sample.rate;
const cpu = (sample: Sample): number => sample.cpu;

function figuresOf(s: Record<Side, Sample[]>): Figure[] {
  const processor = [
    figure("8 clients: processor time, staff (web, postgres, redis)", "ms", s.staff.map(cpu)),
    figure("8 clients: processor time, patient (web, postgres, redis)", "ms", s.patient.map(cpu)),
    figure("8 clients: processor time, raw (driver, postgres)", "ms", s.raw.map(cpu)),
  ];
  return [
    figure("8 clients: staff / raw booking, p50", "ratio", ratios(s.staff, s.raw, p50), "<= 2.0"),
    figure("8 clients: staff / raw booking, throughput", "ratio", ratios(s.staff, s.raw, rate), ">= 0.45"),
    figure("8 clients: patient / raw booking, p50", "ratio", ratios(s.patient, s.raw, p50), "<= 2.0"),
    figure("8 clients: patient / raw booking, throughput", "ratio", ratios(s.patient, s.raw, rate), ">= 0.45"),
    figure("8 clients: staff, p50", "ms", s.staff.map(p50)),
    figure("8 clients: staff, p99", "ms", s.staff.map(p99)),
    figure("8 clients: patient, p50", "ms", s.patient.map(p50)),
    figure("8 clients: raw, p50", "ms", s.raw.map(p50)),
    figure("8 clients: staff", "1/s", s.staff.map(rate)),
    figure("8 clients: patient", "1/s", s.patient.map(rate)),
    figure("8 clients: raw", "1/s", s.raw.map(rate)),
    ...(knowsCpu ? processor : []),
    figure("1 client: staff / raw booking, p50", "ratio", ratios(s.staffAlone, s.rawAlone, p50)),
    figure("1 client: patient / raw booking, p50", "ratio", ratios(s.patientAlone, s.rawAlone, p50)),
    figure("1 client: staff, p50", "ms", s.staffAlone.map(p50)),
    figure("1 client: patient, p50", "ms", s.patientAlone.map(p50)),
    figure("1 client: raw, p50", "ms", s.rawAlone.map(p50)),
    figure("8 clients, commits not on disk: staff / raw, p50", "ratio", ratios(s.lazyStaff, s.lazyRaw, p50)),
    figure("8 clients, commits not on disk: staff / raw, throughput", "ratio", ratios(s.lazyStaff, s.lazyRaw, rate)),
    figure("8 clients, commits not on disk: staff, p50", "ms", s.lazyStaff.map(p50)),
    figure("8 clients, commits not on disk: raw, p50", "ms", s.lazyRaw.map(p50)),
  ];
}

/** All sides on one database of their own. */
async function openSides(servers: BenchServers, synchronousCommit: "on" | "off") {
  const t = await testDatabase();
  await t.admin(`ALTER DATABASE ${new URL(t.url).pathname.slice(1)} SET synchronous_commit = ${synchronousCommit}`);
  const desks = await makeWorld(t, clinics);
  const before = await rowsOf(t);
  const web = await startWeb({ dbUrl: t.url, roleSecret: t.roleSecret, redisUrl: servers.redisUrl });
  const ours = openBookOverHttp(web, desks, clients);
  const raw = await openRawBooking(t, clients);
  const { postgres, redis } = servers.pids;
  const oursCpu = (): number => cpuOf(web.pid, postgres, redis);
  const rawCpu = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000 + cpuOf(postgres);
  const eight = { clients, count: perRound.eight };
  const one = { clients: 1, count: perRound.one };
  return {
    sides: {
      staff: () => drive({ ...eight, cpu: oursCpu }, ours.asStaff),
      raw: () => drive({ ...eight, cpu: rawCpu }, raw.book),
      patient: () => drive({ ...eight, cpu: oursCpu }, ours.asPatient),
      staffAlone: () => drive({ ...one, cpu: oursCpu }, ours.asStaff),
      rawAlone: () => drive({ ...one, cpu: rawCpu }, raw.book),
      patientAlone: () => drive({ ...one, cpu: oursCpu }, ours.asPatient),
    },
    /** Every answer has its rows, all of them: a figure over half bookings is not a figure. */
    check: async () => {
      for (const [table, rows] of Object.entries(await rowsOf(t))) {
        const more = rows - (before[table] ?? 0);
        if (more !== ours.booked()) throw new Error(`${ours.booked()} bookings, but ${more} new rows in ${table}`);
      }
    },
    close: async () => {
      ours.close();
      await raw.close();
      await web.stop();
      await t.close();
    },
  };
}

/** Rows in each table that a booking writes exactly one into. */
async function rowsOf(t: TestDatabase): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ["booking", "occupancy", "patient", "audit_log", "idempotency"]) {
    const [row] = await t.admin(`SELECT count(*)::int AS n FROM app.${table}`);
    counts[table] = Number(row?.["n"]);
  }
  return counts;
}
