import type { Work } from "../../../infra/in-tx.ts";
import { bookingToken } from "../../../infra/tokens.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { holdDueEvent, placeEvent, placeOf } from "../booking.live.ts";
import { hashInput } from "../../scheduling/index.ts";
import { type Change, changeBooking } from "../booking-on-link.ts";
import type { BookingMove, BookingRow } from "../booking.repo.ts";
import type { HoldInput, PressInput } from "../booking.schema.ts";
import { isLapsed, minutesOf } from "../booking-view.ts";
import type { Once } from "../in-booking-tx.ts";
import { nearestTimes } from "../times/nearest-times.ts";
import { extendSet, releaseSet } from "../sets/hold-set.ts";
import { type TakeOptions, takeTime } from "./take-time.ts";
import { wishToHold } from "./wish.ts";

const pressMs = 5 * 60_000;
const maxPresses = 10;
/** a hold begins with ten minutes, as much as two presses */
const firstPresses = 2;

/** Keeps a time for ten minutes, for somebody who has not said yet who they are. */
export async function holdTime(work: Work, input: HoldInput, options?: TakeOptions) {
  const { answer } = await takeTime(work, wishToHold(work, input), options);
  return {
    token: bookingToken(work.s.env.secret, work.clinicId, answer.bookingId),
    start: new Date(answer.start),
    expiresAt: new Date(answer.expiresAt ?? answer.start),
    practitionerId: answer.practitionerId,
  };
}

/** Five minutes more, up to ten times. */
export async function extendHold(work: Work, { token, key }: PressInput) {
  const once = onceFor(work, "extend", token, key);
  const { row, change, answered } = await changeBooking(work, { token }, once, (booking) =>
    booking.setId === null && booking.state === "held" && !isLapsed(booking) ? extension(booking) : null,
  );
  if (answered) return { expiresAt: row.holdExpiresAt ?? row.now, presses: pressesOf(row) };
  if (row.setId !== null && row.state === "held" && !isLapsed(row)) return extendFamily(work, row, row.setId, once);
  if (!change) throw await holdExpired(work, row);
  return { expiresAt: change.to.holdExpiresAt ?? row.now, presses: pressesOf(row) + 1 };
}

/** A press that names a key is obeyed once, however often it arrives. */
function onceFor(work: Work, what: "extend" | "release", token: string, key: string | undefined): Once | null {
  return key === undefined ? null : { key, inputHash: hashInput(work.s.env.secret, `booking.hold.${what}`, { token }) };
}

/** A press is for the whole set: a family is never held in part. */
async function extendFamily(work: Work, row: BookingRow, setId: string, once: Once | null) {
  const { expiresAt, presses } = nextPress(row);
  if (!(await extendSet(work, setId, expiresAt, once))) throw await holdExpired(work, row);
  return { expiresAt, presses };
}

function nextPress(row: BookingRow): { expiresAt: Date; presses: number } {
  const presses = pressesOf(row) + 1;
  if (presses > maxPresses) throw refuse("hold_limit");
  return { presses, expiresAt: new Date(endOf(row) + pressMs) };
}

function extension(row: BookingRow): Change {
  const { expiresAt, presses } = nextPress(row);
  return {
    to: { ...hold, state: "held", occupancy: "held", holdExpiresAt: expiresAt, standing: true },
    events: [holdDueEvent(row.id, expiresAt.toISOString())],
    audit: { action: "booking.hold_extended", detail: { presses } },
  };
}

/** Gives a held time back; pressing it twice, or after the hold has run out, changes nothing. */
export async function releaseHold(work: Work, { token, key }: PressInput): Promise<{ released: boolean }> {
  const once = onceFor(work, "release", token, key);
  const { row, change, answered } = await changeBooking(work, { token }, once, (booking) =>
    booking.state === "held" && booking.setId === null ? release(booking) : null,
  );
  if (row.setId !== null) return { released: (await releaseSet(work, row.setId, once)) > 0 };
  return { released: change !== null || answered };
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
  const own = { minutes: minutesOf(row) };
  const wish = { serviceId: row.serviceId, who: row.practitionerId, start: row.startsAt.getTime(), ...own };
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
