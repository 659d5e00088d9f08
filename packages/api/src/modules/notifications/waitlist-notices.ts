import { formatTime, formatWhen } from "@pulsecal/core";
import type { EventOf } from "../../jobs/catalog.ts";
import { waitlistToken } from "../waitlist/index.ts";
import type { Letter } from "./letter.ts";
import { mailLine } from "./mail-line.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";
import { addressOf } from "./patient-address.ts";
import { findWaiting, type NoticeClinic } from "./visit.repo.ts";
import { replyTo, senderOf } from "./visit-notices.ts";
import { foot } from "./visit-words.ts";

/** Tells somebody that they are on the waitlist, and how to leave it. */
export async function planWaitlistJoined(n: NoticeServices, event: EventOf<"waitlist_joined">): Promise<NoticePlan> {
  const plan = await planEntry(n, event);
  if ("why" in plan) return { send: false, why: plan.why };
  const { clinic, url, to } = plan;
  const name = mailLine(clinic.name, 80);
  return {
    send: true,
    bookingId: null,
    to: [to],
    draft: async () => ({
      from: senderOf(n, clinic),
      replyTo: replyTo(clinic),
      subject: `You are on the waitlist at ${name}`,
      letter: {
        ...envelope(clinic, "You are on the waitlist."),
        preview: "We write to you when a time becomes free that suits you.",
        lead: [
          "When a time becomes free that suits you, we write to you and keep it for you for a short while.",
          "You can still book any other time yourself.",
        ],
        facts: [],
        action: { text: "See your place, or leave the list", href: url },
        after: [],
      },
      calendar: null,
    }),
  };
}

/** Offers a time that is kept for one person. */
export async function planWaitlistOffer(
  n: NoticeServices,
  event: EventOf<"waitlist_offer">,
  now: Date,
): Promise<NoticePlan> {
  const plan = await planEntry(n, event);
  if ("why" in plan) return { send: false, why: plan.why };
  const { clinic, url, to } = plan;
  const offer = plan.offers.find(({ gapId }) => gapId === event.payload.gapId);
  if (!offer || offer.expiresAt <= now) return { send: false, why: "offer is over" };
  const name = mailLine(clinic.name, 80);
  const when = formatWhen(offer.booking.startsAt.getTime(), clinic.zone);
  const who = mailLine(offer.booking.practitioner.name, 80);
  return {
    send: true,
    bookingId: offer.booking.id,
    to: [to],
    draft: async () => ({
      from: senderOf(n, clinic),
      replyTo: replyTo(clinic),
      subject: `A time is free: ${when} at ${name}`,
      letter: {
        ...envelope(clinic, "A time is free for you."),
        preview: `${when} with ${who}`,
        lead: [
          `${when} with ${who}.`,
          `We keep it for you until ${formatTime(offer.expiresAt.getTime(), clinic.zone)}.`,
        ],
        facts: [
          ["When", when],
          ["With", who],
        ],
        action: { text: "Take this time, or pass", href: url },
        after: ["If it does not suit you, we ask the next person, and you stay on the list."],
      },
      calendar: null,
    }),
  };
}

async function planEntry(n: NoticeServices, event: EventOf<"waitlist_joined" | "waitlist_offer">) {
  const { clinicId, payload } = event;
  const context = { clinicId, actor: "system:notifications" };
  const waiting = await n.db.withTenant(context, (db) => findWaiting(db, clinicId, payload.entryId));
  if (!waiting) return { why: "no such entry" };
  const { entry, clinic } = waiting;
  if (entry.state !== "waiting") return { why: `entry is ${entry.state}` };
  const reached = await addressOf(n, clinicId, entry.patient);
  if ("why" in reached) return reached;
  const url = n.links.clinic(clinic.slug, `/w/${waitlistToken(n.secret, clinicId, entry.id)}`);
  return { clinic, url, to: reached.to, offers: entry.offers };
}

function envelope(clinic: NoticeClinic, title: string): Pick<Letter, "title" | "from" | "foot"> {
  const name = mailLine(clinic.name, 80);
  return { title, from: name, foot: foot(clinic, `You get this because you asked ${name} for a time.`) };
}
