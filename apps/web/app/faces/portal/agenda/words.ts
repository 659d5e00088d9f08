import { type BookingState, bookingTransitions, canMarkNoShow, formatDay } from "@pulsecal/core";
import { unreachedText } from "../../../lib/keep-typed.ts";
import type { Staff } from "../types.ts";

/** The next states that a person at the desk decides. */
export type Transition = "checked_in" | "in_consultation" | "completed" | "no_show" | "confirmed" | "declined";

/** What staff may do next with a booking, as buttons say it. */
export type NextState = { to: Transition; label: string; pending: string; asks: boolean };

const words: Record<Transition, Omit<NextState, "to">> = {
  confirmed: { label: "Approve", pending: "Approving…", asks: false },
  checked_in: { label: "Check in", pending: "Checking in…", asks: false },
  in_consultation: { label: "Start visit", pending: "Starting…", asks: false },
  completed: { label: "Complete", pending: "Completing…", asks: false },
  no_show: { label: "Did not come", pending: "Saving…", asks: true },
  declined: { label: "Decline", pending: "Declining…", asks: true },
};

/** Only the legal next states that a person at the desk decides; a hold or a payment goes on by itself. */
export function nextStates(booking: { state: BookingState; start: Date }, now: number): NextState[] {
  if (booking.state === "held" || booking.state === "awaiting_payment") return [];
  return bookingTransitions[booking.state]
    .filter((to): to is Transition => to in words)
    .filter((to) => to !== "no_show" || canMarkNoShow({ state: booking.state, startsAt: +booking.start }, now))
    .map((to) => ({ to, ...words[to] }));
}

const endable: ReadonlySet<string> = new Set(["held", "awaiting_payment", "requested", "confirmed", "checked_in"]);

/** Whether the desk can still cancel a booking: it has not run its course. */
export const isEndable = ({ state }: { state: string }): boolean => endable.has(state);

export type SeriesBooking = Staff["series"]["get"]["bookings"][number];

/** What a series has from a booking on that has not begun yet and can be cancelled, this one first if it is among it. */
export function restOf(series: readonly SeriesBooking[], from: { start: Date }, now: number): SeriesBooking[] {
  return series.filter((one) => isEndable(one) && +one.start >= Math.max(+from.start, now));
}

type Answered = Staff["bookings"]["answers"]["answers"][number];

/** An answer as it is read: yes or no, a date with its year, everything else as it was typed. */
export function answerText({ kind, answer }: Pick<Answered, "kind" | "answer">): string {
  if (typeof answer === "boolean") return answer ? "Yes" : "No";
  if (kind !== "date" || typeof answer !== "string") return String(answer);
  const noon = Date.parse(`${answer}T12:00:00Z`);
  return Number.isNaN(noon) ? answer : `${formatDay(noon, "UTC")} ${answer.slice(0, 4)}`;
}

const problems: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not allow this. Ask an owner or a manager.",
  not_found: "This booking is not there any more.",
  not_cancellable: "This booking has moved on and cannot be cancelled any more.",
  too_late_to_cancel: "This booking can no longer be cancelled.",
  not_movable: "This booking has moved on and keeps its time.",
  same_time: "It stands at this time already.",
  slot_taken: "Someone took this time while you were choosing. Nothing was changed.",
  not_offered: "A rule stands against this time. Nothing was changed.",
  changed_meanwhile: "Someone else changed this booking meanwhile. Nothing was changed; look at it again.",
  not_next: "This booking has moved on. Look at it again.",
  cap_reached: "No more visits can be squeezed in on this day: the clinic's limit is reached.",
  reason_needed: "Say in a few words why this is booked anyway.",
  not_blocked: "Nothing blocks this time. Book it the ordinary way.",
  in_the_past: "This time has passed.",
  invalid: "Something in this cannot be right. Look at the fields again.",
  rate_limited: "That was a lot at once. Wait a minute and try again.",
};

/** The sentence for a refusal of the API. */
export const problemText = (code: string): string =>
  problems[code] ?? "We could not save this. Nothing was changed. Try again.";
