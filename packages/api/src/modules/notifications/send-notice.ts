import { setTimeout as delay } from "node:timers/promises";
import { isRetryable, isUnavailable } from "@pulsecal/db";
import type { Outcome } from "../../jobs/catalog.ts";
import { isDone, recordDone } from "../../jobs/inbox.repo.ts";
import { NotNow } from "../../jobs/retry.ts";
import { claimDelivery, leaseMs, releaseDelivery, settleDelivery } from "./delivery.repo.ts";
import { renderLetter } from "./letter.ts";
import { type Mail, MailRefused } from "./mailer.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";

type Sending = { clinicId: string; eventId: string; kind: string };

/**
 * Sends one notice for one event, once: claim in one transaction, mail outside any, then the delivery's
 * end and the inbox row in one transaction. A kill between the server's "accepted" and that commit repeats
 * the mail at most once, under the same Message-ID.
 */
export async function sendNotice(n: NoticeServices, key: Sending, plan: NoticePlan): Promise<Outcome> {
  const context = { clinicId: key.clinicId, actor: "system:notifications" };
  const effect = { clinicId: key.clinicId, eventId: key.eventId, effect: key.kind };
  if (!plan.send) {
    await n.db.withTx(context, async (tx) => {
      // An earlier try that did not go out left its delivery open.
      await settleDelivery(tx, key, { state: "failed", error: plan.why });
      await recordDone(tx, effect);
    });
    return { did: `nothing: ${plan.why}` };
  }

  const leasedUntil = performance.now() + leaseMs - marginMs;
  const messageId = `<${key.eventId}.${key.kind}@${n.baseDomain}>`;
  const claim = await n.db.withTx(context, async (tx) =>
    (await isDone(tx, effect))
      ? ({ kind: "settled" } as const)
      : claimDelivery(tx, key, { bookingId: plan.bookingId, messageId }),
  );
  if (claim.kind === "busy") throw new NotNow("another worker is sending this", { waitMs: leaseMs / 4 });
  if (claim.kind === "settled") return { did: "sent before" };

  try {
    await n.mailer.send(await compose(plan, messageId));
  } catch (error) {
    await plan.discard?.();
    if (!(error instanceof MailRefused)) {
      await n.db.withTx(context, (tx) => releaseDelivery(tx, key, claim.since, reason(error)));
      throw error;
    }
    await n.db.withTx(context, async (tx) => {
      await settleDelivery(tx, key, { state: "failed", error: error.message });
      await recordDone(tx, effect);
    });
    return { did: `failed: ${error.message}` };
  }
  await whileLeased(leasedUntil, () =>
    n.db.withTx(context, async (tx) => {
      await settleDelivery(tx, key, { state: "sent", error: null });
      await recordDone(tx, effect);
    }),
  );
  return { did: "sent" };
}

/** Room between our last try and the moment another worker may take the delivery over. */
const marginMs = 5_000;

/** Waits out a database that is away: a mail the server has accepted must not go out again for want of our own record. */
async function whileLeased(until: number, record: () => Promise<void>): Promise<void> {
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2_000)) {
    try {
      return await record();
    } catch (error) {
      const passes = isUnavailable(error) || isRetryable(error);
      if (!passes || performance.now() + waitMs > until) throw error;
      await delay(waitMs);
    }
  }
}

async function compose(plan: Extract<NoticePlan, { send: true }>, messageId: string): Promise<Mail> {
  const { from, replyTo, subject, letter, calendar } = await plan.draft();
  return { messageId, from, replyTo, to: plan.to, subject, ...(await renderLetter(letter)), calendar };
}

const reason = (error: unknown): string => (error instanceof NotNow ? error.message : "not sent: an error of ours");
