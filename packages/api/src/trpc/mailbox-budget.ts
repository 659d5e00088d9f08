import { middleware } from "./init.ts";

/**
 * Whoever books or joins a list has mails sent to whatever mailbox they name, so what one network address may cause for
 * one mailbox is bounded, over all clinics. Not the mailbox by itself: a stranger could spend its owner's tries. It stands
 * after the input of a guest's procedure, whose `email` it reads.
 */
export const mailboxBudget = middleware(async ({ ctx, input, next }) => {
  const email = emailIn(input);
  if (email) await ctx.s.limits.take(["guestMailbox", `${ctx.ip}|${email}`]);
  return next();
});

function emailIn(input: unknown): string | null {
  const email = (input as { email?: unknown } | undefined)?.email;
  return typeof email === "string" ? email.toLowerCase() : null;
}
