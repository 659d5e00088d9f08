import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { Work } from "../../infra/in-tx.ts";
import type { BookingRow } from "./booking.repo.ts";

/**
 * The visit as a file to put into one's own calendar. It names neither service nor reason: calendars are shared at work.
 * Opening a later file with the same UID and a higher SEQUENCE replaces the visit instead of doubling it.
 */
export function bookingCalendar(work: Work, row: BookingRow, token: string): { filename: string; ics: string } {
  const gone = row.state === "cancelled" || row.state === "expired" || row.state === "declined";
  const url = work.s.links.clinic(row.slug, `/b/${token}`);
  const calendar = ical({
    prodId: { company: "PulseCal", product: "Bookings", language: "EN" },
    method: gone ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    // the UID the mails use, so that both are one visit
    id: `${row.id}@${work.s.env.baseDomain}`,
    sequence: row.sequence,
    stamp: row.now,
    start: row.startsAt,
    end: row.endsAt,
    summary: `Visit at ${row.clinicName}`,
    description: `With ${row.practitionerName}. See, move or cancel: ${url}`,
    location: row.address,
    url,
    status: gone ? ICalEventStatus.CANCELLED : certain(row),
  });
  return { filename: `visit-${row.ref.toLowerCase()}.ics`, ics: calendar.toString() };
}

/** What the clinic has not answered yet stands in a calendar as such. */
function certain(row: BookingRow): ICalEventStatus {
  return row.state === "requested" ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}
