import { createHmac, randomBytes } from "node:crypto";
import { sha256 } from "@oslojs/crypto/sha2";
import { constantTimeEqual } from "@oslojs/crypto/subtle";
import { encodeBase64urlNoPadding, encodeHexLowerCase } from "@oslojs/encoding";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** SHA-256 in hex: what the database keeps of every token. */
export function hashToken(token: string): string {
  return encodeHexLowerCase(sha256(bytesOf(token)));
}

/** 256 random bits for links in mails. */
export function randomToken(): string {
  return encodeBase64urlNoPadding(randomBytes(32));
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
  return constantTimeEqual(bytesOf(a), bytesOf(b));
}
