import { cancelUntil, formatWhen } from "@pulsecal/core";
import type { Letter } from "./letter.ts";
import { mailLine } from "./mail-line.ts";
import type { NoticeClinic, Visit } from "./visit.repo.ts";

/** What a mail about a visit says. It names neither service nor reason: mail is read over shoulders. */
export type Words = { subject: string; letter: Letter };

/** Where its button leads, and where the visit stood before a move. */
export type Told = {
  url: string;
  again: string;
  from: Date | null;
  /** the clinic had approved the time it moved from, and has to approve the new one */
  asksAgain: boolean;
  /** cancelled together: how many visits, this one first, and when the last would have been */
  series?: { count: number; last: string } | undefined;
};

export type VisitNotice =
  | "confirmation"
  | "cancellation"
  | "reminder"
  | "requested"
  | "declined"
  | "moved"
  | "moved_by_clinic";

export const visitWords: Record<VisitNotice, (visit: Visit, told: Told) => Words> = {
  confirmation(visit, { url }) {
    const { when, clinic, who } = names(visit);
    return {
      subject: `You are booked: ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "You are booked."),
        lead: [`${when} with ${who}.`, ...series(visit)],
        facts: facts(visit),
        action: { text: "See, move or cancel your visit", href: url },
        after: [onlinePromise(visit), "The attached file puts the visit in your calendar."],
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
        action: { text: "See, move or cancel your visit", href: url },
        after: [onlinePromise(visit)],
      },
    };
  },
  cancellation(visit, { again, series: all }) {
    if (all && all.count > 1) return cancelledSeries(visit, again, all);
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
  requested(visit, { url }) {
    const { when, clinic, who } = names(visit);
    return {
      subject: `We have your request: ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "We have your request."),
        lead: [
          `You asked for ${when} with ${who}.`,
          `${clinic} will confirm it, or tell you that it cannot be done. We keep the time for you until then.`,
        ],
        facts: facts(visit),
        action: { text: "See or cancel your request", href: url },
        after: [],
      },
    };
  },
  declined(visit, { again }) {
    const { when, clinic, who } = names(visit);
    return {
      subject: `${clinic} cannot see you on ${when}`,
      letter: {
        ...envelope(visit, "We cannot take this time."),
        lead: [`${clinic} could not confirm your request for ${when} with ${who}. We are sorry.`],
        facts: [["Reference", visit.booking.ref]],
        action: { text: "Choose another time", href: again },
        after: ["You are welcome to call us: we will find a time together."],
      },
    };
  },
  moved(visit, { url, from, asksAgain }) {
    const { when, clinic, who } = names(visit);
    if (visit.booking.state === "requested") return movedRequest(visit, { url, from, asksAgain });
    return {
      subject: `Moved: your visit is now ${when} at ${clinic}`,
      letter: {
        ...envelope(visit, "Your visit is moved."),
        lead: [`Your visit is now ${when} with ${who}.`],
        facts: facts(visit, from),
        action: { text: "See, move or cancel your visit", href: url },
        after: [onlinePromise(visit), "The attached file moves the visit in your calendar."],
      },
    };
  },
  moved_by_clinic(visit, { url, from }) {
    const { when, clinic, who } = names(visit);
    const newTime = from !== null && from.getTime() !== visit.booking.startsAt.getTime();
    if (visit.booking.state === "requested") return requestMovedByClinic(visit, { url, from: newTime ? from : null });
    return {
      subject: newTime ? `New time: ${clinic} moved your visit to ${when}` : `Your visit on ${when} is with ${who}`,
      letter: {
        ...envelope(visit, newTime ? "Your visit has a new time." : `You will see ${who}.`),
        lead: [
          newTime
            ? `${clinic} had to move your visit to ${when} with ${who}. We are sorry for the change.`
            : `Your visit on ${when} stays, but it is with ${who} now. We are sorry for the change.`,
          "If that suits you, there is nothing more to do.",
        ],
        facts: facts(visit, newTime ? from : null),
        action: { text: "Keep it, or choose another time", href: url },
        after: [onlinePromise(visit), "The attached file brings your calendar up to date."],
      },
    };
  },
};

