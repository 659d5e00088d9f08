import type { seeded } from "../../harness.ts";
import { type Arena, count, tokenOf } from "../arena.ts";
import { lapse } from "../changes.ts";
import type { Asking, Reply } from "../door.ts";
import { dateOf, instant, type Shape, type Spot } from "../place.ts";
import { book, cancel, confirm, hold, move, release } from "../wishes.ts";
import type { Cells, Did, Done } from "./registers.ts";

const opens = 480;
const cellMinutes = 5;

/** A short day, so that people meet; the long service keeps its buffer past closing. */
export const crowdedDay: Shape = {
  doctors: 1,
  hours: { from: opens, to: opens + 120 },
  services: [
    { minutes: 20, intervalMinutes: 10 },
    { minutes: 40, intervalMinutes: 10, bufferAfter: 10 },
  ],
};
export const cellsOfDay = 27;

type Known = { who: string; token: string; service: number };

/** A day with all that was done to it so far. */
export type Day = { spot: Spot; history: Done[]; known: Known[]; starts: number[][] };

/** One line of time for everybody. */
export type Clock = { tick(): number };

export function openClock(): Clock {
  let now = 0;
  return {
    tick() {
      now += 1;
      return now;
    },
  };
}

let names = 0;
const nextName = (): string => {
  names += 1;
  return `p${names}`;
};

/** A day nobody has touched, and what a page offers of each service on it. */
export async function openDay(arena: Arena): Promise<Day> {
  const spot = await arena.spot(crowdedDay);
  const starts: number[][] = [];
  for (const service of spot.services.keys()) starts.push(await offeredOf(arena, spot, service));
  return { spot, history: [], known: [], starts };
}

async function offeredOf(arena: Arena, spot: Spot, service: number): Promise<number[]> {
  const reply = await arena.must(timesOf(spot, service));
  const { days } = reply.data as { days: { date: string; times: { start: string }[] }[] };
  const first = instant(spot.day, 0).getTime();
  return (days[0]?.times ?? []).map(({ start }) => (new Date(start).getTime() - first) / 60_000);
}

function timesOf(spot: Spot, service: number): Asking {
  const input = { serviceId: spot.services[service], who: spot.doctors[0], from: dateOf(spot.day), days: 1 };
  return { slug: spot.slug, path: "public.booking.times", input, query: true };
}

/** The registers a visit needs, buffers and all. */
export function cellsOf({ shape }: Spot, service: number, minute: number): Cells {
  const { minutes = 0, bufferBefore = 0, bufferAfter = 0 } = shape.services[service] ?? {};
  const from = (minute - bufferBefore - opens) / cellMinutes;
  return { from, to: from + (bufferBefore + minutes + bufferAfter) / cellMinutes };
}

export type Crowd = { arena: Arena; clock: Clock; random: ReturnType<typeof seeded>; days: Day[] };

/** Everybody wants one time of a day in the same instant. */
export async function rush({ arena, clock, random }: Crowd, day: Day, size: number): Promise<void> {
  const minute = random.pick(day.starts[0] ?? []);
  const wants = Array.from({ length: size }, () => ({ who: nextName(), invoked: clock.tick() }));
  const replies = await arena.race(wants.map((_, index) => (index % 2 ? book : hold)(day.spot, { minute })));
  for (const [index, { who, invoked }] of wants.entries()) {
    const reply = replies[index];
    if (reply) note(day, { invoked, returned: clock.tick() }, taking(day, who, 0, minute, index % 2 === 0), reply);
  }
}

/** One person does so many things, one after the other, now on this day, now on that. */
export async function oneOf(crowd: Crowd, things: number): Promise<void> {
  const { random, days } = crowd;
  for (let turn = 0; turn < things; turn += 1) {
    const day = random.pick(days);
    const known = day.known.length > 0 && random.next() < 0.55 ? random.pick(day.known) : null;
    if (!known) await (random.next() < 0.7 ? takeSome(crowd, day) : look(crowd, day));
    else await changeSome(crowd, day, known);
  }
}

async function takeSome(crowd: Crowd, day: Day): Promise<void> {
  const { random } = crowd;
  const service = random.int(2);
  const minute = random.pick(day.starts[service] ?? []);
  const toHold = random.next() < 0.5;
  const asking = (toHold ? hold : book)(day.spot, { minute, service });
  await attempt(crowd, day, asking, taking(day, nextName(), service, minute, toHold));
}

type Understand = (reply: Reply) => Did | null;

/** No answer, or one that says nothing of what was done. */
const isUnknown = (reply: Reply): boolean => reply.status === null || reply.status >= 500;
const codeOf = (reply: Reply): string => (reply.status === null ? "" : reply.code);

