import { giveContact, type SmtpSink, startSmtpSink, testServices, writeEvent } from "@pulsecal/api/testing";
import { openQueue, queueName, queuePrefix, relayDue, type RetryPolicy, type Services } from "@pulsecal/api/worker";
import { type MadeClinic, makeBooking, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type RunOptions, type RunningWorker, runWorker } from "./run-worker.ts";

vi.setConfig({ testTimeout: 60_000 });

const redisUrl = process.env.PULSECAL_TEST_REDIS ?? "";
const quick: RetryPolicy = { firstMs: 20, mostMs: 100, patienceMs: 60_000 };

let t: TestDatabase;
let sink: SmtpSink;
let clinic: MadeClinic;
let redis: Redis;
let prefix: string;
let happened: QueueEvents;
let running: RunningWorker[];
let day = 0;

beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

beforeEach(async () => {
  sink = await startSmtpSink();
  clinic = await makeClinic(t);
  redis = new Redis(redisUrl);
  prefix = `test-worker-${clinic.slug}`;
  running = [];
  happened = new QueueEvents(queueName, { connection: { url: redisUrl }, prefix: queuePrefix(prefix) });
  await happened.waitUntilReady();
});

afterEach(async () => {
  for (const worker of running) await worker.stop();
  await happened.close();
  await forgetAll();
  redis.disconnect();
  await sink.close();
  await t.admin("DELETE FROM app.event");
});

async function start(o: RunOptions = {}): Promise<{ worker: RunningWorker; s: Services }> {
  const s = testServices(t, { smtpUrl: sink.url, redisUrl }, { redisPrefix: prefix });
  const worker = await runWorker(s, { policy: quick, ...o });
  running.push(worker);
  return { worker, s };
}

/** What FLUSHALL does, for the keys of this test only. */
async function forgetAll(): Promise<void> {
  const keys = await redis.keys(`*${prefix}*`);
  if (keys.length > 0) await redis.del(...keys);
}

async function confirmed(over: { clinic?: MadeClinic; notBefore?: Date } = {}) {
  const at = over.clinic ?? clinic;
  day += 1;
  const { bookingId, patientId } = await makeBooking(t, at, { startsAt: new Date(Date.UTC(2030, 0, day, 9)) });
  const { clinicId } = at;
  await giveContact(t, { clinicId, patientId }, { email: "thandi@example.org" });
  return writeEvent(t, { clinicId, type: "booking.confirmed", payload: { bookingId }, notBefore: over.notBefore });
}

const wake = () => redis.publish(`${prefix}:wake`, "{}");

/** Resolves when the queue says that this happened to the job. Call before it can. */
function job(name: "completed" | "failed" | "delayed" | "retries-exhausted", jobId: string): Promise<void> {
  return new Promise((resolve) => {
    happened.on(name, (said: { jobId: string }) => {
      if (said.jobId === jobId) resolve();
    });
  });
}

const isDone = async (eventId: string) =>
  (await t.admin("SELECT done_at FROM app.event WHERE id = $1", [eventId]))[0]?.done_at instanceof Date;

test("an event becomes one mail, by way of Redis", async () => {
  await start();
  const { eventId } = await confirmed();
  const done = job("completed", `${eventId}-confirmation`);
  await wake();
  const [mail] = await sink.received(1);
  await done;
  expect(mail?.messageId).toContain(eventId);
  expect(await isDone(eventId)).toBe(true);
});

test("an event that falls due later is found without a wake-up", async () => {
  const { eventId } = await confirmed({ notBefore: new Date(Date.now() + 700) });
  await start();
  const [mail] = await sink.received(1, 4_000);
  expect(mail?.messageId).toContain(eventId);
});

test("many workers send each mail once", async () => {
  const others = await Promise.all([makeClinic(t), makeClinic(t)]);
  const events = [];
  for (let n = 0; n < 20; n++) events.push(await confirmed({ clinic: [clinic, ...others][n % 3] }));
  await Promise.all([start(), start(), start()]);
  await sink.received(20, 30_000);
  for (const worker of running.splice(0)) await worker.stop();
  const ids = sink.mails.map((mail) => mail.messageId);
  expect(new Set(ids).size).toBe(20);
  expect(ids).toHaveLength(20);
  expect(await t.admin("SELECT 1 FROM app.event WHERE done_at IS NULL")).toEqual([]);
});

