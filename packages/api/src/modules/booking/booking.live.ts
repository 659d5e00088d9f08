import type { BookingRow } from "./booking.repo.ts";

/** What a booking tells the rest of the system: ids and times only. */
export type BookingEvent = {
  type:
    | "booking.held"
    | "booking.confirmed"
    | "booking.cancelled"
    | "booking.expired"
    | "booking.reminder_due"
    | "booking.hold_due";
  payload: Record<string, unknown>;
  /** false: work for the worker, nothing to look at */
  live?: boolean;
  /** ISO instant before which the worker leaves it alone */
  notBefore?: string;
};

export type BookingAudit = { action: string; detail: Record<string, unknown> };

/** A booking's place in time, for its events. */
export type Place = {
  bookingId: string;
  resourceIds: string[];
  startsAt: string;
  blockedFrom: string;
  blockedTo: string;
};

/** Where a booking stands, as its events tell it. */
export function placeOf(row: BookingRow): Place {
  return {
    bookingId: row.id,
    resourceIds: [row.practitionerId],
    startsAt: row.startsAt.toISOString(),
    blockedFrom: (row.blockedFrom ?? row.startsAt).toISOString(),
    blockedTo: (row.blockedTo ?? row.endsAt).toISOString(),
  };
}

const reminderMs = 24 * 60 * 60_000;

/** A change of state that live screens follow. */
export function placeEvent(
  type: "booking.held" | "booking.confirmed" | "booking.cancelled" | "booking.expired",
  place: Place,
): BookingEvent {
  return { type, payload: { ...place } };
}

/** The reminder a day ahead; none when the visit is nearer than that already. */
export function reminderEvents(place: Place, now: number): BookingEvent[] {
  const due = Date.parse(place.startsAt) - reminderMs;
  if (due <= now) return [];
  return [
    {
      type: "booking.reminder_due",
      payload: { bookingId: place.bookingId },
      live: false,
      notBefore: new Date(due).toISOString(),
    },
  ];
}

/** Wakes the worker when a hold runs out, so that nothing has to look for expired holds. */
export function holdDueEvent(bookingId: string, expiresAt: string): BookingEvent {
  return { type: "booking.hold_due", payload: { bookingId }, live: false, notBefore: expiresAt };
}
