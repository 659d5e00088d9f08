import type { Work } from "../../infra/in-tx.ts";
import { bookingToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { holdDueEvent, placeEvent, placeOf } from "./booking.live.ts";
import { type Change, changeBooking } from "./booking-on-link.ts";
import type { BookingMove, BookingRow } from "./booking.repo.ts";
import type { HoldInput } from "./booking.schema.ts";
import { isLapsed } from "./booking-view.ts";
import { nearestTimes } from "./nearest-times.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishToHold } from "./wish.ts";

const pressMs = 5 * 60_000;
const maxPresses = 10;
/** a hold begins with ten minutes, as much as two presses */
const firstPresses = 2;

/** Keeps a time for ten minutes, for somebody who has not said yet who they are. */
export async function holdTime(work: Work, input: HoldInput, options?: TakeOptions) {
  const { answer } = await takeTime(work, wishToHold(work.s.env.secret, input), options);
  return {
    token: bookingToken(work.s.env.secret, work.clinicId, answer.bookingId),
    start: new Date(answer.start),
    expiresAt: new Date(answer.expiresAt ?? answer.start),
    practitionerId: answer.practitionerId,
  };
}

/** Five minutes more, up to ten times. */
export async function extendHold(work: Work, token: string) {
  const { row, change } = await changeBooking(work, { token }, null, (booking) =>
    booking.state !== "held" || isLapsed(booking) ? null : extension(booking),
  );
  if (!change) throw await holdExpired(work, row);
  return { expiresAt: change.to.holdExpiresAt ?? row.now, presses: pressesOf(row) + 1 };
}

function extension(row: BookingRow): Change {
  const presses = pressesOf(row) + 1;
  if (presses > maxPresses) throw refuse("hold_limit");
  const expiresAt = new Date(endOf(row) + pressMs);
  return {
    to: { ...hold, state: "held", occupancy: "held", holdExpiresAt: expiresAt, standing: true },
    events: [holdDueEvent(row.id, expiresAt.toISOString())],
    audit: { action: "booking.hold_extended", detail: { presses } },
  };
}

/** Gives a held time back; pressing it twice, or after the hold has run out, changes nothing. */
export async function releaseHold(work: Work, token: string): Promise<{ released: boolean }> {
  const { change } = await changeBooking(work, { token }, null, (booking) =>
    booking.state === "held" ? release(booking) : null,
  );
  return { released: change !== null };
}

function release(row: BookingRow): Change {
  return {
    to: { ...hold, state: "expired", occupancy: null, holdExpiresAt: row.holdExpiresAt, standing: false },
    events: [placeEvent("booking.expired", placeOf(row))],
    audit: { action: "booking.hold_released", detail: { from: "held", to: "expired" } },
  };
}

/** The refusal for a hold that is over: where to go from here, with what was typed still on the screen. */
export async function holdExpired(work: Work, row: BookingRow) {
  const wish = { serviceId: row.serviceId, who: row.practitionerId, start: row.startsAt.getTime() };
  return refuse("hold_expired", {
    serviceId: wish.serviceId,
    who: wish.who,
    alternatives: await nearestTimes(work, wish),
  });
}

/** How often "5 min more" was pressed: the hold's length says it. */
function pressesOf(row: BookingRow): number {
  return Math.round((endOf(row) - row.createdAt.getTime()) / pressMs) - firstPresses;
}

function endOf(row: BookingRow): number {
  return (row.holdExpiresAt ?? row.createdAt).getTime();
}

/** What no change of a hold touches. */
const hold: Pick<BookingMove, "countsAsChange" | "patient" | "reason" | "cancelledBy" | "cancelReason"> = {
  countsAsChange: false,
  patient: null,
  reason: null,
  cancelledBy: null,
  cancelReason: null,
};
