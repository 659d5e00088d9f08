import { DAY_MINUTES, MINUTE_MS } from "../time/calendar.ts";
import { offsetAt, zoneSpans } from "../time/zone.ts";
import { declaredWindows, holidaySet, windowsByDay } from "./hours.ts";
import { at, mergePairs, sortPairs, subtract } from "./intervals.ts";
import type { Rules, Span } from "./types.ts";

/** How many days ahead an opening is looked for. */
const LOOK_AHEAD_DAYS = 60;

/**
 * Whether anyone is there now, until when, and when someone is there next. Open without an end in sight (around the
 * clock) has `until: null`; closed without an opening in sixty days has `next: null`. While open, `next` is null.
 */
export function openState(i: {
  zone: string;
  now: number;
  rules: readonly Rules[];
  /** dates without weekly hours */
  holidays?: readonly string[];
  /** the whole clinic is shut */
  closures?: readonly Span[];
}): {
  open: boolean;
  until: number | null;
  next: number | null;
} {
  const now = i.now / MINUTE_MS;
  const minute = Math.floor(now);
  const spans = zoneSpans(i.zone, minute - 4 * DAY_MINUTES, minute + (LOOK_AHEAD_DAYS + 4) * DAY_MINUTES);
  const today = Math.floor((minute + offsetAt(i.zone, minute)) / DAY_MINUTES);
  const last = today + LOOK_AHEAD_DAYS;
  const holidays = holidaySet(i.holidays);
  const shut = (i.closures ?? []).flatMap(({ from, to }) => [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)]);
  const windows = i.rules.flatMap((r) => declaredWindows(windowsByDay(r, holidays), spans, today - 2, last));
  const open = subtract(mergePairs(sortPairs(windows)), mergePairs(sortPairs(shut)));
  for (let w = 0; w < open.length; w += 2) {
    const from = at(open, w);
    const to = at(open, w + 1);
    if (now >= to) continue;
    if (now < from) return { open: false, until: null, next: from * MINUTE_MS };
    return { open: true, until: to > minute + (LOOK_AHEAD_DAYS - 1) * DAY_MINUTES ? null : to * MINUTE_MS, next: null };
  }
  return { open: false, until: null, next: null };
}
