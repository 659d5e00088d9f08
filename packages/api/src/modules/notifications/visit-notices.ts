import { formatWhen } from "@pulsecal/core";
import { bookingToken } from "../../infra/tokens.ts";
import type { EventOf } from "../../jobs/catalog.ts";
import { openPatient } from "../records/index.ts";
import { visitCalendar } from "./calendar.ts";
import type { Letter } from "./letter.ts";
import { isMailAddress, mailLine } from "./mail-line.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";
import { findVisit, type Visit } from "./visit.repo.ts";

export type VisitNotice = "confirmation" | "cancellation" | "reminder";

/** Plans a notice about a visit from the booking as it is now, not as it was when the event was written. */
export async function planVisitNotice(
  n: NoticeServices,
  event: EventOf<VisitNotice>,
  kind: VisitNotice,
  now: Date,
): Promise<NoticePlan> {
  const context = { clinicId: event.clinicId, actor: "system:notifications" };
  const visit = await n.db.withTenant(context, (db) => findVisit(db, event.clinicId, event.payload.bookingId));
  if (!visit) return { send: false, why: "no such booking" };

  const { patient } = visit.booking;
  if (!patient) return { send: false, why: "no address" };
  const contact = openPatient(await n.vault.clinicKey(event.clinicId), patient);
  if (contact === "erased") return { send: false, why: "erased" };
  if (!contact.email) return { send: false, why: "no address" };
  if (!isMailAddress(contact.email)) return { send: false, why: "not an address" };
  const stale = whyStale(visit.booking, kind, now);
  if (stale) return { send: false, why: stale };

  const to = { name: mailLine(patient.name, 80), address: contact.email };
  const url = n.links.clinic(visit.clinic.slug, `/b/${bookingToken(n.secret, event.clinicId, visit.booking.id)}`);
  return {
    send: true,
    bookingId: visit.booking.id,
    to: [to],
    draft: async () => ({
      from: { name: mailLine(visit.clinic.name, 80), address: n.mailFrom.address },
      replyTo: replyTo(visit),
      ...write[kind](visit, { url, again: n.links.clinic(visit.clinic.slug, "/book") }),
      calendar: kind === "reminder" ? null : attachment(n, visit, { url, patient: to }),
    }),
  };
}

/** A notice that is no longer true is not sent: no reminder of a cancelled visit, no "you are booked" after it. */
function whyStale(booking: { state: string; startsAt: Date }, kind: VisitNotice, now: Date): string | null {
  if (kind === "cancellation") return booking.state === "cancelled" ? null : `booking is ${booking.state}`;
  if (kind === "reminder" && booking.startsAt <= now) return "visit has begun";
  if (kind === "reminder") return booking.state === "confirmed" ? null : `booking is ${booking.state}`;
  return booking.state === "cancelled" || booking.state === "declined" ? `booking is ${booking.state}` : null;
}

type Words = { subject: string; letter: Letter };
type Urls = { url: string; again: string };

const write: Record<VisitNotice, (visit: Visit, urls: Urls) => Words> = {
  confirmation(visit, { url }) {
    const { when, clinic, who } = names(visit);
    return {
      subject: `You are booked: ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "You are booked."),
        lead: [`${when} with ${who}.`],
        facts: facts(visit),
        action: { text: "See or cancel your visit", href: url },
        after: [cancelPromise(visit), "The attached file puts the visit in your calendar."],
      },
    };
  },
  reminder(visit, { url }) {
    const { when, clinic, who } = names(visit);
    return {
      subject: `Your visit is ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "Your visit is coming up."),
        lead: [`${when} with ${who}. Come 10 min early.`],
        facts: facts(visit),
        action: { text: "See or cancel your visit", href: url },
        after: [cancelPromise(visit)],
      },
    };
  },
  cancellation(visit, { again }) {
    const { when, clinic, who } = names(visit);
    const byPatient = visit.booking.cancelledBy === "patient";
    return {
      subject: `Cancelled: your visit on ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "Your visit is cancelled."),
        lead: byPatient
          ? [`You cancelled your visit on ${when} with ${who}. There is nothing more to do.`]
          : [`${clinic} cancelled your visit on ${when} with ${who}. We are sorry for the change.`],
        facts: [["Reference", visit.booking.ref]],
        action: { text: "Book another time", href: again },
        after: ["The attached file takes the visit out of your calendar."],
      },
    };
  },
};

function names(visit: Visit) {
  return {
    when: formatWhen(visit.booking.startsAt.getTime(), visit.clinic.zone),
    clinic: mailLine(visit.clinic.name, 80),
    who: mailLine(visit.booking.practitioner.name, 80),
  };
}

function envelope(visit: Visit, title: string) {
  const { when, clinic, who } = names(visit);
  const phone = visit.clinic.phone ? ` Call ${mailLine(visit.clinic.phone, 40)} if you need us.` : "";
  return {
    title,
    from: clinic,
    preview: `${when} with ${who}`,
    foot: [`You get this because you booked at ${clinic}.${phone}`, `Times are the clinic's: ${visit.clinic.zone}.`],
  };
}

function facts(visit: Visit): Letter["facts"] {
  const { when, clinic, who } = names(visit);
  const { address } = visit.booking.practitioner.location;
  return [
    ["When", when],
    ["With", who],
    ["Where", address ? `${clinic}, ${mailLine(address, 200)}` : clinic],
    ["Reference", visit.booking.ref],
  ];
}

function cancelPromise(visit: Visit): string {
  const until = visit.booking.startsAt.getTime() - visit.clinic.cancelUntilMinutes * 60_000;
  return `You can cancel online until ${formatWhen(until, visit.clinic.zone)}.`;
}

function replyTo(visit: Visit) {
  const { email, name } = visit.clinic;
  return email && isMailAddress(email) ? { name: mailLine(name, 80), address: email } : null;
}

function attachment(n: NoticeServices, visit: Visit, to: { url: string; patient: { name: string; address: string } }) {
  const { booking, clinic } = visit;
  const { method, ics } = visitCalendar({
    // the UID of the file on the booking's page, so that both are one visit
    uid: `${booking.id}@${n.baseDomain}`,
    sequence: booking.sequence,
    start: booking.startsAt,
    end: booking.endsAt,
    changedAt: booking.updatedAt,
    cancelled: booking.state === "cancelled",
    clinicName: clinic.name,
    practitionerName: booking.practitioner.name,
    place: booking.practitioner.location.address,
    url: to.url,
    organizerAddress: n.mailFrom.address,
    patient: to.patient,
  });
  return { method, filename: "visit.ics", ics };
}
