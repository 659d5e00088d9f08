import { data, redirect } from "react-router";
import { attempt, statusError } from "./refusal.server.ts";

type SignedInFace = "portal" | "console";
const homes = { portal: "/portal", console: "/" } as const;
const doors = { portal: "/portal/sign-in", console: "/sign-in" } as const;

/** For loaders of the signed-in faces: sign in first, not yours, not here, not now. Faults pass through. */
export async function ask<T>(face: SignedInFace, request: Request, question: Promise<T>): Promise<T> {
  const result = await attempt(() => question);
  if (result.ok) return result.value;
  if (result.code === "unauthenticated") throw redirect(signInPath(face, request));
  if (result.code === "forbidden") throw data(null, { status: 403 });
  throw statusError(result.code);
}

/** The page to sign in on, with the way back to where one was. */
function signInPath(face: SignedInFace, request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname === homes[face] ? doors[face] : `${doors[face]}?next=${encodeURIComponent(pathname + search)}`;
}

/** Where to go after signing in: only a path of this very face, never another site's address. */
export function nextPath(raw: string | null, face: SignedInFace): string {
  const inside = face === "portal" ? /^\/portal(?:[/?]|$)/ : /^\/(?![/\\])/;
  return raw !== null && inside.test(raw) && !raw.includes("\\") ? raw : homes[face];
}
