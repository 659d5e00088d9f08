import { checkSlug } from "./slug.ts";

/** Which face a host name shows. */
export type Place = { face: "apex" } | { face: "console" } | { face: "clinic"; slug: string };

const HOST = /^([a-z0-9.-]{1,253})(?::\d{1,5})?$/;

function bareHost(host: string): string | null {
  const m = HOST.exec(host.toLowerCase());
  return m?.[1] ?? null;
}

/** The face of a Host header under a base domain; either may carry a port. Null: this host is not ours. */
export function placeOf(host: string, baseDomain: string): Place | null {
  const name = bareHost(host);
  const base = bareHost(baseDomain);
  if (name === null || base === null) return null;
  if (name === base) return { face: "apex" };
  if (!name.endsWith(`.${base}`)) return null;
  const label = name.slice(0, -base.length - 1);
  if (label === "admin") return { face: "console" };
  const check = checkSlug(label);
  return check.ok ? { face: "clinic", slug: check.slug } : null;
}
