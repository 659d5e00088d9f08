import { MINUTE_MS } from "../time/calendar.ts";
import { type BookingState, canMove } from "./states.ts";

export type CancelVerdict = { ok: true } | { ok: false; why: "too_late_to_cancel" | "not_cancellable" };

/**
 * The last instant at which a patient may still cancel or move. A visit that the clinic moved, and that they have neither
 * kept nor changed since, is theirs to refuse until it begins: they never chose that time.
 */
export function cancelUntil(
  startsAt: number,
  policy: { cancelUntilMinutes: number },
  movedByClinic: boolean = false,
): number {
  return movedByClinic ? startsAt : startsAt - policy.cancelUntilMinutes * MINUTE_MS;
}

/**
 * Whether a booking may be cancelled now. Exactly at the limit is in time. Staff are not bound by the limit, and what
 * is not yet a commitment (a hold, an unpaid booking, a request) can be given back at any moment.
 */
export function canCancel(
  booking: { state: BookingState; startsAt: number; movedByClinic?: boolean },
  policy: { cancelUntilMinutes: number },
  now: number,
  by: "patient" | "staff",
): CancelVerdict {
  if (!canMove(booking.state, "cancelled")) return { ok: false, why: "not_cancellable" };
  if (by === "staff") return { ok: true };
  if (booking.state === "checked_in") return { ok: false, why: "not_cancellable" };
  if (booking.state !== "confirmed") return { ok: true };
  if (now > cancelUntil(booking.startsAt, policy, booking.movedByClinic))
    return { ok: false, why: "too_late_to_cancel" };
  return { ok: true };
}
