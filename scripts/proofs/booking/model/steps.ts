import { randomUUID } from "node:crypto";
import type { seeded } from "../../harness.ts";
import { type Arena, count, hashOf, tokenOf } from "../arena.ts";
import { lapse, sweep } from "../changes.ts";
import type { Asking, Reply } from "../door.ts";
import { dateOf, instant, type Shape, type Spot } from "../place.ts";
import { book, cancel, confirm, hold, move, release } from "../wishes.ts";
import { change, isFree, isOnGrid, type Model, offered, stands, type Visit, whoCan } from "./model.ts";

export const modelShape: Shape = {
  doctors: 2,
  hours: { from: 480, to: 660 },
  services: [
    { minutes: 20, intervalMinutes: 10 },
    { minutes: 30, intervalMinutes: 15, bufferBefore: 5, bufferAfter: 10 },
  ],
};

/** A clinic and its model, and who walks both. */
export type Walk = { arena: Arena; spot: Spot; model: Model; random: ReturnType<typeof seeded>; days: number };

/** What differed, or null when the product did what the model did. */
type Step = (walk: Walk) => Promise<string | null>;

const dayMinutes = 24 * 60;

async function ask({ arena, random }: Walk, asking: Asking): Promise<Reply> {
  const reply = await arena.door.ask(random.int(2), asking);
  count(arena.tally, asking, reply);
  return reply;
}

const codeOf = (reply: Reply): string => (reply.status === null ? "silence" : reply.code);
const differ = (what: string, expected: unknown, got: unknown): string | null =>
  expected === got ? null : `${what}: the model says ${String(expected)}, the product ${String(got)}`;

const take: Step = async (walk) => {
  const { random, model, spot, days } = walk;
  const service = random.int(model.services.length);
  const [from, to] = [model.hours.from / 5, model.hours.to / 5];
  const grid = random.next() < 0.9 ? (model.services[service]?.intervalMinutes ?? 5) / 5 : 1;
  const minute = Math.floor((from + random.int(to - from)) / grid) * grid * 5;
  const start = random.int(days) * dayMinutes + minute;
  const doctor = random.next() < 0.3 ? "any" : random.int(model.doctors);
  const key = randomUUID();
  const toHold = random.next() < 0.5;
  const reply = await ask(walk, (toHold ? hold : book)(spot, { minute: start, doctor, service, key }));
  const able = doctor === "any" ? whoCan(model, service, start) : [doctor];
  const can = isOnGrid(model, service, start) && able.some((one) => isFree(model, one, service, start));
  const what = `${toHold ? "hold" : "book"} service ${service} with ${doctor} at ${start}`;
  const token = tokenOf(reply);
  if (!can)
    return token || !["slot_taken", "not_offered"].includes(codeOf(reply)) ? differ(what, "no", codeOf(reply)) : null;
  if (!token) return differ(what, "yes", codeOf(reply));
  const given = givenTo(walk, reply);
  if (!able.includes(given)) return `${what}: it was given to ${given}, who is not free`;
  const state = toHold ? "held" : "confirmed";
  model.visits.push({ token, doctor: given, service, start, state, presses: 0, key });
  return null;
};

function givenTo({ spot }: Walk, reply: Reply): number {
  const data = reply.status === null ? {} : (reply.data as { practitionerId?: string; booking?: Booked });
  return spot.doctors.indexOf(data.practitionerId ?? data.booking?.practitioner.id ?? "");
}

type Booked = { practitioner: { id: string } };

/** A visit of the past of this walk: most often one that still stands. */
function someVisit({ model, random }: Walk): Visit | null {
  const standing = model.visits.filter(stands);
  const pool = random.next() < 0.75 && standing.length > 0 ? standing : model.visits;
  return pool.length > 0 ? random.pick(pool) : null;
}

const onVisit =
  (work: (walk: Walk, visit: Visit) => Promise<string | null>): Step =>
  async (walk) => {
    const visit = someVisit(walk);
    return visit ? work(walk, visit) : null;
  };

const confirmSome = onVisit(async (walk, visit) => {
  const was = visit.state;
  return differ(`confirm (${was})`, change.confirm(visit), codeOf(await ask(walk, confirm(walk.spot, visit.token))));
});

const cancelSome = onVisit(async (walk, visit) => {
  const was = visit.state;
  const reply = await ask(walk, cancel(walk.spot, visit.token));
  // A lapsed hold may have been noticed meanwhile; either way nobody has it afterwards.
  if (was === "lapsed" && ["ok", "not_cancellable"].includes(codeOf(reply))) {
    visit.state = reply.status === 200 ? "cancelled" : "expired";
    return null;
  }
  return differ(`cancel (${was})`, change.cancel(visit), codeOf(reply));
});

const releaseSome = onVisit(async (walk, visit) => {
  const was = visit.state;
  const reply = await ask(walk, release(walk.spot, visit.token));
  const released = reply.status === 200 && (reply.data as { released: boolean }).released;
  if (was === "lapsed") {
    visit.state = "expired";
    return differ("release (lapsed)", 200, reply.status);
  }
  return differ(`release (${was})`, change.release(visit), released ? "released" : "nothing");
});