test("work lost with Redis after the relay is done all the same, once", async () => {
  const lost = await confirmed();
  const done = await confirmed();
  const queue = openQueue(redis.duplicate(), prefix);
  expect(await relayDue({ db: t.db, queue })).toBe(2);
  await queue.close();
  await forgetAll();

  await start({ undoneAfterMs: 0, sweepEveryMs: 50 });
  await sink.received(2);
  await running.pop()?.stop();
  const sent = sink.mails.map((mail) => mail.messageId?.slice(1, 37));
  expect(sent).toHaveLength(2);
  expect(new Set(sent)).toEqual(new Set([lost.eventId, done.eventId]));
});

test("a mail server that is away costs time, not mail", async () => {
  await start();
  await sink.goDown();
  const { eventId } = await confirmed();
  const waits = job("delayed", `${eventId}-confirmation`);
  await wake();
  await waits;
  expect(await isDone(eventId)).toBe(false);
  await sink.comeBack();
  await sink.received(1);
  await running.pop()?.stop();
  expect(sink.mails).toHaveLength(1);
  expect(await isDone(eventId)).toBe(true);
});

describe("a poison job", () => {
  test("ends after its attempts, stays to be looked at, and holds up nobody", async () => {
    const broken = await makeClinic(t);
    const poison = await confirmed({ clinic: broken });
    await t.admin("UPDATE platform.clinic SET zone = 'Nowhere/Nothing' WHERE id = $1", [broken.clinicId]);
    const sound = await confirmed();
    const dead = job("failed", `${poison.eventId}-confirmation`);
    await start({ concurrency: 1 });
    const [mail] = await sink.received(1);
    expect(mail?.messageId).toContain(sound.eventId);
    await dead;

    const queue = openQueue(redis.duplicate(), prefix);
    const [kept] = await queue.getFailed();
    expect(kept?.id).toBe(`${poison.eventId}-confirmation`);
    expect(kept?.attemptsMade).toBe(8);
    // Redis keeps the kind of error, never its words: they may quote a row.
    expect(kept?.failedReason).toBe("RangeError");
    await queue.close();
    expect(await isDone(poison.eventId)).toBe(false);
  });

  test("with a forged clinic is dead at once", async () => {
    const { eventId } = await confirmed();
    const other = await makeClinic(t);
    await t.admin("UPDATE app.event SET relayed_at = now() WHERE id = $1", [eventId]);
    const queue = openQueue(redis.duplicate(), prefix);
    const dead = job("failed", "forged");
    await start();
    await queue.add("confirmation", { eventId, clinicId: other.clinicId }, { jobId: "forged", attempts: 8 });
    await dead;
    const [kept] = await queue.getFailed();
    expect([kept?.attemptsMade, kept?.failedReason]).toEqual([1, "JobRefused"]);
    await queue.close();
    expect(sink.mails).toEqual([]);
  });
});

test("a hold whose time is up is let go of", async () => {
  const { bookingId } = await makeBooking(t, clinic, { state: "held" });
  for (const table of ["booking", "occupancy"]) {
    const id = table === "booking" ? "id" : "booking_id";
    await t.admin(`UPDATE app.${table} SET hold_expires_at = now() - interval '1 second' WHERE ${id} = $1`, [
      bookingId,
    ]);
  }
  await start();
  const { eventId } = await writeEvent(t, {
    clinicId: clinic.clinicId,
    type: "booking.hold_due",
    payload: { bookingId },
  });
  const done = job("completed", `${eventId}-expire_hold`);
  await wake();
  await done;
  expect(await t.admin("SELECT state FROM app.booking WHERE id = $1", [bookingId])).toEqual([{ state: "expired" }]);
});

describe("shutting down", () => {
  /** A mail server that accepts only when told to. */
  function slowServer() {
    let accept = () => {};
    const accepted = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      sink.onMail = async () => {
        resolve();
        await accepted;
      };
    });
    return { accept, arrived };
  }

  test("waits for the mail that is on its way", async () => {
    const server = slowServer();
    const { worker } = await start();
    const { eventId } = await confirmed();
    await wake();
    await server.arrived;
    const stopped = running.pop()?.stop();
    expect((await worker.health().catch(() => ({ ready: false }))).ready).toBe(false);
    server.accept();
    expect(await stopped).toBe(true);
    expect(sink.mails).toHaveLength(1);
    expect(await isDone(eventId)).toBe(true);
  });

  test("does not wait for ever", async () => {
    const server = slowServer();
    await start({ deadlineMs: 100 });
    await confirmed();
    await wake();
    await server.arrived;
    expect(await running.pop()?.stop()).toBe(false);
    server.accept();
  });
});

test("is ready once a round of the relay went through", async () => {
  const { worker } = await start();
  await worker.ready;
  expect(await worker.health()).toEqual({ ready: true, redis: true, relaying: true, stopping: false });
});
