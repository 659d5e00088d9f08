import { prepareTemplate, testDatabase } from "@pulsecal/db/testing";
import { openBookOverHttp } from "./book-over-http.ts";
import { makeWorld } from "./clinic-world.ts";
import { cpuOf, knowsCpu } from "./cpu.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";
import { type BenchServers, startWeb, withDurableServers } from "./system.ts";

export const rounds = 15;

const clients = 8;
const perRound = 400;
const most = 10_000;

/**
 * A booking by signed-in staff at 10,000 clinics against one at 10: clinics of the same shape, the same number of
 * bookings among them, two databases of one server, a web process each, alternating. First one booking at each of the
 * 10,000 (and as many at the 10), so that both processes know their clinics as after a day's work; what the first
 * booking at a clinic costs is printed beside. Commits do not wait for the disk here: that wait is the same on both
 * sides and would only blur the difference.
 */
export async function run(count: number): Promise<Figure[]> {
  return withDurableServers(async (servers) => {
    await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
    const many = await openSide(servers, most);
    const few = await openSide(servers, 10);
    try {
      const first = await interleave(most / perRound - 1, { many: many.book, few: few.book });
      // As autovacuum does in a running product: plans made for tables that were empty this morning are made again.
      for (const side of [many, few]) await side.analyze();
      return figuresOf(first, await interleave(Math.max(15, count), { many: many.book, few: few.book }));
    } finally {
      await many.close();
      await few.close();
    }
  });
}

type Sides = Record<"many" | "few", Sample[]>;

function figuresOf(first: Sides, { many, few }: Sides): Figure[] {
  const p50 = (sample: Sample): number => sample.p50;
  const cpu = (sample: Sample): number => sample.cpu;
  const processor = [
    figure("processor time per booking, 10,000 / 10 clinics", "ratio", ratios(many, few, cpu), "<= 1.10"),
    figure("processor time per booking, 10,000 clinics", "ms", many.map(cpu)),
    figure("processor time per booking, 10 clinics", "ms", few.map(cpu)),
    figure(
      "the first booking at each clinic: processor time, 10,000 / 10",
      "ratio",
      ratios(first.many, first.few, cpu),
    ),
  ];
  return [
    ...(knowsCpu ? processor : []),
    figure("p50 of a booking, 10,000 / 10 clinics", "ratio", ratios(many, few, p50), "<= 1.10"),
    figure("p50 of a booking, 10,000 clinics", "ms", many.map(p50)),
    figure("p50 of a booking, 10 clinics", "ms", few.map(p50)),
    figure("the first booking at each clinic: p50, 10,000 / 10", "ratio", ratios(first.many, first.few, p50)),
  ];
}

async function openSide(servers: BenchServers, clinics: number) {
  const t = await testDatabase();
  await t.admin(`ALTER DATABASE ${new URL(t.url).pathname.slice(1)} SET synchronous_commit = off`);
  const desks = await makeWorld(t, clinics);
  // One person at each of the many clinics, all forty of the few.
  const chosen = clinics === most ? [...new Map(desks.map((desk) => [desk.slug, desk])).values()] : desks;
  const web = await startWeb({ dbUrl: t.url, roleSecret: t.roleSecret, redisUrl: servers.redisUrl });
  const ours = openBookOverHttp(web, chosen, clients);
  const cpu = (): number => cpuOf(web.pid, servers.pids.postgres, servers.pids.redis);
  return {
    book: () => drive({ clients, count: perRound, cpu }, ours.asStaff),
    analyze: () => t.admin("VACUUM (ANALYZE)"),
    close: async () => {
      ours.close();
      await web.stop();
      await t.close();
    },
  };
}
