import { setTimeout as pause } from "node:timers/promises";
import { ask } from "./ask.ts";
import { moveClocksOfUndone } from "./clocks.ts";
import { count, type Fault, readTimes, type Stage, wakeReaders } from "./stage.ts";

/** No answer of these may be a fault of ours (500): what is away is 503. Returns the entries of this fault. */
function checkStatuses(stage: Stage, fault: string, mayBeUnavailable: boolean): void {
  for (const entry of stage.ledger.entries.filter((one) => one.fault === fault)) {
    for (const one of entry.tries) {
      const bad = one.status !== null && one.status >= 500 && !(mayBeUnavailable && one.status === 503);
      count(stage, fault, !bad, `${entry.what} was answered ${one.status} ${one.why} by ${one.node}`);
    }
  }
}

const slowDatabase: Fault = {
  name: "slow database",
  async run(stage, fault) {
    const { world } = stage;
    for (const node of world.webs) world.lineOf(node.name).delay(60);
    const crowd = stage.patients.crowd(4, { fault });
    for (const node of world.webs) {
      count(stage, fault, await node.ready(), `${node.name} was not ready while the database was slow`);
      const { slug, cookie } = world.clinics[0];
      const me = await ask(node, { slug, baseDomain: world.baseDomain, path: "staff.me", query: true, cookie });
      count(stage, fault, me.status === 200, `${node.name} answered staff.me with ${me.status}`);
    }
    await pause(stage.full ? 10_000 : 1_000);
    await crowd.stop();
    for (const node of world.webs) world.lineOf(node.name).delay(0);
    checkStatuses(stage, fault, false);
  },
};

/** No request may hang longer than this on a database that says nothing. */
const ANSWER_MS = 20_000;

const halfOpenDatabase: Fault = {
  name: "half-open database",
  async run(stage, fault) {
    const { world, patients } = stage;
    const [node] = world.webs;
    const line = world.lineOf(node.name);
    // Every pooled connection is in use now and then, so that some are open when the line goes dead.
    await Promise.all(Array.from({ length: 10 }, () => readTimes(stage, node)));
    line.swallow();
    const { slug, serviceId } = world.clinics[0];
    const times = { slug, baseDomain: world.baseDomain, path: "public.booking.times", query: true };
    const stuck = Array.from({ length: 6 }, () =>
      ask(node, { ...times, input: { serviceId, who: "any" }, timeoutMs: ANSWER_MS + 5_000 }),
    );
    const crowd = patients.crowd(3, { fault, timeoutMs: 1_500 });
    await pause(stage.full ? 15_000 : 2_000);
    await crowd.stop();
    line.restore();
    for (const reply of await Promise.all(stuck)) {
      const answered = reply.status !== null && reply.ms <= ANSWER_MS;
      count(
        stage,
        fault,
        answered,
        `a page at a silent database: ${JSON.stringify(reply).slice(0, 100)} ${reply.ms} ms`,
      );
    }
  },
};

const stoppedDatabase: Fault = {
  name: "PostgreSQL stopped at once and started again",
  async run(stage, fault) {
    const { world } = stage;
    // Mails are on their way when it stops. Their workers live on and write down what was accepted when they can.
    world.sink.slow(150);
    const crowd = stage.patients.crowd(5, { fault });
    await pause(stage.full ? 2_000 : 600);
    await world.cluster.stopAtOnce();
    const unready = await Promise.all(world.webs.map((web) => web.ready()));
    for (const ready of unready) count(stage, fault, !ready, "ready without a database");
    await pause(stage.full ? 3_000 : 300);
    await world.cluster.start();
    await crowd.stop();
    world.sink.slow(0);
    checkStatuses(stage, fault, true);
  },
};

const UNDONE = 60;
const ATTEMPTS = 4;

async function nextNumber(stage: Stage): Promise<bigint> {
  const [row] = await stage.world.admin<{ tx: string }>("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS tx");
  return BigInt(row?.tx ?? 0);
}

/**
 * Numbers of transactions that were undone need not be on disk when the server stops, and are then given out again: a
 * reader that went by "everything below this number is over" would pass over the events of the new ones.
 */
const numbersGivenTwice: Fault = {
  name: "PostgreSQL stopped with transaction numbers it forgets",
  async run(stage, fault) {
    const { world, patients } = stage;
    // Whatever else commits would put the numbers on disk.
    for (const worker of world.workers) worker.freeze();
    let again = false;
    for (let attempt = 0; attempt < ATTEMPTS && !again; attempt += 1) {
      const before = await nextNumber(stage);
      await world.admin("BEGIN; SELECT pg_current_xact_id(); ROLLBACK; ".repeat(UNDONE));
      for (const { id } of world.clinics) await wakeReaders(stage, id);
      await pause(60); // the readers look
      await world.cluster.stopAtOnce();
      await world.cluster.start();
      again = (await nextNumber(stage)) < before + BigInt(UNDONE);
    }
    for (const worker of world.workers) worker.thaw();
    count(stage, fault, again, "the server never gave a number twice, so nothing was tried");
    await Promise.all(Array.from({ length: 6 }, () => patients.book(patients.slot(), { fault })));
    checkStatuses(stage, fault, true);
  },
};

const killedRedis: Fault = {
  name: "Redis killed and started again, empty",
  async run(stage, fault) {
    const { world } = stage;
    const crowd = stage.patients.crowd(4, { fault });
    await pause(300);
    await world.killRedis();
    await pause(stage.full ? 10_000 : 1_200);
    await world.startRedis();
    await crowd.stop();
    // Booking does without Redis, so nobody is to notice.
    checkStatuses(stage, fault, false);
    await moveClocksOfUndone(stage);
  },
};

const flushedRedis: Fault = {
  name: "Redis flushed with jobs in the queue",
  async run(stage, fault) {
    const { world, patients } = stage;
    world.sink.slow(400);
    await Promise.all(Array.from({ length: 24 }, () => patients.book(patients.slot(), { fault })));
    await world.redis().flushall();
    world.sink.slow(0);
    checkStatuses(stage, fault, false);
    await moveClocksOfUndone(stage);
  },
};

export const storeFaults: Fault[] = [
  flushedRedis,
  killedRedis,
  slowDatabase,
  halfOpenDatabase,
  stoppedDatabase,
  numbersGivenTwice,
];
