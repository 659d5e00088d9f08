import type { Ctx } from "../../trpc/context.ts";
import { refuse } from "../../trpc/error-map.ts";
import { findForSignIn } from "./account.repo.ts";
import { clearedCookie, sessionCookie } from "./cookies.ts";
import { verifyPassword } from "./passwords.ts";
import type { ClinicRow, SessionKind } from "./sessions.ts";

/** Staff sign in on their clinic's host, platform people on the console's; every failure but one looks the same. */
export async function signIn(ctx: Ctx, input: { email: string; password: string }): Promise<{ name: string }> {
  const clinic = await ctx.clinicHere();
  const kind = sessionKind(ctx, clinic);
  const { s } = ctx;
  const pair = `${ctx.ip} ${input.email}`;
  await s.limits.take(
    ["signInAll", "all"],
    ["signInAddress", ctx.ip],
    ["signInPair", pair],
    ["signInAccount", input.email],
  );

  const account = await s.db.withAuth((tx) => findForSignIn(tx, input.email, clinic?.id ?? null));
  const right = await verifyPassword(account?.passwordHash ?? null, input.password);
  const mayEnter = kind === "staff" ? account?.role : account?.platformRole;
  if (!account || !right || account.disabled || !mayEnter) throw refuse("invalid_credentials");
  await s.limits.forget("signInPair", pair);
  if (!account.verified) throw refuse("email_unverified");

  await endPresented(ctx, kind);
  const { token } = await s.sessions.start(kind, account.id, clinic?.id ?? null);
  ctx.setCookie(sessionCookie(kind, s.env.scheme, token));
  return { name: account.name };
}

/** Ends this host's session and takes its cookie away; without a session it changes nothing. */
export async function signOut(ctx: Ctx): Promise<Record<string, never>> {
  const kind = sessionKind(ctx, await ctx.clinicHere());
  await endPresented(ctx, kind);
  ctx.setCookie(clearedCookie(kind, ctx.s.env.scheme));
  return {};
}

function sessionKind(ctx: Ctx, clinic: ClinicRow | null): SessionKind {
  if (ctx.place?.face === "console") return "platform";
  if (clinic) return "staff";
  throw refuse("not_found");
}

/** Whatever session came with the request dies: signing in never continues one that somebody may have planted. */
async function endPresented(ctx: Ctx, kind: SessionKind): Promise<void> {
  const token = ctx.cookie(kind);
  if (token === null) return;
  const ended = await ctx.s.sessions.end(kind, token);
  if (ended) ctx.s.bus.revoke({ accountId: ended.accountId });
}
