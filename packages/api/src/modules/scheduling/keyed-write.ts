import type { TenantTx } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { lockResources } from "./resource-lock.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "./stored-answers.ts";

type Keyed = Record<string, unknown> & { key: string };

/**
 * Does something once for a key: the second time the stored answer is given and nothing is written, and another input
 * under the same key is refused. `write` says what it did in ids; screens are built from the rows afterwards. Resources
 * named in `lock` are queued for as bookings do.
 */
export function writeOnceFor<A extends Record<string, unknown>>(
  work: Work,
  procedure: string,
  { input, lock = [] }: { input: Keyed; lock?: readonly string[] },
  write: (tx: TenantTx) => Promise<A>,
): Promise<A> {
  const { clinicId } = work;
  const inputHash = hashInput(work.s.env.secret, procedure, input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      if (lock.length > 0) await lockResources(tx, clinicId, lock);
      const before = replay(await findAnswer<A>(tx, clinicId, input.key), inputHash);
      if (before) return before;
      const answer = await write(tx);
      await storeAnswer(tx, clinicId, { key: input.key, inputHash, answer });
      return answer;
    }),
  );
}
