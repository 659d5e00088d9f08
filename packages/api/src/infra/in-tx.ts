import { isRetryable } from "@pulsecal/db";
import type { TenantDb, TenantTx, WriteOnce } from "@pulsecal/db";
import { setTimeout as delay } from "node:timers/promises";
import { refuse } from "../trpc/error-map.ts";
import { announcedTx } from "./outbox.ts";
import type { Services } from "./services.ts";

/** Who works on which clinic's rows. Every procedure's ctx that knows a clinic has this shape. */
export type Work = {
  s: Services;
  clinicId: string;
  /** account id, "guest", "system:<name>" or "platform:<account id>" */
  actor: string;
  role?: string;
  requestId?: string;
};

const attempts = 3;

/**
 * One write transaction in the clinic's context. Lost races of the database (serialisation, deadlock, lock timeout) are
 * tried again, so `fn` must be safe to run twice. After the commit, readers of the clinic's events are woken.
 */
export function inTx<T>(
  work: Work,
  fn: (tx: TenantTx) => Promise<T>,
  options?: { timeoutMs?: number; lockTimeoutMs?: number; maxWaitMs?: number },
): Promise<T> {
  return triedAgain(async () => {
    let wrote: bigint | undefined;
    const run = async (tx: TenantTx) => {
      const result = await fn(tx);
      wrote = announcedTx(tx);
      return result;
    };
    const answer = await work.s.db.withTx(contextOf(work), run, options);
    if (wrote !== undefined) await work.s.bus.wake(work.clinicId, wrote);
    return answer;
  });
}

/** The same for one statement that is the whole transaction; it says by `xid` which one it was, if it wrote events. */
export function inOneWrite<T extends { xid: string | null }>(
  work: Work,
  fn: (db: WriteOnce) => Promise<T>,
): Promise<T> {
  return triedAgain(async () => {
    const end = await work.s.db.writeOnce(contextOf(work), fn);
    if (end.xid !== null) await work.s.bus.wake(work.clinicId, BigInt(end.xid));
    return end;
  });
}

async function triedAgain<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (attempt === attempts) throw refuse("conflict");
      await delay(10 * 2 ** attempt + Math.random() * 30);
    }
  }
}

/** Reads in the clinic's context. */
export function inTenant<T>(work: Work, fn: (db: TenantDb) => Promise<T>): Promise<T> {
  return work.s.db.withTenant(contextOf(work), fn);
}

function contextOf(work: Work) {
  return { clinicId: work.clinicId, actor: work.actor, role: work.role, requestId: work.requestId };
}
