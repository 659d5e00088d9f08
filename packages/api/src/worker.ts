/** What the worker process may use of the API: its resources, the job catalog, the relay and the effects. */
export { type Env, readEnv } from "./infra/env.ts";
export { type Logger } from "./infra/logger.ts";
export { connectListener, connectRedis } from "./infra/redis.ts";
export { closeServices, createServices, type ServiceParts, type Services } from "./infra/services.ts";
export { effectsOf, type EventOf, type Handlers, type JobName, jobs, type Outcome } from "./jobs/catalog.ts";
export { type JobPayload } from "./jobs/define-job.ts";
export { type EffectQueue, openQueue, queueName, queuePrefix } from "./jobs/queue.ts";
export { nextDueIn, relayDue, type RelayServices, sweepUndone, undoneAfterMs } from "./jobs/relay.ts";
export { backoff, JobRefused, judge, NotNow, retryPolicy, type RetryPolicy } from "./jobs/retry.ts";
export { runJob } from "./jobs/run-job.ts";
export { expireHold } from "./jobs/expire-hold.ts";
export { createWorkerServices, type WorkerServices } from "./jobs/worker-services.ts";
export { type Mailer, noticeHandlers } from "./modules/notifications/index.ts";
export { waitlistHandlers } from "./modules/waitlist/index.ts";
