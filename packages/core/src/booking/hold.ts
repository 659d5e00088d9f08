import { MINUTE_MS } from "../time/calendar.ts";
import { isHoldExpired } from "./states.ts";

/** A time is kept for ten minutes; each press adds five, up to ten times (WCAG 2.2.1). */
export const HOLD_MINUTES = 10;
export const EXTENSION_MINUTES = 5;
export const MAX_EXTENSIONS = 10;

/** When a hold made now ends. */
export function holdUntil(now: number): number {
  return now + HOLD_MINUTES * MINUTE_MS;
}

export type HoldExtension =
  | { ok: true; holdExpiresAt: number; presses: number }
  | { ok: false; why: "hold_expired" | "no_more_time" };

/** One press of "5 min more". What has run out cannot be stretched: someone else may have the time already. */
export function extendHold(hold: { holdExpiresAt: number; presses: number }, now: number): HoldExtension {
  if (isHoldExpired(hold, now)) return { ok: false, why: "hold_expired" };
  if (hold.presses >= MAX_EXTENSIONS) return { ok: false, why: "no_more_time" };
  return { ok: true, holdExpiresAt: hold.holdExpiresAt + EXTENSION_MINUTES * MINUTE_MS, presses: hold.presses + 1 };
}
