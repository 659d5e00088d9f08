import { type Ranked, type WaitlistEntry, waitlistOrder } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { asWaiting, type Entry, findEntries } from "./entries.repo.ts";
import { asGap, findOffers, type OpenGap, openGaps, type StoredOffer } from "./gaps.repo.ts";
import type { Waitlist } from "./waitlist.schema.ts";

type StaffWork = Work & { clinic: { zone: string } };
/** Nobody reads further down the order of one gap. */
const mostShown = 10;
const dayMs = 24 * 60 * 60_000;

/** Times that became free, whom they suit, who is being asked; and everybody who waits, longest first. */
export async function staffWaitlist(work: StaffWork): Promise<Waitlist> {
  const { clinicId, clinic } = work;
  return inTenant(work, async (db) => {
    const gaps = await openGaps(db, clinicId);
    const entries = (await findEntries(db, clinicId)).filter((entry) => !entry.again);
    const offers = await findOffers(
      db,
      clinicId,
      gaps.map((gap) => gap.id),
    );
    const people = await db.servicePractitioner.findMany({
      where: { clinicId },
      select: { serviceId: true, practitionerId: true, practitioner: { select: { name: true } } },
    });
    const given = ({ practitionerId, sessionOf }: OpenGap) =>
      sessionOf === null
        ? people.filter((one) => one.practitionerId === practitionerId).map((one) => one.serviceId)
        : [sessionOf];
    const nameOf = new Map(people.map((one) => [one.practitionerId, one.practitioner.name]));
    const known = new Map(entries.map((entry) => [entry.id, entry]));
    const waiting = entries.map((entry) => asWaiting(entry, clinic.zone));
    const now = work.s.now().getTime();
    return {
      gaps: gaps.map((gap) => gapOf(gap, given(gap), { known, waiting, offers, zone: clinic.zone })),
      entries: entries.map((entry) => entryOf(entry, nameOf, now)),
    };
  });
}

function gapOf(
  gap: OpenGap,
  serviceIds: string[],
  all: {
    known: ReadonlyMap<string, Entry>;
    waiting: readonly WaitlistEntry[];
    offers: readonly StoredOffer[];
    zone: string;
  },
): Waitlist["gaps"][number] {
  const offers = all.offers.filter((offer) => offer.gapId === gap.id);
  const asked = new Set(offers.map((offer) => offer.entryId));
  const nameOf = (id: string) => all.known.get(id)?.name ?? "";
  const waiting = all.waiting.filter((entry) => !asked.has(entry.id));
  const order = waitlistOrder(waiting, asGap(gap, serviceIds), all.zone, gap.createdAt.getTime());
  const live = offers.find((offer) => offer.state === "live");
  return {
    id: gap.id,
    start: gap.startsAt,
    end: gap.endsAt,
    practitionerId: gap.practitionerId,
    practitionerName: gap.practitionerName,
    seat: gap.sessionOf !== null,
    more: Math.max(0, order.length - mostShown),
    fits: order.slice(0, mostShown).map((ranked) => ({
      entryId: ranked.entry.id,
      name: nameOf(ranked.entry.id),
      rank: rankText(ranked),
      days: ranked.daysWaited,
      reachable: all.known.get(ranked.entry.id)?.reachable ?? false,
      silent: all.known.get(ranked.entry.id)?.silent ?? false,
    })),
    asked: offers.flatMap(({ entryId, state }) =>
      state === "declined" || state === "expired" ? [{ entryId, name: nameOf(entryId), state }] : [],
    ),
    offer: live ? { entryId: live.entryId, name: nameOf(live.entryId), expiresAt: live.expiresAt } : null,
  };
}

const urgencies = ["", "Soon", "Urgent", "Very urgent"] as const;

/** Why somebody stands where they stand, for staff to read out. */
function rankText({ urgency, daysWaited }: Ranked): string {
  const waited = daysWaited === 0 ? "since today" : daysWaited === 1 ? "1 day" : `${daysWaited} days`;
  const word = urgencies[urgency] ?? "";
  return word === "" ? waited : `${word}, ${waited}`;
}

function entryOf(entry: Entry, nameOf: Map<string, string>, now: number): Waitlist["entries"][number] {
  const { id, name, serviceId, serviceName, urgency, since, wishes, reachable, offered, silent } = entry;
  const [who] = wishes.practitionerIds;
  return {
    entryId: id,
    name,
    serviceId,
    serviceName,
    who: who === undefined ? null : (nameOf.get(who) ?? null),
    urgency,
    since,
    days: Math.max(0, Math.floor((now - since.getTime()) / dayMs)),
    canCome: wishes.canCome,
    notBefore: wishes.notBefore,
    notAfter: wishes.notAfter,
    reachable,
    offered,
    silent,
  };
}
