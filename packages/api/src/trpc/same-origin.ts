/** The one origin a page of this host has. The scheme is configuration: a free header could claim any. */
export function isSameOrigin(origin: string | null, host: string, scheme: "http" | "https"): boolean {
  if (!origin || !URL.canParse(origin)) return false;
  return origin.toLowerCase() === `${scheme}://${host}`.toLowerCase();
}

/**
 * Whether a state-changing request comes from a page of ours. A browser always says one of the two; a request that says
 * neither, or says anything else, is refused.
 */
export function mayChangeState(headers: Headers, host: string, scheme: "http" | "https"): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = headers.get("origin");
  if (origin !== null) return isSameOrigin(origin, host, scheme);
  return site === "same-origin";
}
