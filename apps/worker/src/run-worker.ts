import {
  closeServices,
  connectListener,
  connectRedis,
  createWorkerServices,
  type Mailer,
  openQueue,
  type RetryPolicy,
  type Services,
} from "@pulsecal/api/worker";
import { handlers } from "./handlers.ts";
import { type Health, serveHealth } from "./health.ts";
import { evictionWarning } from "./redis-policy.ts";
import { startRelay } from "./relay-outbox.ts";
import { withinDeadline } from "./shutdown.ts";
import { startWork } from "./work-queue.ts";

export type RunOptions = {
  mailer?: Mailer;
  policy?: RetryPolicy;
  concurrency?: number;
  /** time active jobs get at shutdown */
  deadlineMs?: number;
  undoneAfterMs?: number;
  sweepEveryMs?: number;
};

export type RunningWorker = {
  /** resolves when database and Redis have answered and work flows */
  ready: Promise<void>;
  health(): Promise<Health>;
  /** Drains and closes everything, the services too; false when the deadline cut jobs off. */
  stop(): Promise<boolean>;
};

/** A round older than this means the relay hangs. */
const staleAfterMs = 30_000;

/** Starts relay, queue worker and health endpoint on services that it then owns. */
export async function runWorker(s: Services, o: RunOptions = {}): Promise<RunningWorker> {
  const producer = connectRedis(s.env.redisUrl, s.log);
  const consumer = connectListener(s.env.redisUrl, s.log);
  const listener = connectListener(s.env.redisUrl, s.log);
  await refuseEviction(s, consumer);

  const w = createWorkerServices(s, o.mailer);
  const queue = openQueue(producer, s.redisPrefix);
  queue.on("error", (error) => s.log.warn({ err: error }, "queue"));
  const work = startWork({ w, handlers, redis: consumer, policy: o.policy, concurrency: o.concurrency });
  const relay = startRelay({
    db: s.db,
    queue,
    listener,
    wakeChannel: `${s.redisPrefix}:wake`,
    log: s.log,
    undoneAfterMs: o.undoneAfterMs,
    sweepEveryMs: o.sweepEveryMs,
  });

  let stopping = false;
  const health = async (): Promise<Health> => {
    const lastRound = relay.lastRound();
    await s.db.check();
    const redis = (await consumer.ping()) === "PONG";
    const relaying = lastRound !== null && Date.now() - lastRound < staleAfterMs;
    return { ready: redis && relaying && !stopping, redis, relaying, stopping };
  };
  const server = s.env.workerHealthPort
    ? await serveHealth({ port: s.env.workerHealthPort, host: s.env.bind, check: health })
    : null;

  const stop = async () => {
    stopping = true;
    const inTime = await withinDeadline(Promise.all([relay.stop(), work.close()]), o.deadlineMs ?? 20_000);
    if (!inTime) s.log.error("jobs still ran at the deadline; they run again elsewhere");
    server?.close();
    server?.closeAllConnections();
    await withinDeadline(queue.close(), 2_000);
    for (const redis of [producer, consumer, listener]) redis.disconnect();
    w.mailer.close();
    await closeServices(s);
    return inTime;
  };
  return { ready: relay.firstRound, health, stop };
}

async function refuseEviction(s: Services, redis: Parameters<typeof evictionWarning>[0]): Promise<void> {
  const warning = await evictionWarning(redis);
  if (!warning) return;
  if (s.env.mode === "production") throw new Error(`PulseCal cannot start: ${warning}`);
  s.log.warn(warning);
}