/** Several visits went at once, and this is the only mail about most of them. */
function cancelledSeries(visit: Visit, again: string, { count, last }: { count: number; last: string }): Words {
  const { when, clinic, who } = names(visit);
  const end = formatWhen(Date.parse(last), visit.clinic.zone);
  return {
    subject: `Cancelled: ${count} visits at ${clinic}, from ${when}`,
    letter: {
      ...envelope(visit, `Your ${count} visits are cancelled.`),
      lead: [
        `${clinic} cancelled your visit on ${when} with ${who} and the ${count - 1} after it, the last on ${end}. We are sorry for the change.`,
      ],
      facts: [["Reference", visit.booking.ref]],
      action: { text: "Book another time", href: again },
      after: ["The attached file takes the first of them out of your calendar."],
    },
  };
}

/** The patient took another time, which the clinic has still to confirm. */
function movedRequest(visit: Visit, { url, from, asksAgain }: Pick<Told, "url" | "from" | "asksAgain">): Words {
  const { when, clinic, who } = names(visit);
  return {
    subject: `You asked for another time: ${when} at ${clinic}`,
    letter: {
      ...envelope(visit, "You asked for another time."),
      lead: [
        `You gave up your old time and asked for ${when} with ${who}.`,
        `${clinic} will confirm it, or tell you that it cannot be done. We keep the time for you until then.`,
      ],
      facts: facts(visit, from),
      action: { text: "See, move or cancel your request", href: url },
      after: asksAgain ? ["The attached file takes the old time out of your calendar."] : [],
    },
  };
}

/** The clinic gave a request another time before it answered. */
function requestMovedByClinic(visit: Visit, { url, from }: Pick<Told, "url" | "from">): Words {
  const { when, clinic, who } = names(visit);
  return {
    subject: `Your request at ${clinic} is now for ${when}`,
    letter: {
      ...envelope(visit, "Your request has changed."),
      lead: [
        `${clinic} now keeps ${when} with ${who} for you.`,
        "It will confirm the time, or tell you that it cannot be done.",
      ],
      facts: facts(visit, from),
      action: { text: "See, move or cancel your request", href: url },
      after: [],
    },
  };
}

function names(visit: Visit) {
  return {
    when: formatWhen(visit.booking.startsAt.getTime(), visit.clinic.zone),
    clinic: mailLine(visit.clinic.name, 80),
    who: mailLine(visit.booking.practitioner.name, 80),
  };
}

function envelope(visit: Visit, title: string) {
  const { when, clinic, who } = names(visit);
  return {
    title,
    from: clinic,
    preview: `${when} with ${who}`,
    foot: foot(visit.clinic, `You get this because you booked at ${clinic}.`),
  };
}

/** The last lines of every mail to a patient: why they get it, how to reach the clinic, whose clock its times are. */
export function foot(clinic: NoticeClinic, because: string): string[] {
  const phone = clinic.phone ? ` Call ${mailLine(clinic.phone, 40)} if you need us.` : "";
  return [`${because}${phone}`, `Times are the clinic's: ${clinic.zone}.`];
}

/** Where the visit stands, and where it stood before it was moved. */
function facts(visit: Visit, from: Date | null = null): Letter["facts"] {
  const { when, clinic, who } = names(visit);
  const { patient, practitioner, ref } = visit.booking;
  const { address } = practitioner.location;
  return [
    ...(patient?.guardian ? ([["For", mailLine(patient.name, 80)]] satisfies Letter["facts"]) : []),
    ["When", when],
    ...(from ? ([["Before", formatWhen(from.getTime(), visit.clinic.zone)]] satisfies Letter["facts"]) : []),
    ["With", who],
    ["Where", address ? `${clinic}, ${mailLine(address, 200)}` : clinic],
    ["Reference", ref],
  ];
}

function series({ series: of, clinic }: Visit): string[] {
  if (!of?.last || of.count < 2) return [];
  return [`It is the first of ${of.count} visits; the last is ${formatWhen(of.last.getTime(), clinic.zone)}.`];
}

function onlinePromise(visit: Visit): string {
  const { startsAt, movedFrom } = visit.booking;
  const until = cancelUntil(startsAt.getTime(), visit.clinic, movedFrom !== null);
  return `You can move or cancel it online until ${formatWhen(until, visit.clinic.zone)}.`;
}
