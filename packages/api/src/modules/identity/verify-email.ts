import { setTimeout as delay } from "node:timers/promises";
import { inTx } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { hashToken } from "../../infra/tokens.ts";
import type { ClinicCtx } from "../../trpc/context.ts";
import { refuse } from "../../trpc/error-map.ts";
import { confirmEmail, findUnverifiedMember, takeVerification } from "./account.repo.ts";

/** Confirms an address with the token of a mail. Only pressing the button gets here; opening the link changes nothing. */
export async function verifyEmail(
  ctx: ClinicCtx,
  input: { token: string },
): Promise<{ email: string; slug: string | null }> {
  await ctx.s.limits.take(["linkAddress", ctx.ip]);
  const { email } = await ctx.s.db.withAuth(async (tx) => {
    const taken = await takeVerification(tx, hashToken(input.token), ctx.clinicId);
    const confirmed = taken && (await confirmEmail(tx, taken.accountId, ctx.clinicId));
    if (!confirmed) throw refuse("link_expired");
    return confirmed;
  });
  return { email, slug: ctx.clinic.slug };
}

/** The answer takes this long whether or not there was a mail to send. */
const evenAnswerMs = 150;

/** Asks for another confirmation mail. The answer never says whether there is such an account. */
export async function resendVerification(ctx: ClinicCtx, input: { email: string }): Promise<Record<string, never>> {
  const { s, clinicId } = ctx;
  await s.limits.take(["mailAddress", ctx.ip], ["mailAccount", input.email]);
  const send = async () => {
    const account = await s.db.withAuth((tx) => findUnverifiedMember(tx, input.email, clinicId));
    if (!account) return;
    await inTx({ s, clinicId, actor: "system:identity", requestId: ctx.requestId }, (tx) =>
      announce(tx, {
        clinicId,
        type: "account.verification_requested",
        payload: { accountId: account.id },
        live: false,
      }),
    );
  };
  await Promise.all([send(), delay(evenAnswerMs)]);
  return {};
}
