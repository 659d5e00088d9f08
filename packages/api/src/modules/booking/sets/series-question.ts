import {
  blockText,
  dayOf,
  evaluateSeries,
  findTimes,
  formatTime,
  type Occurrence,
  type Offer,
  type OccurrenceResult,
  type Question,
  type Span,
  wallTime,
  withBooked,
} from "@pulsecal/core";
import { refuse } from "../../../trpc/error-map.ts";
import { type LoadedQuestion, loadQuestion, type Reads } from "../../scheduling/index.ts";
import { seriesDates } from "./series-dates.ts";
import type { SeriesDate, SeriesInput } from "./sets.schema.ts";

/** A series as it was asked for, on the clinic's clock. */
export type Series = { occurrences: Occurrence[]; input: SeriesInput };

const dayMs = 24 * 60 * 60_000;
/** Alternatives of a date lie up to three days beside it (core's series). */
const slackMs = 4 * dayMs;

const tooMuch = {
  too_many: "A series has at most 52 dates",
  too_long: "A series ends within two years",
  none: "There is no such date",
} as const;

/** The dates of a series, each at the wall-clock minute of its first; refused when there are too many, or none. */
export function seriesOf(input: SeriesInput, zone: string): Series {
  const { date: first, minute } = occurrenceAt(input.start.getTime(), zone);
  const found = seriesDates(first, input.rule);
  if (!found.ok) {
    throw refuse("invalid", { fields: [{ path: "rule", issue: found.why, message: tooMuch[found.why] }] });
  }
  return { occurrences: found.dates.map((date) => ({ date, minute })), input };
}

/** The date of an instant, and what the clock shows: not the minutes since midnight, where clocks change between. */
export function occurrenceAt(start: number, zone: string): Occurrence {
  const [hours, minutes] = formatTime(start, zone).split(":").map(Number);
  return { date: dayOf(start, zone), minute: (hours ?? 0) * 60 + (minutes ?? 0) };
}

/** Everything about the service and the person for all dates. Neither notice nor horizon bind staff. */
export async function loadSeries(
  db: Reads,
  clinicId: string,
  { input }: Series,
  starts: readonly number[],
): Promise<LoadedQuestion> {
  const window: Span = { from: Math.min(...starts) - slackMs, to: Math.max(...starts) + slackMs };
  const { serviceId, practitionerId: who, minutes } = input;
  const loaded = await loadQuestion(db, { clinicId, serviceId, who, window, minutes, unbound: true });
  if (!loaded) throw refuse("not_found");
  return loaded;
}

/** The instants of a series' dates; where clocks jump over one, the instant they jump to. */
export function startsOf({ occurrences }: Series, zone: string): number[] {
  return occurrences.map(({ date, minute }) => wallTime(date, minute, zone).instant);
}

/** What staff read of each date: free, or every rule in the way and the nearest free times. */
export function evaluated(loaded: LoadedQuestion, occurrences: readonly Occurrence[]): SeriesDate[] {
  return evaluateSeries(loaded.question, occurrences).results.map((result) => dateOf(loaded, result));
}

function dateOf({ availability: a }: LoadedQuestion, result: OccurrenceResult): SeriesDate {
  const { date } = result;
  if (result.result === "free") {
    return { date, result: "free", start: new Date(result.start), why: [], alternatives: [] };
  }
  const alternatives = result.alternatives.map(({ start }) => new Date(start));
  if (result.result === "no_such_time") {
    return { date, result: "no_such_time", why: ["The clocks go forward over this time"], alternatives };
  }
  const names = new Map([...a.practitioners, ...a.resources].map(({ id, name }) => [id, name]));
  const why = result.why.map((block) => blockText(block, a.clinic.zone, (id) => names.get(id) ?? ""));
  return { date, result: "blocked", start: new Date(result.start), why: [...new Set(why)], alternatives };
}

/** A complete assignment for every start, each one beside those before it; null where one of them has none. */
export function assignAll(question: Question, starts: readonly number[]): Offer[] | null {
  const offers: Offer[] = [];
  let asked = question;
  for (const start of starts) {
    const [offer] = findTimes(asked, { from: start, to: start + 1 });
    if (!offer) return null;
    asked = withBooked(asked, offer, `series ${offers.length}`);
    offers.push(offer);
  }
  return offers;
}
