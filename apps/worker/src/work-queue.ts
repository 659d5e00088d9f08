import {
  backoff,
  type Handlers,
  type JobName,
  type JobPayload,
  judge,
  queueName,
  queuePrefix,
  type RetryPolicy,
  retryPolicy,
  runJob,
  type WorkerServices,
} from "@pulsecal/api/worker";
import { DelayedError, type Job, UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";

export type EffectsWorker = Worker<JobPayload, void, JobName>;

export type WorkOptions = {
  w: WorkerServices;
  handlers: Handlers<WorkerServices>;
  redis: Redis;
  concurrency?: number;
  policy?: RetryPolicy;
};

/** Starts the consumer of the effects queue. */
export function startWork(o: WorkOptions): EffectsWorker {
  const { s } = o.w;
  const policy = o.policy ?? retryPolicy;
  const worker: EffectsWorker = new Worker<JobPayload, void, JobName>(
    queueName,
    (job, token) => work(o, policy, job, token),
    {
      connection: o.redis,
      prefix: queuePrefix(s.redisPrefix),
      concurrency: o.concurrency ?? 8,
      // A worker killed mid-job leaves it stalled; deploys may do that more than once to the same job.
      maxStalledCount: 5,
      settings: { backoffStrategy: (made) => backoff(made, policy) },
    },
  );
  worker.on("error", (error) => s.log.warn({ err: error }, "queue"));
  worker.on("stalled", (jobId) => s.log.warn({ job: jobId }, "job was left by a dead worker and runs again"));
  return worker;
}

async function work(
  o: WorkOptions,
  policy: RetryPolicy,
  job: Job<JobPayload, void, JobName>,
  token?: string,
): Promise<void> {
  const { s } = o.w;
  const began = performance.now();
  const line = { job: job.id, effect: job.name, clinicId: job.data.clinicId, attempt: job.attemptsMade + 1 };
  const ms = () => Math.round(performance.now() - began);
  try {
    const outcome = await runJob(o.w, o.handlers, job);
    s.log.info({ ...line, did: outcome.did, ms: ms() }, "job done");
  } catch (error) {
    const verdict = judge(error, Date.now() - job.timestamp, policy);
    if (verdict.kind === "later") {
      s.log.warn({ ...line, err: error, waitMs: verdict.waitMs, ms: ms() }, "job waits");
      await job.moveToDelayed(Date.now() + verdict.waitMs, token);
      throw new DelayedError();
    }
    const dead = verdict.kind === "dead" || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    s.log[dead ? "error" : "warn"]({ ...line, err: error, ms: ms() }, dead ? "job is dead" : "job failed");
    // Redis keeps what is thrown here; an error's own words may quote a row.
    const kept = nameOf(error);
    throw dead ? new UnrecoverableError(kept) : new Error(kept);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
