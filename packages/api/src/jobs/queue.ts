import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { type JobName, jobs } from "./catalog.ts";
import type { JobPayload } from "./define-job.ts";

export const queueName = "effects";
/** Braces keep all keys of the queue in one slot of a Redis Cluster. */
export const queuePrefix = (redisPrefix: string): string => `{${redisPrefix}}`;

export type EffectQueue = Queue<JobPayload, void, JobName>;

/** The producing side. `redis` must fail fast (no offline queue), or a Redis outage would hang the relay. */
export function openQueue(redis: Redis, redisPrefix: string): EffectQueue {
  return new Queue<JobPayload, void, JobName>(queueName, {
    connection: redis,
    prefix: queuePrefix(redisPrefix),
    // BullMQ asks for the version once, when it is opened, and gives an answer that came too late as the answer to every
    // job from then on: a relay that began while Redis was slow would never relay.
    skipVersionCheck: true,
  });
}

/** One job per (event, effect): the id makes adding it twice the same as adding it once. */
export function effectJob(event: { id: string; clinicId: string }, effect: JobName) {
  return {
    name: effect,
    data: { eventId: event.id, clinicId: event.clinicId },
    opts: {
      jobId: `${event.id}-${effect}`,
      attempts: jobs[effect].attempts,
      backoff: { type: "custom" },
      // The inbox remembers what was done; Redis need not. Dead jobs stay to be looked at.
      removeOnComplete: true,
      removeOnFail: false,
    },
  };
}
