import { randomBytes } from "node:crypto";
import type { Ctx } from "./trpc.server.ts";

const DAY_SECONDS = 86_400;

/**
 * This browser's own mark, 132 random bits: a person keeps one hold at a time, so a new hold of the same mark lets the
 * earlier one go. It is made when the first time is taken, not for looking, and names nobody.
 */
export function holderOf(request: Request, ctx: Pick<Ctx, "s" | "setCookie">): string {
  const { scheme } = ctx.s.env;
  const known = readHolder(request.headers.get("cookie"), scheme);
  const holder = known ?? randomBytes(17).toString("base64url").slice(0, 22);
  ctx.setCookie(holderCookie(holder, scheme));
  return holder;
}

type Scheme = "http" | "https";

/** The mark in a Cookie header; null when there is none, or two, of which one would be planted. */
export function readHolder(header: string | null, scheme: Scheme): string | null {
  const prefix = `${cookieName(scheme)}=`;
  const found = (header ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix))
    .map((part) => part.slice(prefix.length));
  const [only] = found;
  return found.length === 1 && only !== undefined && /^[\w-]{22}$/.test(only) ? only : null;
}

/** Host-only and out of reach of scripts; kept a day, many times longer than any hold. */
export function holderCookie(holder: string, scheme: Scheme): string {
  const secure = scheme === "https" ? "; Secure" : "";
  return `${cookieName(scheme)}=${holder}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${DAY_SECONDS}${secure}`;
}

function cookieName(scheme: Scheme): string {
  return scheme === "https" ? "__Host-pc_holder" : "pc_holder";
}
