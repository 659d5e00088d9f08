import { randomUUID } from "node:crypto";
import { type MadeClinic, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeEvent } from "../testing/write-event.ts";
import { type EffectQueue, openQueue } from "./queue.ts";
import { nextDueIn, relayDue, sweepUndone } from "./relay.ts";

const byText = (a: string, b: string) => a.localeCompare(b);

let t: TestDatabase;
let redis: Redis;
let queue: EffectQueue;
let clinic: MadeClinic;

beforeAll(async () => {
  t = await testDatabase();
  clinic = await makeClinic(t);
});
afterAll(() => t.close());

beforeEach(async () => {
  await t.admin("DELETE FROM app.event");
  redis = new Redis(process.env.PULSECAL_TEST_REDIS ?? "", { maxRetriesPerRequest: 1 });
  queue = openQueue(redis, `test-${randomUUID()}`);
});
afterEach(async () => {
  await queue.obliterate({ force: true });
  await queue.close();
  redis.disconnect();
});

const confirmed = (notBefore?: Date) =>
  writeEvent(t, {
    clinicId: clinic.clinicId,
    type: "booking.confirmed",
    payload: { bookingId: randomUUID() },
    notBefore,
  });

const marks = (eventId: string) =>
  t.admin("SELECT relayed_at IS NOT NULL AS relayed, done_at IS NOT NULL AS done FROM app.event WHERE id = $1", [
    eventId,
  ]);

const waiting = async () => (await queue.getJobs(["waiting", "delayed"])).map((job) => job.id ?? "").toSorted(byText);

test("a due event becomes one job per effect that carries ids only", async () => {
  const { eventId, clinicId } = await confirmed();
  expect(await relayDue({ db: t.db, queue })).toBe(1);
  expect(await relayDue({ db: t.db, queue })).toBe(0);
  const job = await queue.getJob(`${eventId}-confirmation`);
  expect(job?.data).toEqual({ eventId, clinicId });
  expect(await marks(eventId)).toEqual([{ relayed: true, done: false }]);
});

test("an event without effects is done at once", async () => {
  const { eventId } = await writeEvent(t, { clinicId: clinic.clinicId, type: "service.changed", payload: {} });
  expect(await relayDue({ db: t.db, queue })).toBe(1);
  expect(await waiting()).toEqual([]);
  expect(await marks(eventId)).toEqual([{ relayed: true, done: true }]);
});

test("an event waits for its time, by the database's clock", async () => {
  expect(await nextDueIn(t.db)).toBeNull();
  const { eventId } = await confirmed(new Date(Date.now() + 3_600_000));
  expect(await relayDue({ db: t.db, queue })).toBe(0);
  expect(await nextDueIn(t.db)).toBeGreaterThan(3_500_000);
  await t.admin("UPDATE app.event SET not_before = now() WHERE id = $1", [eventId]);
  expect(await nextDueIn(t.db)).toBe(0);
  expect(await relayDue({ db: t.db, queue })).toBe(1);
});

test("relays side by side share the work and take nothing twice", async () => {
  const events = await Promise.all(Array.from({ length: 40 }, () => confirmed()));
  const relays = [1, 2, 3, 4].map(async () => {
    let taken = 0;
    for (let claimed = 1; claimed > 0; taken += claimed) claimed = await relayDue({ db: t.db, queue }, 5);
    return taken;
  });
  const taken = await Promise.all(relays);
  expect(taken.reduce((sum, one) => sum + one)).toBe(40);
  expect(await waiting()).toEqual(events.map((event) => `${event.eventId}-confirmation`).toSorted(byText));
});

test("a claim is given back when Redis refuses", async () => {
  const { eventId } = await confirmed();
  const away = new Redis({ port: 1, lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null });
  away.on("error", () => {});
  const dead = openQueue(away, "test-away");
  dead.on("error", () => {});
  await expect(relayDue({ db: t.db, queue: dead })).rejects.toThrow();
  expect(await marks(eventId)).toEqual([{ relayed: false, done: false }]);
  expect(await relayDue({ db: t.db, queue })).toBe(1);
  expect(await waiting()).toEqual([`${eventId}-confirmation`]);
});

test("jobs lost with Redis come back, and jobs that still wait are not doubled", async () => {
  const [lost, kept] = [await confirmed(), await confirmed()];
  await relayDue({ db: t.db, queue });
  await (await queue.getJob(`${lost.eventId}-confirmation`))?.remove();
  expect(await sweepUndone({ db: t.db, queue }, 60_000)).toBe(0);
  expect(await sweepUndone({ db: t.db, queue }, 0)).toBe(2);
  expect(await waiting()).toEqual([`${kept.eventId}-confirmation`, `${lost.eventId}-confirmation`].toSorted(byText));
});
