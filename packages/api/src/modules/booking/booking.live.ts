import type { BookingState } from "@pulsecal/core";
import type { BookingRow } from "./booking.repo.ts";
import { blockedByAll, type VisitResource } from "./take/visit.ts";

/** What a booking tells the rest of the system: ids and times only. */
export type BookingEvent = {
  type:
    | "booking.held"
    | "booking.confirmed"
    | "booking.cancelled"
    | "booking.expired"
    | "booking.moved"
    | "booking.kept"
    | "booking.requested"
    | "booking.approved"
    | "booking.declined"
    | "booking.checked_in"
    | "booking.started"
    | "booking.completed"
    | "booking.no_show"
    | "booking.squeezed_in"
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
    resourceIds: row.resourceIds,
    startsAt: row.startsAt.toISOString(),
    blockedFrom: (row.blockedFrom ?? row.startsAt).toISOString(),
    blockedTo: (row.blockedTo ?? row.endsAt).toISOString(),
  };
}

/** Where a visit will stand that was decided on. */
export function placeAt(bookingId: string, start: number, resources: readonly VisitResource[]): Place {
  const { from, to } = blockedByAll(start, resources);
  return {
    bookingId,
    resourceIds: resources.map(({ id }) => id),
    startsAt: new Date(start).toISOString(),
    blockedFrom: new Date(from).toISOString(),
    blockedTo: new Date(to).toISOString(),
  };
}

const reminderMs = 24 * 60 * 60_000;

/** A change of state that live screens follow. */
export function placeEvent(
  type: Exclude<BookingEvent["type"], "booking.moved" | "booking.reminder_due" | "booking.hold_due">,
  place: Place,
): BookingEvent {
  return { type, payload: { ...place } };
}

/** What is told of a booking that moved: where it was, where it is, and what falls due there. */
export function movedEvents(
  from: Place,
  to: Place,
  about: { byClinic: boolean; asksAgain: boolean; now: number; state: BookingState; holdExpiresAt: Date | null },
): BookingEvent[] {
  const moved: BookingEvent = {
    type: "booking.moved",
    payload: {
      ...to,
      fromStartsAt: from.startsAt,
      fromBlockedFrom: from.blockedFrom,
      fromBlockedTo: from.blockedTo,
      fromResourceIds: from.resourceIds,
      ...(about.byClinic && { byClinic: true }),
      ...(about.asksAgain && { asksAgain: true }),
    },
  };
  if (about.state === "confirmed") return [moved, ...reminderEvents(to, about.now)];
  const expiry = about.state === "requested" ? about.holdExpiresAt : null;
  return expiry ? [moved, holdDueEvent(to.bookingId, expiry.toISOString())] : [moved];
}

/** The reminder a day ahead, which names the start it is for; none when the visit is nearer than that already. */
export function reminderEvents(place: Place, now: number): BookingEvent[] {
  const due = Date.parse(place.startsAt) - reminderMs;
  if (due <= now) return [];
  return [
    {
      type: "booking.reminder_due",
      payload: { bookingId: place.bookingId, startsAt: place.startsAt },
      live: false,
      notBefore: new Date(due).toISOString(),
    },
  ];
}

/** Wakes the worker when a hold runs out, so that nothing has to look for expired holds. */
export function holdDueEvent(bookingId: string, expiresAt: string): BookingEvent {
  return { type: "booking.hold_due", payload: { bookingId }, live: false, notBefore: expiresAt };
}
