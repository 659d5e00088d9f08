import { prepareTemplate, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { buildWeb } from "../start/build-web.ts";
import type { Desk } from "./book-over-http.ts";
import { makeWorld } from "./clinic-world.ts";
import { cpuOf, knowsCpu } from "./cpu.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";
import { keptConnection } from "./kept-connection.ts";
import { startServer } from "./live/server-process.ts";
import { baseDomain, webEnvironment, withDurableServers } from "./system.ts";

export const rounds = 15;

const clinics = 100;
const perRound = 300;
/** visits a day and person in the month that is asked about */
const busyPerDay = 12;

const p50 = (sample: Sample): number => sample.p50;
const p99 = (sample: Sample): number => sample.p99;

/**
 * The free times of a week with one doctor (`public.booking.times`: clinic by host, rules, bookings, engine) over HTTP,
 * beside a tRPC hello with zod in and out that the same server answers without the product around it. Also with anyone
 * of four, and for a month. A week is asked for again and again while nothing changes there, as most searches are, and
 * after something has. One client at a time: it is the wait of a person that is measured.
 */
export async function run(count: number): Promise<Figure[]> {
  return withDurableServers(async (servers) => {
    await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
    await buildWeb((text) => process.stderr.write(`${text}\n`));
    const t = await testDatabase();
    // One doctor of each clinic: what is asked for is what the server may remember, which is a thousand such weeks.
    const desks = [...new Map((await makeWorld(t, clinics)).map((desk) => [desk.slug, desk])).values()];
    await fillMonth(t);
    const env = webEnvironment({ dbUrl: t.url, roleSecret: t.roleSecret, redisUrl: servers.redisUrl });
    const server = await startServer("slot-search-server.ts", [], env);
    const client = openSearches(server.port, desks);
    let searches = 0;
    const cpu = (): number => cpuOf(server.pid, servers.pids.postgres);
    const side = (operation: () => Promise<void>) => () => drive({ clients: 1, count: perRound, cpu }, operation);
    try {
      const samples = await interleave(count, {
        hello: side(client.hello),
        week: side(() => client.search({ days: 7, anyone: false })),
        weekAnew: side(async () => {
          // once for all clinics, and so rarely that the median does not feel it
          if (searches++ % clinics === 0) await changeAll(t);
          await client.search({ days: 7, anyone: false });
        }),
        weekOfFour: side(() => client.search({ days: 7, anyone: true })),
        month: side(() => client.search({ days: 30, anyone: false })),
      });
      return figuresOf(samples);
    } finally {
      client.close();
      await server.stop();
      await t.close();
    }
  });
}

function figuresOf(s: Record<"hello" | "week" | "weekAnew" | "weekOfFour" | "month", Sample[]>): Figure[] {
  const processor = [
    figure(
      "processor time, week (web, postgres)",
      "ms",
      s.week.map((sample) => sample.cpu),
    ),
    figure(
      "processor time, week not asked for since something changed (web, postgres)",
      "ms",
      s.weekAnew.map((sample) => sample.cpu),
    ),
    figure(
      "processor time, hello (web)",
      "ms",
      s.hello.map((sample) => sample.cpu),
    ),
  ];
  return [
    figure("a week with one doctor / hello, p50", "ratio", ratios(s.week, s.hello, p50), "<= 3.0"),
    figure("the same, not asked for since something changed / hello, p50", "ratio", ratios(s.weekAnew, s.hello, p50)),
    figure("a week with anyone of four / hello, p50", "ratio", ratios(s.weekOfFour, s.hello, p50)),
    figure("a month with one doctor / hello, p50", "ratio", ratios(s.month, s.hello, p50)),
    figure("a week with one doctor, p50", "ms", s.week.map(p50)),
    figure("a week with one doctor, p99", "ms", s.week.map(p99)),
    figure("the same, not asked for since something changed, p50", "ms", s.weekAnew.map(p50)),
    figure("a week with anyone of four, p50", "ms", s.weekOfFour.map(p50)),
    figure("a month with one doctor, p50", "ms", s.month.map(p50)),
    figure("hello, p50", "ms", s.hello.map(p50)),
    ...(knowsCpu ? processor : []),
  ];
}

/** Every person has a visit in every other time of the next thirty days. */
async function fillMonth(t: TestDatabase): Promise<void> {
  await t.admin(
    `WITH visit AS MATERIALIZED (
      SELECT p.clinic, p.service, p.id AS person, gen_random_uuid() AS id,
        -- 08:00 in Johannesburg is 06:00 UTC all year
        date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(days => day, hours => 6, mins => 40 * k) AS at
      FROM world.person p, generate_series(0, 29) day, generate_series(0, $1::int - 1) k
    ), booking AS (
      INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
      SELECT clinic, id, 'K7Q2', encode(sha256(id::text::bytea), 'hex'), service, person, 'confirmed', at, at + interval '20 minutes', 'patient'
      FROM visit
    )
    INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
    SELECT clinic, gen_random_uuid(), person, id, at, at + interval '20 minutes', at, at + interval '20 minutes', 'booked' FROM visit`,
    [busyPerDay],
  );
  await t.admin("VACUUM (ANALYZE)");
}

/** Something happened at every clinic: nothing that anybody remembers of them is good any more. */
async function changeAll(t: TestDatabase): Promise<void> {
  await t.admin(
    `INSERT INTO app.event (clinic_id, id, type, payload, live)
    SELECT DISTINCT ON (clinic) clinic, gen_random_uuid(), 'booking.kept', '{}'::jsonb, false FROM world.person`,
  );
}

/** Asks as a page does, each time at another clinic; an answer that is not what was asked for ends the bench. */
function openSearches(port: number, desks: Desk[]) {
  const connection = keptConnection(port);
  let turn = 0;
  const get = async (slug: string, path: string, input: unknown): Promise<string> => {
    const query = encodeURIComponent(JSON.stringify({ json: input }));
    const answer = await connection.get({ host: `${slug}.${baseDomain}:${port}`, path: `${path}?input=${query}` });
    if (answer.status !== 200) throw new Error(`${path} was refused (${answer.status}): ${answer.body}`);
    return answer.body;
  };
  return {
    hello: async () => {
      await get("clinic-1", "/hello/hello", { name: "Thandi" });
    },
    search: async ({ days, anyone }: { days: number; anyone: boolean }) => {
      const desk = desks[turn++ % desks.length];
      if (!desk) throw new Error("there is nobody to ask about");
      const { serviceId, practitionerId } = desk;
      const input = { serviceId, who: anyone ? "any" : practitionerId, days };
      const body = await get(desk.slug, "/trpc/public.booking.times", input);
      if (!body.includes('"start"')) throw new Error(`no free times: ${body.slice(0, 300)}`);
    },
    close: () => connection.close(),
  };
}
