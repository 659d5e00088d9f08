import { type BookingState, canMarkNoShow, canMove } from "@pulsecal/core";
import type { Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { hashInput } from "../../scheduling/index.ts";
import { type BookingEvent, type Place, placeEvent, placeOf, reminderEvents } from "../booking.live.ts";
import { type Change, changeBooking } from "../booking-on-link.ts";
import type { BookingRow } from "../booking.repo.ts";
import type { TransitionInput } from "../booking.schema.ts";
import { isLapsed } from "../booking-view.ts";

/** Where staff take a visit by hand; nothing else than these is theirs to press. */
export type StaffStep = TransitionInput["to"];

/** The one state each step is taken from. */
const from: Record<StaffStep, BookingState> = {
  confirmed: "requested",
  declined: "requested",
  checked_in: "confirmed",
  no_show: "confirmed",
  in_consultation: "checked_in",
  completed: "in_consultation",
};

const told: Record<StaffStep, BookingEvent["type"] & `booking.${string}`> = {
  confirmed: "booking.approved",
  declined: "booking.declined",
  checked_in: "booking.checked_in",
  no_show: "booking.no_show",
  in_consultation: "booking.started",
  completed: "booking.completed",
};

/**
 * Takes a visit one step on: approved or declined, checked in, with the doctor, completed, or not come. Two desks that
 * press together: the first is obeyed, the second reads where the visit is by now (`not_next` with `{ state }`).
 */
export async function transitionBooking(work: Work, input: TransitionInput): Promise<{ id: string }> {
  const { bookingId, to } = input;
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.transition", input) };
  const { row } = await changeBooking(work, { bookingId }, once, (booking) => step(booking, to));
  return { id: row.id };
}

function step(row: BookingRow, to: StaffStep): Change {
  const state = isLapsed(row) ? "expired" : row.state;
  const now = row.now.getTime();
  if (state !== from[to] || !canMove(state, to)) throw refuse("not_next", { state });
  // A patient has not come only once the time has begun.
  if (to === "no_show" && !canMarkNoShow({ state, startsAt: row.startsAt.getTime() }, now)) {
    throw refuse("not_next", { state });
  }
  const leaves = to === "declined" || to === "no_show";
  return {
    to: {
      state: to,
      occupancy: leaves ? null : "booked",
      holdExpiresAt: null,
      standing: state === "requested",
      // what a patient's calendar shows changes with the clinic's answer and when the visit is off, not with where they sit
      countsAsChange: state === "requested" || leaves,
      patient: null,
      reason: null,
      cancelledBy: null,
      cancelReason: null,
    },
    events: eventsOf(to, placeOf(row), now),
    audit: { action: told[to], detail: { from: state, to } },
  };
}

function eventsOf(to: StaffStep, place: Place, now: number): BookingEvent[] {
  const event: BookingEvent = { type: told[to], payload: { ...place } };
  if (to !== "confirmed") return [event];
  return [event, placeEvent("booking.confirmed", place), ...reminderEvents(place, now)];
}
