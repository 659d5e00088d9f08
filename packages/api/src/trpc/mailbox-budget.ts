import { middleware } from "./init.ts";

/**
 * Whoever books or joins a list has mails sent to whatever address they type, so each address has a budget of its own,
 * over all clinics. It stands after the input of a guest's procedure, whose `email` it reads.
 */
export const mailboxBudget = middleware(async ({ ctx, input, next }) => {
  const email = emailIn(input);
  if (email) await ctx.s.limits.take(["guestMailbox", email]);
  return next();
});

function emailIn(input: unknown): string | null {
  const email = (input as { email?: unknown } | undefined)?.email;
  return typeof email === "string" ? email.toLowerCase() : null;
}
