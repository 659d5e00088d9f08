import type { Question } from "../availability/types.ts";
import { cancelUntil } from "./cancel.ts";
import type { BookingState } from "./states.ts";

export type MoveVerdict =
  | { ok: true; sequence: number }
  | { ok: false; why: "not_movable" | "too_late_to_move" | "same_time" };

const movable: readonly BookingState[] = ["held", "awaiting_payment", "requested", "confirmed"];

/**
 * Whether a booking may move to another start. Exactly at the limit is in time; staff are not bound by it. The move is
 * one step: until it is saved the old time stays the patient's. `sequence` is the calendar's next number.
 */
export function canReschedule(
  booking: {
    state: BookingState;
    startsAt: number;
    resourceIds: readonly string[];
    sequence: number;
    /** the clinic moved it, and its patient has not kept or changed it since */
    movedByClinic?: boolean;
  },
  to: { startsAt: number; resourceIds: readonly string[] },
  policy: { cancelUntilMinutes: number },
  asked: { now: number; by: "patient" | "staff" },
): MoveVerdict {
  if (!movable.includes(booking.state)) return { ok: false, why: "not_movable" };
  const sameTeam =
    to.resourceIds.length === booking.resourceIds.length &&
    to.resourceIds.every((id) => booking.resourceIds.includes(id));
  if (to.startsAt === booking.startsAt && sameTeam) return { ok: false, why: "same_time" };
  const until = cancelUntil(booking.startsAt, policy, booking.movedByClinic);
  if (asked.by === "patient" && booking.state === "confirmed" && asked.now > until) {
    return { ok: false, why: "too_late_to_move" };
  }
  return { ok: true, sequence: booking.sequence + 1 };
}

/**
 * The state in which a moved booking goes on. A clinic that approves by hand has approved the time it saw, so a patient
 * who takes another one asks again; what the clinic moves itself has its answer already.
 */
export function stateAfterMove(
  booking: { state: BookingState; needsApproval: boolean },
  by: "patient" | "staff",
): BookingState {
  return booking.state === "confirmed" && booking.needsApproval && by === "patient" ? "requested" : booking.state;
}

/** The question without a booking's own time: a booking never stands in its own way, and does not count twice. */
export function withoutBooking(question: Question, booking: string): Question {
  const resources = question.resources.map((r) => ({ ...r, busy: r.busy.filter((b) => b.booking !== booking) }));
  return { ...question, resources };
}
