import { DAY_MINUTES, MINUTE_MS } from "../time/calendar.ts";
import { offsetAt, zoneSpans } from "../time/zone.ts";
import { declaredWindows, holidaySet, windowsByDay } from "./hours.ts";
import { at, mergePairs, sortPairs } from "./intervals.ts";
import type { Rules, Span } from "./types.ts";

/** When someone is there in a window, windows that touch joined; without regard to leave and closures. */
export function openWindows(i: { zone: string; rules: Rules; holidays: readonly string[]; window: Span }): Span[] {
  const from = Math.floor(i.window.from / MINUTE_MS);
  const to = Math.ceil(i.window.to / MINUTE_MS);
  const spans = zoneSpans(i.zone, from - 4 * DAY_MINUTES, to + 4 * DAY_MINUTES);
  const day = (minute: number) => Math.floor((minute + offsetAt(i.zone, minute)) / DAY_MINUTES);
  const declared = declaredWindows(windowsByDay(i.rules, holidaySet(i.holidays)), spans, day(from) - 2, day(to) + 1);
  const open = mergePairs(sortPairs(declared));
  const out: Span[] = [];
  for (let w = 0; w < open.length; w += 2) {
    const begin = Math.max(from, at(open, w));
    const end = Math.min(to, at(open, w + 1));
    if (begin < end) out.push({ from: begin * MINUTE_MS, to: end * MINUTE_MS });
  }
  return out;
}
