import { formatDay, formatTime } from "@pulsecal/core";
import type { StaffBooking } from "./types.ts";

/** What arrived for a booking since the page was read. */
export type Mark = "New" | "Changed" | "Cancelled";

/** States in which a booking no longer takes up its time. */
const gone: ReadonlySet<string> = new Set(["cancelled", "expired", "declined"]);

/** Whether a booking still takes up its time in the day. */
export const isShown = (booking: { state: string }): boolean => !gone.has(booking.state);

/** The page's bookings with live ones laid over them, in order of time. Live ones of other days fall out. */
export function mergeBookings(
  read: readonly StaffBooking[],
  arrived: ReadonlyMap<string, StaffBooking>,
  belongs: (booking: StaffBooking) => boolean,
): StaffBooking[] {
  const byId = new Map(read.map((booking) => [booking.id, booking]));
  for (const booking of arrived.values()) byId.set(booking.id, booking);
  return [...byId.values()]
    .filter(belongs)
    .toSorted((a, b) => +a.start - +b.start || a.practitionerName.localeCompare(b.practitionerName));
}

/** How a live event marks its booking, given its state on screen before; null when nothing there changed. */
export function markOf(type: string, before: string | undefined): Mark | null {
  switch (type) {
    case "booking.held":
      return "New";
    case "booking.confirmed":
      // A held time is not a booking yet: it becomes one, and new, when it is confirmed.
      return before === undefined || before === "held" ? "New" : "Changed";
    case "booking.squeezed_in":
    case "booking.requested":
      return before === undefined || before === "held" ? "New" : "Changed";
    case "booking.cancelled":
      return before === undefined ? null : "Cancelled";
    case "booking.declined":
      return before === undefined ? null : "Changed";
    case "booking.expired":
      return null;
    default:
      return type.startsWith("booking.") ? "Changed" : null;
  }
}

/** Who a booking is for, when that is known: a held time has no name yet. */
export const patientOf = (booking: { patientName: string | null }): string => booking.patientName ?? "Someone";

/** One short line about a live event: "10:30 Pillay booked by patient". The day is named unless it is the one shown. */
export function changeLine(type: string, booking: StaffBooking, zone: string, shownDay: string | null): string | null {
  const day = formatDay(+booking.start, zone);
  const time = formatTime(+booking.start, zone);
  const when = day === shownDay ? time : `${day}, ${time}`;
  const doctor = booking.practitionerName;
  switch (type) {
    case "booking.held":
      return `${when} held with ${doctor} while someone books`;
    case "booking.confirmed":
      return `${when} ${patientOf(booking)} booked by ${booking.bookedBy === "staff" ? "staff" : "patient"}, ${doctor}`;
    case "booking.cancelled":
      return `${when} ${patientOf(booking)} cancelled, ${doctor}`;
    case "booking.expired":
      return `${when} with ${doctor} is free again`;
    case "booking.moved":
      return `${patientOf(booking)} moved to ${when}, ${doctor}`;
    case "booking.requested":
      return `${when} ${patientOf(booking)} asks for a time, ${doctor}`;
    case "booking.approved":
      return `${when} ${patientOf(booking)} approved, ${doctor}`;
    case "booking.kept":
      return `${patientOf(booking)} keeps ${when}, ${doctor}`;
    case "booking.declined":
      return `${when} ${patientOf(booking)} declined, ${doctor}`;
    case "booking.checked_in":
      return `${when} ${patientOf(booking)} is here, ${doctor}`;
    case "booking.started":
      return `${patientOf(booking)} is with ${doctor}`;
    case "booking.completed":
      return `${patientOf(booking)} is done, ${doctor}`;
    case "booking.no_show":
      return `${when} ${patientOf(booking)} did not come, ${doctor}`;
    case "booking.squeezed_in":
      return `${when} ${patientOf(booking)} squeezed in, ${doctor}`;
    default:
      return null;
  }
}
