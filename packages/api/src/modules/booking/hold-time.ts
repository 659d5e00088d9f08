import { inTx, type Work } from "../../infra/in-tx.ts";
import { bookingToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { holdDueEvent, placeEvent } from "./booking.live.ts";
import { lockedBooking } from "./booking-on-link.ts";
import { type BookingRow, updateBooking } from "./booking.repo.ts";
import type { HoldInput } from "./booking.schema.ts";
import { isLapsed } from "./booking-view.ts";
import { nearestTimes } from "./nearest-times.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishOf } from "./wish.ts";
import { placeOf } from "./write-taken.ts";

const pressMs = 5 * 60_000;
const maxPresses = 10;
/** a hold begins with ten minutes, as much as two presses */
const firstPresses = 2;

/** Keeps a time for ten minutes, for somebody who has not said yet who they are. */
export async function holdTime(work: Work, input: HoldInput, options?: TakeOptions) {
  const { answer } = await takeTime(work, wishOf(input, null), options);
  return {
    token: bookingToken(work.s.env.secret, work.clinicId, answer.bookingId),
    start: new Date(answer.start),
    expiresAt: new Date(answer.expiresAt ?? answer.start),
    practitionerId: answer.practitionerId,
  };
}

/** Five minutes more, up to ten times. */
export async function extendHold(work: Work, token: string) {
  const extended = await inTx(work, async (tx) => {
    const { row } = await lockedBooking(tx, work, { token }, null);
    if (row.state !== "held" || isLapsed(row)) return { lapsed: row };
    const pressed = pressesOf(row) + 1;
    if (pressed > maxPresses) throw refuse("hold_limit");
    const expiresAt = new Date(endOf(row) + pressMs);
    await updateBooking(
      tx,
      work.clinicId,
      { ...sameBooking(row), holdExpiresAt: expiresAt.toISOString() },
      {
        actor: work.actor,
        requestId: work.requestId ?? null,
        events: [holdDueEvent(row.id, expiresAt.toISOString())],
        audits: [{ action: "booking.hold_extended", entityId: row.id, detail: { presses: pressed } }],
        answer: null,
      },
    );
    return { lapsed: null, expiresAt, presses: pressed };
  });
  if (extended.lapsed) throw await holdExpired(work, extended.lapsed);
  return extended;
}

/** Gives a held time back; pressing it twice, or after the hold has run out, changes nothing. */
export async function releaseHold(work: Work, token: string): Promise<{ released: boolean }> {
  return inTx(work, async (tx) => {
    const { row } = await lockedBooking(tx, work, { token }, null);
    if (row.state !== "held") return { released: false };
    const released = await updateBooking(
      tx,
      work.clinicId,
      { ...sameBooking(row), state: "expired", occupancy: null },
      {
        actor: work.actor,
        requestId: work.requestId ?? null,
        events: [placeEvent("booking.expired", placeOf(row))],
        audits: [{ action: "booking.hold_released", entityId: row.id, detail: { from: "held", to: "expired" } }],
        answer: null,
      },
    );
    return { released };
  });
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

/** A change that changes nothing yet. */
function sameBooking(row: BookingRow) {
  return {
    id: row.id,
    from: row.state,
    state: row.state,
    occupancy: "held" as const,
    holdExpiresAt: row.holdExpiresAt?.toISOString() ?? null,
    countsAsChange: false,
    patient: null,
    reason: null,
    cancelledBy: null,
    cancelReason: null,
  };
}
