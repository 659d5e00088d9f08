import type { Span } from "../availability/types.ts";
import type { BookingState } from "./states.ts";

/** A patient has not come only once the time has begun. */
export function canMarkNoShow(booking: { state: BookingState; startsAt: number }, now: number): boolean {
  return booking.state === "confirmed" && now >= booking.startsAt;
}

/** A person's own bookings that meet a new one; a warning, not a refusal. Back to back is no clash. */
export function ownClashes<B extends Span>(own: readonly B[], wanted: Span): B[] {
  return own.filter((b) => b.from < wanted.to && wanted.from < b.to);
}
