import { sign } from "../../infra/tokens.ts";

/** The token of an entry's link: derived, so a mail sent later carries the same one. 132 bits. */
export function waitlistToken(secret: string, clinicId: string, entryId: string): string {
  return sign(secret, "waitlist-link", clinicId, entryId).slice(0, 22);
}
