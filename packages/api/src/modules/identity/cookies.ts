import { lifetimes } from "./sessions.ts";
import type { SessionKind } from "./sessions.ts";

export type CookieScheme = "http" | "https";

const names: Record<SessionKind, string> = { staff: "pc_staff", platform: "pc_platform" };

/** With TLS the `__Host-` prefix makes the browser refuse a cookie that a sister host tries to plant. */
export function cookieName(kind: SessionKind, scheme: CookieScheme): string {
  return scheme === "https" ? `__Host-${names[kind]}` : names[kind];
}

/** The token in a Cookie header; two cookies of one name are a planted one, so neither counts. */
export function readCookie(header: string | null, kind: SessionKind, scheme: CookieScheme): string | null {
  if (!header || header.length > 16_384) return null;
  const prefix = `${cookieName(kind, scheme)}=`;
  const found = header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix));
  const [only] = found;
  return found.length === 1 && only ? only.slice(prefix.length) : null;
}

/** Host-only by leaving Domain out. It ends with the session's absolute limit; the server decides about the rest. */
export function sessionCookie(kind: SessionKind, scheme: CookieScheme, token: string): string {
  return write(kind, scheme, token, lifetimes[kind].absoluteHours * 3600);
}

export function clearedCookie(kind: SessionKind, scheme: CookieScheme): string {
  return write(kind, scheme, "", 0);
}

function write(kind: SessionKind, scheme: CookieScheme, value: string, maxAge: number): string {
  const secure = scheme === "https" ? "; Secure" : "";
  return `${cookieName(kind, scheme)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure}`;
}