const taking =
  (day: Day, who: string, service: number, minute: number, toHold: boolean): Understand =>
  (reply) => {
    const take = { what: "take", who, cells: cellsOf(day.spot, service, minute) } as const;
    const as = toHold ? "held" : "booked";
    if (isUnknown(reply)) return { ...take, as, end: "unknown" };
    if (["slot_taken", "not_offered"].includes(codeOf(reply))) return { ...take, as, end: "taken" };
    const token = tokenOf(reply);
    if (!token) return null;
    day.known.push({ who, token, service });
    return { ...take, as, end: "ok" };
  };

async function changeSome(crowd: Crowd, day: Day, { who, token, service }: Known): Promise<void> {
  const { arena, clock, random } = crowd;
  const kind = random.int(13);
  if (kind > 9) {
    const minute = random.pick(day.starts[service] ?? []);
    return attempt(crowd, day, move(day.spot, token, { minute }), moving(who, cellsOf(day.spot, service, minute)));
  }
  if (kind < 4) return attempt(crowd, day, confirm(day.spot, token), confirming(who));
  if (kind < 8) return attempt(crowd, day, cancel(day.spot, token), cancelling(who));
  if (kind < 9) return attempt(crowd, day, release(day.spot, token), releasing(who));
  // Its time has run out, a moment ago: instants are kept in whole milliseconds.
  const invoked = clock.tick();
  await lapse(arena, day.spot, token, -2);
  day.history.push({ did: { what: "lapse", who, end: "ok" }, invoked, returned: clock.tick() });
}

const confirming =
  (who: string): Understand =>
  (reply) => {
    if (isUnknown(reply)) return { what: "confirm", who, end: "unknown" };
    const ends = { ok: "ok", hold_expired: "gone", conflict: "already" } as const;
    const end = ends[codeOf(reply) as keyof typeof ends];
    return end ? { what: "confirm", who, end } : null;
  };

const cancelling =
  (who: string): Understand =>
  (reply) => {
    if (isUnknown(reply)) return { what: "cancel", who, end: "unknown" };
    const ends = { ok: "ok", not_cancellable: "gone" } as const;
    const end = ends[codeOf(reply) as keyof typeof ends];
    return end ? { what: "cancel", who, end } : null;
  };

const moving =
  (who: string, cells: Cells): Understand =>
  (reply) => {
    if (isUnknown(reply)) return { what: "move", who, cells, end: "unknown" };
    const ends = { ok: "ok", slot_taken: "taken", not_offered: "taken", not_movable: "gone" } as const;
    const end = ends[codeOf(reply) as keyof typeof ends];
    return end ? { what: "move", who, cells, end } : null;
  };

const releasing =
  (who: string): Understand =>
  (reply) => {
    if (isUnknown(reply)) return { what: "release", who, end: "unknown" };
    if (reply.status !== 200) return null;
    return { what: "release", who, end: (reply.data as { released: boolean }).released ? "ok" : "nothing" };
  };

/** What a page of the day shows; a look never hangs up. */
export async function look({ arena, clock }: Pick<Crowd, "arena" | "clock">, day: Day, service = 0): Promise<void> {
  const invoked = clock.tick();
  const offered = await offeredOf(arena, day.spot, service);
  const starts = day.starts[service] ?? [];
  const kinds = starts.map((minute) => cellsOf(day.spot, service, minute));
  const places = new Set(offered.map((minute) => starts.indexOf(minute)));
  day.history.push({ did: { what: "look", kinds, offered: places, end: "ok" }, invoked, returned: clock.tick() });
}

/** One in so many hangs up before the answer; half of those come back with the same request. */
const patience = { hangsUp: 0.12, longestMs: 10, asksAgain: 0.5 };

async function attempt(crowd: Crowd, day: Day, asking: Asking, understand: Understand): Promise<void> {
  const { arena, clock, random } = crowd;
  const hangsUp = random.next() < patience.hangsUp;
  const invoked = clock.tick();
  const first = await send(
    arena,
    random,
    hangsUp ? { ...asking, hangUpAfterMs: random.int(patience.longestMs) } : asking,
  );
  if (first.status !== null || random.next() >= patience.asksAgain) {
    return note(day, { invoked, returned: clock.tick() }, understand, first);
  }
  const again = clock.tick();
  const second = await send(arena, random, asking);
  const did = understand(second);
  const returned = clock.tick();
  // One key is one wish: a yes now may be the first one's. A no says nothing of what was sent before it.
  if (did?.end === "ok") {
    day.history.push({ did, invoked, returned });
    return;
  }
  note(day, { invoked, returned: Infinity }, understand, first);
  if (did) day.history.push({ did, invoked: again, returned });
}

async function send(arena: Arena, random: Crowd["random"], asking: Asking): Promise<Reply> {
  const reply = await arena.door.ask(random.int(2), asking);
  count(arena.tally, asking, reply);
  return reply;
}

function note(day: Day, when: { invoked: number; returned: number }, understand: Understand, reply: Reply): void {
  const did = understand(reply);
  if (did) day.history.push({ did, ...when });
}
