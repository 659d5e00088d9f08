const SAFE = new Set(["GET", "HEAD"]);

/**
 * Whether a request may change something: it says it comes from this very origin. Browsers send Origin on every post;
 * where it is missing, Sec-Fetch-Site must say so instead. Cookies are SameSite=Lax besides; this is the second lock.
 */
export function isSameOrigin(request: Request, origin: string): boolean {
  if (SAFE.has(request.method)) return true;
  const sent = request.headers.get("Origin");
  if (sent !== null) return sent === origin;
  return request.headers.get("Sec-Fetch-Site") === "same-origin";
}
