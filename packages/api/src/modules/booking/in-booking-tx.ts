import { isSlotTaken, type TenantTx } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { onceMoreOnKeyRace, replay, type StoredAnswer, storeAnswer } from "../scheduling/index.ts";
import { noteWritten } from "../../infra/outbox.ts";
import { joinQueue, openHolds } from "./queue.repo.ts";
import { ChangedMeanwhile, SlotTaken } from "./slot-taken.ts";

/** What may be stored under a key: ids, states and ISO instants. */
export type Json = string | number | boolean | null | { [name: string]: Json } | Json[];

/** One key, one thing done; `inputHash` comes from `hashInput`. */
export type Once = { key: string; inputHash: string };

export type BookingTxOptions = {
  /** every resource whose time is looked at or written: practitioners, rooms, devices */
  resourceIds: readonly string[];
  key: Once | null;
  /** holds under this mark: what is held under it already is queued for too, and told to `fn` */
  holder?: Uint8Array | null | undefined;
};

/** What `fn` knows beside what it reads. */
export type Queue = {
  /** bookings held under the same mark; queued for, not let go yet (`releaseHeld`) */
  former: readonly string[];
};

/**
 * One transaction that writes bookings. It queues for the resources in one order, lets go of their holds that have run
 * out, and answers a key that was used before with the answer of then (`fn` is not run). Everything `fn` reads is later
 * than every write that queued before it.
 *
 * `fn` may run several times: lost races of the database are tried again. Its answer is stored under the key, so it is
 * JSON: ids and ISO instants.
 * @throws SlotTaken when the constraint refuses (or `fn` finds the time taken), ChangedMeanwhile as `fn` says; a refusal
 * `conflict` when the database kept losing, `key_reused` when the key stands for something else
 */
export async function inBookingTx<T extends Json>(
  work: Work,
  { resourceIds, key, holder }: BookingTxOptions,
  fn: (tx: TenantTx, now: number, queue: Queue) => Promise<T>,
): Promise<T> {
  // Sealing needs the clinic's key; fetched now, nothing asks for a second connection while this one holds locks.
  await work.s.vault.clinicKey(work.clinicId);
  const run = () =>
    inTx(work, async (tx) => {
      const former = holder ? await openHolds(tx, work.clinicId, holder) : { bookingIds: [], resourceIds: [] };
      const queuedFor = [...resourceIds, ...former.resourceIds];
      const { now, stored, xid } = await joinQueue(tx, work.clinicId, queuedFor, key?.key ?? null);
      if (xid !== null) noteWritten(tx, BigInt(xid));
      // What is stored under a key of this input was returned by this same `fn`.
      const before = key && replay(stored as StoredAnswer<T> | null, key.inputHash);
      if (before !== null) return before;
      const answer = await fn(tx, now, { former: former.bookingIds });
      if (key) await storeAnswer(tx, work.clinicId, { ...key, answer });
      return answer;
    });
  try {
    return await onceMoreOnKeyRace(run);
  } catch (error) {
    if (isSlotTaken(error)) throw new SlotTaken();
    throw error;
  }
}

/** Somebody who presses at the same moments as others still gets an answer about what is there now. */
const rounds = 4;

/** Runs again what was decided on something that changed meanwhile; after a few rounds it is a quarrel, not a race. */
export async function untilUnchanged<T>(run: (round: number) => Promise<T>): Promise<T> {
  for (let round = 0; round < rounds; round++) {
    try {
      return await run(round);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
  throw refuse("conflict");
}
