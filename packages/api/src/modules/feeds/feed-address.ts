import type { Work } from "../../infra/in-tx.ts";
import { hashToken, sign } from "../../infra/tokens.ts";

/** 132 bits, as a booking's link has. */
const secretLength = 22;

/**
 * The secret of an address. Derived under the deployment's secret, so that its owner can be shown it again while the
 * database keeps only its hash.
 */
function feedSecret(secret: string, clinicId: string, feedId: string): string {
  return sign(secret, "calendar-feed", clinicId, feedId).slice(0, secretLength);
}

/** What the database keeps of an address. */
export function feedHash(work: Work, feedId: string): string {
  return hashToken(feedSecret(work.s.env.secret, work.clinicId, feedId));
}

/** The address a calendar program reads. */
export function feedAddress(work: Work, slug: string, feedId: string): string {
  return work.s.links.clinic(slug, `/feeds/${feedSecret(work.s.env.secret, work.clinicId, feedId)}.ics`);
}

/** The secret in a path like /feeds/<secret>.ics; null when it is none. */
export function secretIn(path: string): string | null {
  return /^\/feeds\/([A-Za-z0-9_-]{22})\.ics$/.exec(path)?.[1] ?? null;
}
