import { nextOffer, type Ranked, waitlistOrder } from "@pulsecal/core";
import { asWaiting, type Entry } from "./entries.repo.ts";
import { asGap, asLog, type Rank, type StoredGap, type StoredOffer } from "./gaps.repo.ts";

/** The fair order for a gap, and who is next in it. */
export type FairOrder = {
  order: readonly Ranked[];
  /** Whose turn it is by the log, leaving out those who cannot be asked now; null when nobody is left. */
  next(log: readonly StoredOffer[], passed: Rank["passed"], now: number): Entry | null;
};

/** Puts those who wait in the fair order for a gap; whom it does not suit is not in it. */
export function fairOrder(gap: StoredGap, entries: readonly Entry[], zone: string): FairOrder {
  const free = asGap(gap, [...new Set(entries.map((entry) => entry.serviceId))]);
  const waiting = entries.map((entry) => asWaiting(entry, zone));
  const order = waitlistOrder(waiting, free, zone, gap.createdAt.getTime());
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    order,
    next(log, passed, now) {
      const left = order.filter(({ entry }) => !passed.some(({ entryId }) => entryId === entry.id));
      const step = nextOffer(left, free, asLog(log), now);
      return (step.do === "offer" && byId.get(step.ranked.entry.id)) || null;
    },
  };
}

/** More of those who were passed over would not fit the row; their number still shows in the place. */
const mostPassed = 20;

/** What an offer was decided on. */
export function rankOf(order: readonly Ranked[], gap: StoredGap, entry: Entry, how: Pick<Rank, "by" | "passed">): Rank {
  return {
    place: order.findIndex((ranked) => ranked.entry.id === entry.id) + 1,
    of: order.length,
    urgency: entry.urgency,
    waitedMs: Math.max(0, gap.createdAt.getTime() - entry.since.getTime()),
    fit: (gap.endsAt.getTime() - gap.startsAt.getTime()) / 60_000 - entry.minutes,
    by: how.by,
    passed: how.passed.slice(0, mostPassed),
  };
}
