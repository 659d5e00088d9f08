import { isRetryable, isUnavailable } from "@pulsecal/db";

/** The world is not ready (mail server down, lease held elsewhere): try later, without spending an attempt. */
export class NotNow extends Error {
  override name = "NotNow";
  readonly waitMs: number | undefined;
  constructor(why: string, options?: { waitMs?: number; cause?: unknown }) {
    super(why, { cause: options?.cause });
    this.waitMs = options?.waitMs;
  }
}

/** The job itself is wrong (unknown event, another clinic's event): dead at once, kept to be looked at. */
export class JobRefused extends Error {
  override name = "JobRefused";
}

export type RetryPolicy = {
  /** first wait after an error, doubled each time */
  firstMs: number;
  /** longest wait between two tries */
  mostMs: number;
  /** an outage is waited out this long; after that it counts like any error */
  patienceMs: number;
};

export const retryPolicy: RetryPolicy = { firstMs: 1_000, mostMs: 60_000, patienceMs: 3 * 24 * 3_600_000 };

/** Wait before attempt `made + 1`. */
export function backoff(made: number, policy: RetryPolicy): number {
  return Math.min(policy.firstMs * 2 ** Math.max(0, made - 1), policy.mostMs);
}

export type Verdict = { kind: "later"; waitMs: number } | { kind: "dead" } | { kind: "again" };

/** What to do with a failed job, `ageMs` after it was queued. Waits in an outage grow with the age, so they double by themselves. */
export function judge(error: unknown, ageMs: number, policy: RetryPolicy): Verdict {
  if (error instanceof JobRefused) return { kind: "dead" };
  const outage = error instanceof NotNow || isRetryable(error) || isUnavailable(error);
  if (!outage || ageMs > policy.patienceMs) return { kind: "again" };
  const asked = error instanceof NotNow ? error.waitMs : undefined;
  return { kind: "later", waitMs: asked ?? Math.min(Math.max(ageMs, policy.firstMs), policy.mostMs) };
}
