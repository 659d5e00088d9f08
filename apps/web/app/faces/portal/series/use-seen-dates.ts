import { useState } from "react";
import type { SeriesAnswer } from "./act.server.ts";
import { changedDates, type SeriesDate } from "./choices.ts";

type Loaded = { address: string; dates: SeriesDate[] };
type Seen = {
  loaded: Loaded;
  dates: SeriesDate[];
  marked: ReadonlySet<string>;
  /** the refusal whose fresh look is on screen */
  after: SeriesAnswer | undefined;
};

const nothing: ReadonlySet<string> = new Set();

/**
 * The dates on screen. What others change waits behind a button, so that nothing moves under a finger; another rule and
 * a lost race show at once.
 */
export function useSeenDates(loaded: Loaded, answer: SeriesAnswer | undefined) {
  const [seen, setSeen] = useState<Seen>({ loaded, dates: loaded.dates, marked: nothing, after: answer });
  const isOther = seen.loaded.address !== loaded.address;
  // The refusal is there a moment before the fresh look that goes with it.
  const isFresh = answer?.lost !== undefined && seen.after !== answer && seen.loaded !== loaded;
  if (isOther || isFresh) {
    const marked = isFresh ? new Set(changedDates(seen.dates, loaded.dates)) : nothing;
    setSeen({ loaded, dates: loaded.dates, marked, after: isFresh ? answer : seen.after });
  }
  const changes = changedDates(seen.dates, loaded.dates);
  return {
    dates: seen.dates,
    changed: changes.length,
    marked: seen.marked,
    show: () => setSeen({ ...seen, loaded, dates: loaded.dates, marked: new Set(changes) }),
  };
}
