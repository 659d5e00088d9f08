import type { BookingState } from "@pulsecal/core";
import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { FeedVisit } from "./feeds.repo.ts";

/** What a calendar says of a visit in each state; those without a line are in no calendar. */
const statuses: Partial<Record<BookingState, ICalEventStatus>> = {
  awaiting_payment: ICalEventStatus.TENTATIVE,
  requested: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  checked_in: ICalEventStatus.CONFIRMED,
  in_consultation: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
  declined: ICalEventStatus.CANCELLED,
  no_show: ICalEventStatus.CANCELLED,
};

/** The words of one visit, which depend on who reads the calendar. */
export type FeedWords = { summary: string; description: string; location: string | null; url: string };

export type FeedCalendar = {
  name: string;
  /** right side of the UIDs, the same as in mails, so that both are one visit */
  baseDomain: string;
  words(visit: FeedVisit): FeedWords;
};

/** Seconds after which a program may look again; most look less often whatever is said. */
const lookAgain = 15 * 60;

/**
 * Visits as an iCalendar file. Instants are UTC; UID and SEQUENCE follow the booking, so a moved or cancelled visit
 * replaces itself in programs that keep what they once read. Equal rows give equal text.
 */
export function feedCalendar(feed: FeedCalendar, visits: readonly FeedVisit[]): string {
  const calendar = ical({
    prodId: { company: "PulseCal", product: "Bookings", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    name: feed.name,
    ttl: lookAgain,
  });
  for (const visit of visits) {
    const status = statuses[visit.state];
    if (!status) continue;
    calendar.createEvent({
      id: `${visit.id}@${feed.baseDomain}`,
      sequence: visit.sequence,
      stamp: visit.updatedAt,
      created: visit.createdAt,
      lastModified: visit.updatedAt,
      start: visit.startsAt,
      end: visit.endsAt,
      status,
      ...feed.words(visit),
    });
  }
  return calendar.toString();
}

/** First letters of a name: enough for who treats them, little for who looks over a shoulder. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/u).filter((word) => /\p{L}/u.test(word));
  return words
    .slice(0, 3)
    .map((word) => `${(/\p{L}/u.exec(word)?.[0] ?? "").toLocaleUpperCase("en")}.`)
    .join(" ");
}
