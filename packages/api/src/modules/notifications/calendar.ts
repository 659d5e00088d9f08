import ical, { ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import { mailLine } from "./mail-line.ts";

export type CalendarVisit = {
  uid: string;
  sequence: number;
  start: Date;
  end: Date;
  /** when the booking last changed */
  changedAt: Date;
  cancelled: boolean;
  clinicName: string;
  practitionerName: string;
  place: string | null;
  url: string;
  organizerAddress: string;
  patient: { name: string; address: string };
};

/**
 * The visit as a calendar file. It names neither service nor reason: calendars are shared at work.
 * Same UID and a higher SEQUENCE make a later file replace an earlier one; instants are UTC, so every program shows the right hour.
 */
export function visitCalendar(visit: CalendarVisit): { method: "REQUEST" | "CANCEL"; ics: string } {
  const method = visit.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const clinicName = mailLine(visit.clinicName, 80);
  const calendar = ical({ prodId: { company: "PulseCal", product: "Bookings", language: "EN" }, method });
  calendar.createEvent({
    id: visit.uid,
    sequence: visit.sequence,
    stamp: visit.changedAt,
    start: visit.start,
    end: visit.end,
    summary: `Visit at ${clinicName}`,
    description: `With ${mailLine(visit.practitionerName, 80)}. See, move or cancel: ${visit.url}`,
    location: visit.place ? mailLine(visit.place, 200) : null,
    url: visit.url,
    status: visit.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: clinicName, email: visit.organizerAddress },
    attendees: [
      {
        name: mailLine(visit.patient.name, 80),
        email: visit.patient.address,
        status: ICalAttendeeStatus.ACCEPTED,
        rsvp: false,
      },
    ],
  });
  return { method: visit.cancelled ? "CANCEL" : "REQUEST", ics: calendar.toString() };
}
