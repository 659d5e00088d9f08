import { DAY_MINUTES, MINUTE_MS, weekdayOf } from "../time/calendar.ts";
import { wallMinutes } from "../time/days.ts";
import type { WeeklyWindow } from "../availability/types.ts";

/** Someone who waits for a time. Urgency 0 (can wait) to 3 (soonest). */
export type WaitlistEntry = {
  id: string;
  serviceId: string;
  minutes: number;
  urgency: 0 | 1 | 2 | 3;
  since: number;
  /** practitioners that will do; empty: any */
  practitionerIds: readonly string[];
  /** when they can come, in the clinic's zone; empty: any time */
  canCome: readonly WeeklyWindow[];
  /** dates (epoch milliseconds) before and after which a time is of no use */
  notBefore?: number;
  notAfter?: number;
};

/** A time that became free. */
export type Gap = { id: string; practitionerId: string; from: number; to: number; serviceIds: readonly string[] };

/** What became of an offer. The log is append-only; the order of offers can be worked out from it again. */
export type OfferEvent =
  | { gapId: string; entryId: string; kind: "offered"; at: number; expiresAt: number }
  | { gapId: string; entryId: string; kind: "declined" | "expired" | "accepted"; at: number };

/** Why someone stands where they stand; kept with the offer. */
export type Ranked = { entry: WaitlistEntry; urgency: number; daysWaited: number; unusedMinutes: number };

/** Whether a gap is of use to someone: service, length, practitioner, and when they can come. */
export function fits(entry: WaitlistEntry, gap: Gap, zone: string): boolean {
  const to = gap.from + entry.minutes * MINUTE_MS;
  if (to > gap.to || !gap.serviceIds.includes(entry.serviceId)) return false;
  if (entry.practitionerIds.length > 0 && !entry.practitionerIds.includes(gap.practitionerId)) return false;
  if (gap.from < (entry.notBefore ?? -Infinity) || gap.from > (entry.notAfter ?? Infinity)) return false;
  if (entry.canCome.length === 0) return true;
  const wall = wallMinutes(gap.from, zone);
  const today = Math.floor(wall / DAY_MINUTES);
  // a window that began yesterday may still run
  return [today - 1, today].some((day) =>
    entry.canCome.some((w) => {
      if (w.weekday !== weekdayOf(day)) return false;
      const from = day * DAY_MINUTES + w.from;
      const end = day * DAY_MINUTES + w.to + (w.to <= w.from ? DAY_MINUTES : 0);
      return wall >= from && wall + entry.minutes <= end;
    }),
  );
}

/**
 * The fair order for a gap: urgency, then whole days waited when the gap opened, then how little of the gap is left
 * unused, then who asked first. Depends on nothing but its arguments, so a log replays to the same order.
 */
export function waitlistOrder(entries: readonly WaitlistEntry[], gap: Gap, zone: string, openedAt: number): Ranked[] {
  const ranked = entries
    .filter((entry) => fits(entry, gap, zone))
    .map((entry) => ({
      entry,
      urgency: entry.urgency,
      daysWaited: Math.max(0, Math.floor((openedAt - entry.since) / (DAY_MINUTES * MINUTE_MS))),
      unusedMinutes: (gap.to - gap.from) / MINUTE_MS - entry.minutes,
    }));
  return ranked.sort(
    (a, b) =>
      b.urgency - a.urgency ||
      b.daysWaited - a.daysWaited ||
      a.unusedMinutes - b.unusedMinutes ||
      a.entry.since - b.entry.since ||
      (a.entry.id < b.entry.id ? -1 : 1),
  );
}

export type NextOffer =
  | { do: "offer"; ranked: Ranked }
  /** one live offer at any instant: wait for the answer or the end */
  | { do: "wait"; entryId: string; until: number }
  | { do: "expire"; entryId: string }
  | { do: "nothing"; why: "taken" | "nobody_left" };

/** What to do with a gap now, from the log alone; the same answer on every node and after every restart. */
export function nextOffer(order: readonly Ranked[], gap: Gap, log: readonly OfferEvent[], now: number): NextOffer {
  const asked = new Set<string>();
  let live: { entryId: string; expiresAt: number } | null = null;
  for (const event of log) {
    if (event.gapId !== gap.id) continue;
    asked.add(event.entryId);
    if (event.kind === "accepted") return { do: "nothing", why: "taken" };
    if (event.kind === "offered") live = { entryId: event.entryId, expiresAt: event.expiresAt };
    else if (live?.entryId === event.entryId) live = null;
  }
  if (live) {
    if (now >= live.expiresAt) return { do: "expire", entryId: live.entryId };
    return { do: "wait", entryId: live.entryId, until: live.expiresAt };
  }
  const ranked = order.find((r) => !asked.has(r.entry.id));
  return ranked ? { do: "offer", ranked } : { do: "nothing", why: "nobody_left" };
}