const extendSome = onVisit(async (walk, visit) => {
  const asking = { slug: walk.spot.slug, path: "public.booking.extendHold", input: { token: visit.token } };
  const was = `${visit.state}, ${visit.presses} presses`;
  return differ(`extend (${was})`, change.extend(visit), codeOf(await ask(walk, asking)));
});

const moveSome = onVisit(async (walk, visit) => {
  const { random, model, spot, days } = walk;
  const { intervalMinutes = 5 } = model.services[visit.service] ?? {};
  const steps = (model.hours.to - model.hours.from) / intervalMinutes;
  const start = random.int(days) * dayMinutes + model.hours.from + random.int(steps) * intervalMinutes;
  const doctor = random.int(model.doctors);
  const what = `move (${visit.state}) to ${doctor} at ${start}`;
  const expected = change.move(model, visit, doctor, start);
  const got = codeOf(await ask(walk, move(spot, visit.token, { minute: start, doctor })));
  return differ(what, expected, got === "not_offered" ? "slot_taken" : got);
});

const lapseSome = onVisit(async (walk, visit) => {
  if (visit.state !== "held") return null;
  await lapse(walk.arena, walk.spot, visit.token, -2);
  visit.state = "lapsed";
  return null;
});

const workerComes: Step = async (walk) => {
  await sweep(walk.arena, walk.spot);
  for (const visit of walk.model.visits) if (visit.state === "lapsed") visit.state = "expired";
  return null;
};

/** The same key again: with the same wish it is answered as before, with another it is refused. */
const sameKey = onVisit(async (walk, visit) => {
  const want = { minute: visit.start, doctor: visit.doctor, service: visit.service, key: visit.key };
  const other = await ask(walk, book(walk.spot, { ...want, minute: visit.start + 5 }));
  return differ("another wish under a key", "key_reused", codeOf(other));
});

const look: Step = async (walk) => {
  const { random, model, spot, days } = walk;
  const [doctor, service, day] = [random.int(model.doctors), random.int(model.services.length), random.int(days)];
  const reply = await ask(walk, {
    slug: spot.slug,
    path: "public.booking.times",
    input: { serviceId: spot.services[service], who: spot.doctors[doctor], from: dateOf(spot.day + day), days: 1 },
    query: true,
  });
  if (reply.status !== 200) return differ("look", "ok", codeOf(reply));
  const first = instant(spot.day, 0).getTime();
  const shown = (reply.data as { days: { times: { start: string }[] }[] }).days[0]?.times ?? [];
  const starts = shown.map(({ start }) => (new Date(start).getTime() - first) / 60_000);
  return differ(`times of service ${service}`, offered(model, doctor, service, day).join(" "), starts.join(" "));
};

const steps: readonly (readonly [number, Step])[] = [
  [34, take],
  [14, confirmSome],
  [14, cancelSome],
  [6, releaseSome],
  [8, extendSome],
  [10, moveSome],
  [5, lapseSome],
  [2, workerComes],
  [3, sameKey],
  [14, look],
];

/** One step of the walk, by chance. */
export function anyStep(walk: Walk): Promise<string | null> {
  const sum = steps.reduce((weights, [weight]) => weights + weight, 0);
  let left = walk.random.int(sum);
  for (const [weight, step] of steps) {
    if (left < weight) return step(walk);
    left -= weight;
  }
  return look(walk);
}

/** Whether the rows of the clinic are what the model says: every visit in its state, with its time kept or left. */
export async function compareRows({ arena, spot, model }: Walk): Promise<string | null> {
  const rows = await arena.t.admin(
    `SELECT b.token_hash AS "tokenHash", b.state, b.practitioner_id AS doctor, b.starts_at AS start,
       EXISTS (SELECT FROM app.occupancy o WHERE o.clinic_id = b.clinic_id AND o.booking_id = b.id
         AND (o.state = 'booked' OR o.state = 'held' AND o.hold_expires_at > clock_timestamp())) AS kept
     FROM app.booking b WHERE b.clinic_id = $1`,
    [spot.clinicId],
  );
  const first = instant(spot.day, 0).getTime();
  const told = rows.map((row) => {
    const start = ((row["start"] as Date).getTime() - first) / 60_000;
    return `${String(row["tokenHash"])} ${spot.doctors.indexOf(String(row["doctor"]))} ${start} ${stateOf(String(row["state"]))} ${String(row["kept"])}`;
  });
  const lapsed = (visit: Visit): string => (visit.state === "lapsed" ? "held" : visit.state);
  const expected = model.visits.map(
    (visit) =>
      `${hashOf(visit.token)} ${visit.doctor} ${visit.start} ${stateOf(lapsed(visit))} ${String(stands(visit))}`,
  );
  const missing = expected.filter((line) => !told.includes(line));
  const extra = told.filter((line) => !expected.includes(line));
  return missing.length + extra.length === 0
    ? null
    : `rows: the model has ${missing.join("; ")}, the database ${extra.join("; ")}`;
}

/** A lapsed hold is held or expired in the rows, as somebody has noticed or not; which one is no difference. */
const stateOf = (state: string): string => (state === "held" || state === "expired" ? "held or over" : state);
