import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import type { MadeClinic } from "@pulsecal/db/testing";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../trpc/error-map.ts";
import { testServices } from "../testing/test-services.ts";
import { writeCursor } from "./cursor.ts";
import { inTx } from "./in-tx.ts";
import { createLiveBus } from "./live-bus.ts";
import type { LiveBus, LiveEvent } from "./live-bus.ts";
import { announce, announcedTx } from "./outbox.ts";
import { closeServices } from "./services.ts";
import type { Services } from "./services.ts";

let t: TestDatabase;
let s: Services;
let clinic: MadeClinic;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
  clinic = await makeClinic(t);
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

const hoursChanged = (clinicId: string) => ({
  clinicId,
  type: "hours.changed" as const,
  payload: { resourceId: clinicId },
});

function write(clinicId: string): Promise<{ id: string }> {
  return inTx({ s, clinicId, actor: "system:test" }, (tx) => announce(tx, hoursChanged(clinicId)));
}

/** The next `count` events of a subscription. */
async function take(events: AsyncIterable<LiveEvent>, count: number): Promise<LiveEvent[]> {
  const taken: LiveEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

/** Reads on until that event. After a resync, events that the horizon still hid at that moment may come first. */
async function until(id: string, events: AsyncIterator<LiveEvent>): Promise<void> {
  for (let got = await events.next(); !got.done; got = await events.next()) if (got.value.id === id) return;
  throw new Error("the stream ended before the event");
}

function busWith(over: Partial<Parameters<typeof createLiveBus>[0]>): LiveBus {
  return createLiveBus({
    db: s.db,
    redis: s.redis,
    redisUrl: s.env.redisUrl,
    redisPrefix: s.redisPrefix,
    secret: s.env.secret,
    log: s.log,
    ...over,
  });
}

test("a subscriber gets what happens after its cursor, in order, with its payload", async () => {
  const cursor = await s.bus.cursor(clinic.clinicId);
  const first = await write(clinic.clinicId);
  const second = await write(clinic.clinicId);
  const events = await take(s.bus.subscribe(clinic.clinicId, cursor, new AbortController().signal), 2);
  expect(events.map((event) => event.id)).toEqual([first.id, second.id]);
  expect(events[0]).toMatchObject({
    type: "hours.changed",
    payload: { resourceId: clinic.clinicId },
    clinicId: clinic.clinicId,
  });
  expect(events[0]?.at).toBeInstanceOf(Date);
});

test("an event that commits after a later one is not missed; a cursor over the sequence alone misses it", async () => {
  const { clinicId } = await makeClinic(t);
  const before = await t.admin("select coalesce(max(seq), 0)::int as last from app.event");
  const cursor = await s.bus.cursor(clinicId);
  const context = { clinicId, actor: "system:test" };
  let commitFirst = () => undefined as void;
  let firstWritten = () => undefined as void;
  const written = new Promise<void>((resolve) => (firstWritten = resolve));
  let firstId = "";
  const slow = t.db.withTx(context, async (tx) => {
    firstId = (await announce(tx, hoursChanged(clinicId))).id;
    await new Promise<void>((resolve) => {
      commitFirst = resolve;
      firstWritten();
    });
  });
  await written;
  const { id: secondId } = await write(clinicId);

  // The naive reader sees the second row and moves its cursor past the first one, for ever.
  const naive = await t.admin("select id, seq::int from app.event where seq > $1 order by seq", [before[0]?.["last"]]);
  commitFirst();
  await slow;
  const later = await t.admin("select id from app.event where seq > $1", [naive.at(-1)?.["seq"]]);
  expect([...naive, ...later].map((row) => row["id"])).toEqual([secondId]);

  const events = await take(s.bus.subscribe(clinicId, cursor, new AbortController().signal), 2);
  expect(events.map((event) => event.id).sort()).toEqual([firstId, secondId].sort());
});

test("ten writers with late commits and rollbacks, readers that come and go: nothing missed, nothing repeated, one order", async () => {
  const { clinicId } = await makeClinic(t);
  const start = await s.bus.cursor(clinicId);
  const committed: string[] = [];
  const writer = async () => {
    for (let n = 0; n < 20; n++) {
      let wrote: bigint | undefined;
      const id = await t.db
        .withTx({ clinicId, actor: "system:test" }, async (tx) => {
          const event = await announce(tx, hoursChanged(clinicId));
          wrote = announcedTx(tx);
          await delay(Math.random() * 20);
          if (Math.random() < 0.05) throw new Error("changed its mind");
          return event.id;
        })
        .catch(() => null);
      if (id === null) continue;
      committed.push(id);
      await s.bus.wake(clinicId, wrote);
    }
  };
  const deadline = AbortSignal.timeout(40_000);
  let writing = true;
  const reader = async (stay: () => number) => {
    const seen: string[] = [];
    let cursor = start;
    while ((writing || seen.length < committed.length) && !deadline.aborted) {
      let left = stay();
      const stop = new AbortController();
      // A reader that waits for nothing more leaves when the writers are done and all is read.
      const idle = setInterval(() => !writing && seen.length >= committed.length && stop.abort(), 20);
      for await (const event of s.bus.subscribe(clinicId, cursor, AbortSignal.any([stop.signal, deadline]))) {
        expect(event.type).toBe("hours.changed");
        seen.push(event.id);
        cursor = event.cursor;
        if (--left === 0) break;
      }
      clearInterval(idle);
    }
    return seen;
  };
  const readers = [
    reader(() => Number.POSITIVE_INFINITY),
    ...Array.from({ length: 3 }, () => reader(() => 1 + Math.floor(Math.random() * 15))),
  ];
  await Promise.all(Array.from({ length: 10 }, writer));
  writing = false;
  const [steady = [], ...restless] = await Promise.all(readers);
  expect(new Set(steady).size).toBe(steady.length);
  expect([...steady].sort()).toEqual([...committed].sort());
  for (const seen of restless) expect(seen).toEqual(steady);
}, 60_000);

test("many subscribers of one clinic share one read", async () => {
  const { clinicId } = await makeClinic(t);
  let reads = 0;
  const counting = {
    ...s.db,
    withTenant: ((context, fn) => (reads++, s.db.withTenant(context, fn))) as Services["db"]["withTenant"],
  };
  const bus = busWith({ db: counting, safetyPollMs: 60_000 });
  const cursor = await bus.cursor(clinicId);
  const stop = new AbortController();
  const iterators = Array.from({ length: 50 }, () =>
    bus.subscribe(clinicId, cursor, stop.signal)[Symbol.asyncIterator](),
  );
  const waiting = iterators.map((iterator) => iterator.next());
  // Everybody is listening once the first of them has its place; a second write below proves it by arriving.
  const first = await write(clinicId);
  expect((await Promise.all(waiting)).map((got) => got.value?.id)).toEqual(Array(50).fill(first.id));
  const readsBefore = reads;
  const again = iterators.map((iterator) => iterator.next());
  const second = await write(clinicId);
  expect((await Promise.all(again)).map((got) => got.value?.id)).toEqual(Array(50).fill(second.id));
  expect(reads - readsBefore).toBeLessThan(20);
  stop.abort();
  await bus.close();
});

test("another process hears of an event over Redis", async () => {
  const { clinicId } = await makeClinic(t);
  const other = busWith({ safetyPollMs: 60_000 });
  const cursor = await other.cursor(clinicId);
  const events = other.subscribe(clinicId, cursor, new AbortController().signal)[Symbol.asyncIterator]();
  const waiting = events.next();
  const { id } = await write(clinicId);
  expect((await waiting).value?.id).toBe(id);
  await other.close();
});

test("without Redis a wake-up never fails and readers find the event by looking", async () => {
  const { clinicId } = await makeClinic(t);
  const nowhere = { redisUrl: "redis://127.0.0.1:1", redisPrefix: "test-nowhere" };
  const alone = busWith({ ...nowhere, safetyPollMs: 50 });
  const cursor = await alone.cursor(clinicId);
  const events = alone.subscribe(clinicId, cursor, new AbortController().signal)[Symbol.asyncIterator]();
  const waiting = events.next();
  const { id } = await write(clinicId);
  expect((await waiting).value?.id).toBe(id);
  const deaf = testServices(t, { redisUrl: "redis://127.0.0.1:1" });
  await expect(
    inTx({ s: deaf, clinicId, actor: "system:test" }, (tx) => announce(tx, hoursChanged(clinicId))),
  ).resolves.toBeDefined();
  await closeServices(deaf);
  await alone.close();
});

test("a gap too long to replay becomes a resync, and the stream goes on from there", async () => {
  const { clinicId } = await makeClinic(t);
  const bus = busWith({ queueSize: 5, ringSize: 5 });
  const cursor = await bus.cursor(clinicId);
  for (let n = 0; n < 8; n++) await write(clinicId);
  const events = bus.subscribe(clinicId, cursor, new AbortController().signal)[Symbol.asyncIterator]();
  expect((await events.next()).value?.type).toBe("resync");
  const { id } = await write(clinicId);
  await until(id, events);
  await bus.close();
});

test("a subscriber that does not keep up is told to start over instead of losing events silently", async () => {
  const { clinicId } = await makeClinic(t);
  const bus = busWith({ queueSize: 5 });
  const quick = bus
    .subscribe(clinicId, await bus.cursor(clinicId), new AbortController().signal)
    [Symbol.asyncIterator]();
  const slow = bus
    .subscribe(clinicId, await bus.cursor(clinicId), new AbortController().signal)
    [Symbol.asyncIterator]();
  const [mine, theirs] = [quick.next(), slow.next()];
  await write(clinicId);
  await Promise.all([mine, theirs]);
  for (let n = 0; n < 8; n++) {
    const next = quick.next();
    await write(clinicId);
    await next;
  }
  const told = await slow.next();
  expect(told.value?.type).toBe("resync");
  const { id } = await write(clinicId);
  await until(id, slow);
  await bus.close();
});

test("a cursor of hours ago, or of a database ahead of this one, is answered with a resync", async () => {
  const { clinicId } = await makeClinic(t);
  const longAgo = writeCursor(s.env.secret, clinicId, { tx: 1n, seq: 0n }, Date.now() - 24 * 3600_000);
  const ahead = writeCursor(s.env.secret, clinicId, { tx: 9_000_000_000n, seq: 0n }, Date.now());
  for (const cursor of [longAgo, ahead]) {
    const [event] = await take(s.bus.subscribe(clinicId, cursor, new AbortController().signal), 1);
    expect(event?.type).toBe("resync");
  }
});

test("another clinic's cursor is an error, not a view", async () => {
  const other = await makeClinic(t);
  const cursor = await s.bus.cursor(other.clinicId);
  const reading = take(s.bus.subscribe(clinic.clinicId, cursor, new AbortController().signal), 1);
  const refusal = await reading.catch(refusalOf);
  expect(refusal).toMatchObject({ code: "cursor_invalid" });
});

test("one clinic's events never reach another's subscribers", async () => {
  const [a, b] = [await makeClinic(t), await makeClinic(t)];
  const events = s.bus
    .subscribe(a.clinicId, await s.bus.cursor(a.clinicId), new AbortController().signal)
    [Symbol.asyncIterator]();
  const waiting = events.next();
  await write(b.clinicId);
  const mine = await write(a.clinicId);
  expect((await waiting).value?.id).toBe(mine.id);
});

test("work for the worker alone is not shown", async () => {
  const { clinicId } = await makeClinic(t);
  const cursor = await s.bus.cursor(clinicId);
  await inTx({ s, clinicId, actor: "system:test" }, (tx) =>
    announce(tx, { clinicId, type: "booking.reminder_due", payload: { bookingId: clinicId }, live: false }),
  );
  const shown = await write(clinicId);
  const [event] = await take(s.bus.subscribe(clinicId, cursor, new AbortController().signal), 1);
  expect(event?.id).toBe(shown.id);
});

test("the platform's feed carries clinics' names and no payload", async () => {
  const { clinicId, slug } = await makeClinic(t);
  const cursor = await s.bus.platformCursor();
  await inTx({ s, clinicId, actor: "system:test" }, (tx) =>
    announce(tx, { clinicId, type: "clinic.signed_up", payload: { slug } }),
  );
  const [event] = await take(s.bus.subscribePlatform(cursor, new AbortController().signal), 1);
  expect(event).toMatchObject({ type: "clinic.signed_up", clinicId, clinic: { slug }, payload: {} });
});

test("a transaction that rolls back leaves no event", async () => {
  const { clinicId } = await makeClinic(t);
  const failed = inTx({ s, clinicId, actor: "system:test" }, async (tx) => {
    await announce(tx, hoursChanged(clinicId));
    throw new Error("changed its mind");
  });
  await expect(failed).rejects.toThrow("changed its mind");
  expect(await t.admin("select 1 from app.event where clinic_id = $1", [clinicId])).toEqual([]);
});
