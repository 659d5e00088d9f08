import { MINUTE_MS } from "../time/calendar.ts";
import { at, holds, type IntervalSet, mergePairs, sortPairs, subtract, weave } from "./intervals.ts";
import type { Busy, Span } from "./types.ts";

/**
 * Every rule is turned into minutes at which a visit may not START. A visit of m minutes meets a stretch [from, to)
 * exactly when it starts in [from - m + 1, to), so a sweep over starts needs no second look at lengths or buffers.
 */
export type Visit = {
  minutes: number;
  bufferBefore: number;
  bufferAfter: number;
  shareBuffers: boolean;
  /** the service of a group session and the seats asked for; null: no session is joined */
  join: { service: string | undefined; seats: number } | null;
};

const floorMinute = (ms: number): number => Math.floor(ms / MINUTE_MS);
const ceilMinute = (ms: number): number => Math.ceil(ms / MINUTE_MS);

/** Whether a visit may take a seat of this session: same service, same length, enough seats left. */
export function joinable(busy: Busy, visit: Visit): boolean {
  const { join } = visit;
  if (!join || !busy.seats || busy.service !== join.service) return false;
  if (busy.from % MINUTE_MS !== 0 || busy.to - busy.from !== visit.minutes * MINUTE_MS) return false;
  return busy.seats.taken + join.seats <= busy.seats.of;
}

/** Starts that would meet one busy stretch: [from, to), minutes. */
export function busyStarts(busy: Busy, visit: Visit): { from: number; to: number } {
  const before = busy.before ?? 0;
  const after = busy.after ?? 0;
  const tail = visit.shareBuffers ? Math.max(visit.bufferAfter, before) : visit.bufferAfter + before;
  const head = visit.shareBuffers ? Math.max(visit.bufferBefore, after) : visit.bufferBefore + after;
  return { from: floorMinute(busy.from) - visit.minutes - tail + 1, to: ceilMinute(busy.to) + head };
}

/** Starts that would meet a stretch without buffers (leave, closure): [from, to), minutes. */
export function spanStarts(span: Span, visit: Visit): { from: number; to: number } {
  return { from: floorMinute(span.from) - visit.minutes + 1, to: ceilMinute(span.to) };
}

/** Starts at which a visit fits into opening hours; windows that touch count as one. */
export function openStarts(declared: IntervalSet, minutes: number): IntervalSet {
  const open = mergePairs(declared);
  const out: IntervalSet = [];
  for (let i = 0; i < open.length; i += 2) {
    const end = at(open, i + 1) - minutes + 1;
    if (at(open, i) < end) out.push(at(open, i), end);
  }
  return out;
}

/** A session with a seat left: its start, the booking it is, and where its own stretch stands in the blocked list. */
export type Session = { start: number; booking: string | undefined; own: number };

/**
 * The starts at which one resource is free for a visit, before grid, notice, horizon and limits; and the sessions that
 * nothing but themselves blocks.
 */
export function feasibleStarts(
  declared: IntervalSet,
  resource: { busy: readonly Busy[]; leave: readonly Span[] },
  closures: readonly Span[],
  visit: Visit,
): { free: IntervalSet; sessions: Session[] } {
  const open = openStarts(declared, visit.minutes);
  const reach = { from: open[0] ?? 0, to: open.at(-1) ?? 0 };
  const occupied: IntervalSet = [];
  const sessions: Session[] = [];
  for (const busy of resource.busy) {
    if (busy.to <= busy.from) continue;
    const { from, to } = busyStarts(busy, visit);
    if (to <= reach.from || from >= reach.to) continue;
    if (visit.join && joinable(busy, visit)) {
      sessions.push({ start: floorMinute(busy.from), booking: busy.booking, own: occupied.length });
    }
    occupied.push(from, to);
  }
  const away: IntervalSet = [];
  for (const span of resource.leave) block(away, span, visit, reach);
  for (const span of closures) block(away, span, visit, reach);
  const free = subtract(open, weave(sortPairs(occupied), sortPairs(away)));
  const joins = sessions.filter(
    ({ start, own }) => holds(open, start) && !meetsAny(occupied, start, own) && !meetsAny(away, start, -1),
  );
  return { free, sessions: joins };
}

/** Whether a start lies in one of the pairs, but for the one at `except`. Pairs in any order. */
function meetsAny(pairs: IntervalSet, start: number, except: number): boolean {
  for (let i = 0; i < pairs.length; i += 2) {
    if (i !== except && start >= at(pairs, i) && start < at(pairs, i + 1)) return true;
  }
  return false;
}

function block(blocked: IntervalSet, span: Span, visit: Visit, reach: { from: number; to: number }): void {
  if (span.to <= span.from) return;
  const starts = spanStarts(span, visit);
  if (starts.to > reach.from && starts.from < reach.to) blocked.push(starts.from, starts.to);
}
