import { DAY_MINUTES, MINUTE_MS } from "../time/calendar.ts";
import { wallTime } from "../time/days.ts";
import { explain } from "./explain.ts";
import { findTimes } from "./find-times.ts";
import { needsOf, visitOf } from "./setting.ts";
import type { Block, Busy, Offer, Question } from "./types.ts";

/** A date of a series at the wall-clock minute it keeps, whatever the clocks do. Dates come expanded. */
export type Occurrence = { date: string; minute: number };

export type OccurrenceResult =
  | { date: string; result: "free"; start: number; resources: readonly string[] }
  | { date: string; result: "blocked"; start: number; why: Block[]; alternatives: Offer[] }
  /** clocks jump over this time on this date */
  | { date: string; result: "no_such_time"; alternatives: Offer[] };

export type SeriesVerdict = { ok: boolean; results: OccurrenceResult[] };

/** A series longer than two years of weeks is a mistake. */
const MAX_OCCURRENCES = 104;
/** How far from a date its alternatives may lie. */
const NEARBY_DAYS = 3;

/**
 * Looks at the whole series before anything is committed: each date against the rules and against the dates of the
 * series before it (they count towards limits and occupy their resources). Alternatives leave every free date alone.
 */
export function evaluateSeries(
  question: Question,
  occurrences: readonly Occurrence[],
  alternatives = 3,
): SeriesVerdict {
  if (occurrences.length > MAX_OCCURRENCES) throw new RangeError(`more than ${MAX_OCCURRENCES} dates`);
  let asked = question;
  const first = occurrences.map(({ date, minute }, index): OccurrenceResult => {
    const { instant, existed } = wallTime(date, minute, question.zone);
    if (!existed) return { date, result: "no_such_time", alternatives: [] };
    const [offer] = findTimes(asked, { from: instant, to: instant + 1 });
    if (!offer) return { date, result: "blocked", start: instant, why: explain(asked, instant), alternatives: [] };
    asked = withBooked(asked, offer, `series ${index + 1}`);
    return { date, result: "free", start: instant, resources: offer.resources };
  });
  const results = first.map((r, i) => {
    if (r.result === "free") return r;
    const { date, minute } = occurrences[i] as Occurrence;
    return { ...r, alternatives: nearestTimes(asked, wallTime(date, minute, question.zone).instant, alternatives) };
  });
  return { ok: results.every((r) => r.result === "free"), results };
}

/** The offered starts nearest to an instant, nearest first, within three days either side. */
export function nearestTimes(question: Question, instant: number, count: number): Offer[] {
  const reach = NEARBY_DAYS * DAY_MINUTES * MINUTE_MS;
  const offers = findTimes(question, { from: instant - reach, to: instant + reach + 1 });
  const near = (o: Offer) => Math.abs(o.start - instant);
  return offers.sort((a, b) => near(a) - near(b) || a.start - b.start).slice(0, count);
}

/** The question once an offer is taken: its resources are busy, and it counts. */
export function withBooked(question: Question, offer: Offer, booking: string): Question {
  const shapes = new Map<string, Busy>();
  let place = 0;
  for (const need of needsOf(question)) {
    const visit = visitOf(question, need);
    for (let i = 0; i < need.count; i++) {
      const id = offer.resources[place++];
      if (id === undefined) continue;
      shapes.set(id, {
        from: offer.start,
        to: offer.start + visit.minutes * MINUTE_MS,
        before: visit.bufferBefore,
        after: visit.bufferAfter,
        booking,
        service: question.service.id,
      });
    }
  }
  const resources = question.resources.map((r) => {
    const busy = shapes.get(r.id);
    return busy ? { ...r, busy: [...r.busy, busy] } : r;
  });
  return { ...question, resources };
}
