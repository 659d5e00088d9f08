import type { TenantTx } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { audit } from "../audit/index.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "../scheduling/index.ts";

/** Changes addresses once per key: a repetition finds it done, and its caller reads how things stand now. */
export function changeFeedsOnce(
  work: Work,
  procedure: string,
  input: { key: string } & Record<string, unknown>,
  change: (tx: TenantTx) => Promise<void>,
): Promise<void> {
  const { clinicId } = work;
  // An address is its owner's: another member's repetition of the same key is another input.
  const inputHash = hashInput(work.s.env.secret, `${procedure}.${work.actor}`, input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      if (replay(await findAnswer<object>(tx, clinicId, input.key), inputHash)) return;
      await change(tx);
      await storeAnswer(tx, clinicId, { key: input.key, inputHash, answer: {} });
    }),
  );
}

/** Remembers who opened a calendar to the outside, or closed it. */
export async function tellOfFeed(
  tx: TenantTx,
  work: Work,
  action: "calendar.created" | "calendar.revoked",
  feedId: string,
): Promise<void> {
  await announce(tx, { clinicId: work.clinicId, type: action, payload: { feedId } });
  await audit(tx, work, { action, entity: "calendar_feed", entityId: feedId });
}
