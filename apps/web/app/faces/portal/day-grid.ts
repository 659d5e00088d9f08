import { wallMinutesOf } from "./wall.ts";
import type { StaffBooking } from "./types.ts";

/** Rows of a day's column are five minutes each, so every start and end has one. */
export const rowMinutes = 5;

export type DayRange = { from: number; to: number };
export type Placed = { booking: StaffBooking; row: number; span: number; lane: 0 | 1; lanes: 1 | 2 };

const hour = 60;

/** The hours a day's columns show: when someone works, wider when a booking lies outside; eight to five on a closed day. */
export function dayRange(
  bookings: readonly { start: Date; end: Date }[],
  open: readonly DayRange[],
  date: string,
  zone: string,
): DayRange {
  let from = Math.floor(Math.min(...open.map((one) => one.from), 24 * hour) / hour) * hour;
  let to = Math.ceil(Math.max(...open.map((one) => one.to), 0) / hour) * hour;
  if (open.length === 0) [from, to] = [8 * hour, 17 * hour];
  for (const booking of bookings) {
    from = Math.min(from, Math.floor(wallMinutesOf(+booking.start, date, zone) / hour) * hour);
    to = Math.max(to, Math.ceil(wallMinutesOf(+booking.end, date, zone) / hour) * hour);
  }
  return { from: Math.max(0, from), to: Math.min(26 * hour, to) };
}

/** The row (counted from one) of a minute of the day. */
export const rowOf = (minute: number, range: DayRange): number => Math.round((minute - range.from) / rowMinutes) + 1;

/** Gives each booking of one doctor its rows; two that overlap stand beside each other. */
export function placeBookings(
  bookings: readonly StaffBooking[],
  date: string,
  zone: string,
  range: DayRange,
): Placed[] {
  const placed: Placed[] = [];
  for (const booking of bookings.toSorted((a, b) => +a.start - +b.start)) {
    const start = Math.max(range.from, wallMinutesOf(+booking.start, date, zone));
    const end = Math.min(range.to, Math.max(start + rowMinutes, wallMinutesOf(+booking.end, date, zone)));
    if (start >= range.to) continue;
    const one: Placed = {
      booking,
      row: rowOf(start, range),
      span: Math.max(1, Math.round((end - start) / rowMinutes)),
      lane: 0,
      lanes: 1,
    };
    const clash = placed.findLast((other) => other.row + other.span > one.row);
    if (clash !== undefined) {
      clash.lanes = 2;
      one.lanes = 2;
      one.lane = clash.lane === 0 ? 1 : 0;
    }
    placed.push(one);
  }
  return placed;
}
