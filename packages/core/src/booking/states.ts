export type BookingState =
  | "held"
  | "awaiting_payment"
  | "requested"
  | "confirmed"
  | "checked_in"
  | "in_consultation"
  | "completed"
  | "expired"
  | "cancelled"
  | "no_show"
  | "declined";

/**
 * Every legal step of a booking. Nothing else takes one, but for a visit that begins again: `stateAfterMove` makes a
 * request of one that its patient takes to another time where the clinic approves by hand.
 */
export const bookingTransitions: Record<BookingState, readonly BookingState[]> = {
  held: ["awaiting_payment", "requested", "confirmed", "expired", "cancelled"],
  awaiting_payment: ["requested", "confirmed", "expired", "cancelled"],
  requested: ["confirmed", "declined", "expired", "cancelled"],
  confirmed: ["checked_in", "no_show", "cancelled"],
  checked_in: ["in_consultation", "cancelled"],
  in_consultation: ["completed"],
  completed: [],
  expired: [],
  cancelled: [],
  no_show: [],
  declined: [],
};

/** Every state, in the order a visit passes them. */
export const bookingStates = Object.keys(bookingTransitions) as BookingState[];

/** Whether the table has the move. */
export function canMove(from: BookingState, to: BookingState): boolean {
  return bookingTransitions[from].includes(to);
}

const occupying: Record<BookingState, boolean> = {
  held: true,
  awaiting_payment: true,
  requested: true,
  confirmed: true,
  checked_in: true,
  in_consultation: true,
  completed: true,
  expired: false,
  cancelled: false,
  no_show: false,
  declined: false,
};

/** Whether a booking in this state keeps its time from others (a hold until it has expired, see isHoldExpired). */
export function occupies(state: BookingState): boolean {
  return occupying[state];
}

/** Whether a hold, a request or an unpaid booking has run out: at its expiry instant it is over. */
export function isHoldExpired(hold: { holdExpiresAt: number | null }, now: number): boolean {
  return hold.holdExpiresAt !== null && now >= hold.holdExpiresAt;
}
