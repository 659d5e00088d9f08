import type { Logger } from "@pulsecal/api/worker";

/**
 * Waits for `work`, but no longer than `deadlineMs`: a queue worker waits for its active jobs and never gives up by
 * itself. Returns whether the work ended in time; a job cut off here is run again by another worker.
 */
export async function withinDeadline(work: Promise<unknown>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `stop` at the first SIGTERM or SIGINT and exits with its answer; a second signal exits at once. */
export function stopOnSignal(log: Logger, stop: () => Promise<boolean>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "worker stops");
    stop().then(
      (inTime) => process.exit(inTime ? 0 : 1),
      (error: unknown) => {
        log.error({ err: error }, "worker did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
