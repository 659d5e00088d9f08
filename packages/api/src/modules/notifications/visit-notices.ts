import { bookingToken } from "../../infra/tokens.ts";
import type { EventOf } from "../../jobs/catalog.ts";
import { visitCalendar } from "./calendar.ts";
import { isMailAddress, mailLine } from "./mail-line.ts";
import type { Mail, MailPerson } from "./mailer.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";
import { addressOf } from "./patient-address.ts";
import { findVisit, type NoticeClinic, type Visit } from "./visit.repo.ts";
import { type VisitNotice, visitWords } from "./visit-words.ts";

/** A move as its event told it. */
type Move = EventOf<"moved">["payload"];

/** Plans a notice about a visit from the booking as it is now, not as it was when the event was written. */
export async function planVisitNotice(
  n: NoticeServices,
  event: EventOf<VisitNotice>,
  kind: VisitNotice,
  now: Date,
): Promise<NoticePlan> {
  const { clinicId, payload } = event;
  const context = { clinicId, actor: "system:notifications" };
  const visit = await n.db.withTenant(context, (db) => findVisit(db, clinicId, payload.bookingId));
  if (!visit) return { send: false, why: "no such booking" };
  const { booking, clinic } = visit;
  const reached = await addressOf(n, clinicId, booking.patient);
  if ("why" in reached) return { send: false, why: reached.why };
  const move = "fromStartsAt" in payload ? payload : null;
  const stale = whyElsewhere(visit, event, kind) ?? whyStale(visit, kind, move, now);
  if (stale) return { send: false, why: stale };

  const url = n.links.clinic(clinic.slug, `/b/${bookingToken(n.secret, clinicId, booking.id)}`);
  const asksAgain = move?.asksAgain === true;
  const series = "series" in payload ? payload.series : undefined;
  const told = {
    url,
    again: n.links.clinic(clinic.slug, "/book"),
    from: cameFrom(booking, kind, move),
    asksAgain,
    series,
  };
  return {
    send: true,
    bookingId: booking.id,
    to: [reached.to],
    draft: async () => ({
      from: senderOf(n, clinic),
      replyTo: replyTo(clinic),
      ...visitWords[kind](visit, told),
      calendar: carriesCalendar(visit, kind, move) ? attachment(n, visit, { url, patient: reached.to }) : null,
    }),
  };
}

/** Told by another mail, or nobody's news: a series by its first confirmation, a reminder by the one for its time now. */
function whyElsewhere({ booking, series }: Visit, { payload }: EventOf<VisitNotice>, kind: VisitNotice): string | null {
  const inSeries = kind === "confirmation" && series?.first != null && series.first < booking.startsAt;
  if (inSeries || ("quiet" in payload && payload.quiet)) return "told with its series";
  const was = "from" in payload ? payload.from : undefined;
  if (kind === "declined" && booking.state === "expired" && was !== "requested") return "was only held";
  const due = kind === "reminder" && "startsAt" in payload ? payload.startsAt : undefined;
  return due !== undefined && Date.parse(due) !== booking.startsAt.getTime() ? "visit was moved" : null;
}

/**
 * A reminder changes nothing in a calendar, and a time that is not promised is in none: a visit that is asked for again
 * goes out of it, a request that moved was never there.
 */
function carriesCalendar({ booking }: Visit, kind: VisitNotice, move: Move | null): boolean {
  if (move) return booking.state !== "requested" || move.asksAgain === true;
  return kind === "confirmation" || kind === "cancellation";
}

/** A notice that is no longer true is not sent: no reminder of a cancelled visit, no "you are booked" after it. */
function whyStale({ booking }: Visit, kind: VisitNotice, move: Move | null, now: Date): string | null {
  const is = `booking is ${booking.state}`;
  switch (kind) {
    case "cancellation":
      return booking.state === "cancelled" ? null : is;
    case "requested":
      return booking.state === "requested" ? null : is;
    case "declined":
      return booking.state === "declined" || booking.state === "expired" ? null : is;
    case "confirmation":
      return booking.state === "cancelled" || booking.state === "declined" ? is : null;
    case "reminder":
      if (booking.startsAt <= now) return "visit has begun";
      return booking.state === "confirmed" ? null : is;
    case "moved":
    case "moved_by_clinic":
      return move === null ? "no move" : whyNoMove(booking, kind, move, is, now);
  }
}

function whyNoMove(booking: Visit["booking"], kind: VisitNotice, move: Move, is: string, now: Date): string | null {
  if ((move.byClinic === true) !== (kind === "moved_by_clinic")) {
    return move.byClinic ? "moved by the clinic" : "moved by the patient";
  }
  if (booking.state !== "confirmed" && booking.state !== "requested") return is;
  if (booking.startsAt <= now) return "visit has begun";
  if (booking.startsAt.getTime() !== Date.parse(move.startsAt)) return "moved again since";
  const sameTime = move.startsAt === move.fromStartsAt;
  // A visit made longer or shorter, or put into another room, is no news to the patient.
  return sameTime && move.fromResourceIds.includes(booking.practitioner.id) ? "same time, same person" : null;
}

/** Where the patient believes the visit to be: before the clinic's first move, when it moved more than once. */
function cameFrom(booking: Visit["booking"], kind: VisitNotice, move: Move | null): Date | null {
  if (move === null) return null;
  const last = new Date(move.fromStartsAt);
  return kind === "moved_by_clinic" ? (booking.movedFrom ?? last) : last;
}

/** The clinic's name before the deployment's own address. */
export function senderOf(n: NoticeServices, clinic: NoticeClinic): MailPerson {
  return { name: mailLine(clinic.name, 80), address: n.mailFrom.address };
}

/** Answers go to the clinic itself, where it has an address. */
export function replyTo({ email, name }: NoticeClinic): MailPerson | null {
  return email && isMailAddress(email) ? { name: mailLine(name, 80), address: email } : null;
}

function attachment(n: NoticeServices, visit: Visit, to: { url: string; patient: MailPerson }): Mail["calendar"] {
  const { booking, clinic } = visit;
  const { method, ics } = visitCalendar({
    // the UID of the file on the booking's page and of the feeds, so that all are one visit
    uid: `${booking.id}@${n.baseDomain}`,
    sequence: booking.sequence,
    start: booking.startsAt,
    end: booking.endsAt,
    changedAt: booking.updatedAt,
    cancelled: booking.state === "cancelled" || booking.state === "requested",
    clinicName: clinic.name,
    practitionerName: booking.practitioner.name,
    place: booking.practitioner.location.address,
    url: to.url,
    organizerAddress: n.mailFrom.address,
    patient: to.patient,
  });
  return { method, filename: "visit.ics", ics };
}
