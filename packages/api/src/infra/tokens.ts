import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** SHA-256 in hex: what the database keeps of every token. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** 256 random bits for links in mails. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** HMAC-SHA-256 over a purpose and its parts; `|` separates, so parts are ids without it. */
export function sign(secret: string, purpose: string, ...parts: string[]): string {
  return createHmac("sha256", secret)
    .update([purpose, ...parts].join("|"))
    .digest("base64url");
}

/** The token of a booking's link: derived, so a mail sent later carries the same one. 132 bits. */
export function bookingToken(secret: string, clinicId: string, bookingId: string): string {
  return sign(secret, "booking-link", clinicId, bookingId).slice(0, 22);
}

/** Compares two strings without telling where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
