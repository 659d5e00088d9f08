import { MINUTE_MS } from "../time/calendar.ts";
import { assign } from "./assign.ts";
import { feasibleStarts, type Session } from "./feasible.ts";
import { startsOn } from "./grid.ts";
import { at, type IntervalSet } from "./intervals.ts";
import {
  allowedStarts,
  gridOf,
  openingsOf,
  resourceById,
  resourceLimits,
  type Setting,
  serviceLimits,
  settingOf,
  visitOf,
  withinLimits,
} from "./setting.ts";
import type { Offer, Question, Span } from "./types.ts";

/** One resource as an answer to one need. Starts in minutes. */
type Candidate = {
  need: number;
  id: string;
  leads: boolean;
  /** leading need: the starts themselves */
  starts: number[];
  /** other needs: stretches of starts */
  free: IntervalSet;
  joins: readonly Session[];
};

/** The starts in the window that every rule allows, each with a complete assignment. Ascending. */
export function findTimes(question: Question, window: Span): Offer[] {
  const setting = windowSetting(question, window);
  if (!setting) return [];
  const bounds = boundsOf(setting);
  const candidates = setting.needs.flatMap((need, index) =>
    need.of.map((id) => candidateOf(setting, { need: index, id }, bounds)),
  );
  return merge(setting, candidates);
}

/** The starts alone. With one resource there is no assignment to make, which is most questions and the fast way. */
export function findStarts(question: Question, window: Span): number[] {
  const setting = windowSetting(question, window);
  if (!setting) return [];
  const [need, more] = setting.needs;
  const [id, other] = need?.of ?? [];
  if (need?.count !== 1 || more || other !== undefined || id === undefined) {
    return findTimes(question, window).map((offer) => offer.start);
  }
  const starts = withJoins(candidateOf(setting, { need: 0, id }, boundsOf(setting)));
  for (let i = 0; i < starts.length; i++) starts[i] = at(starts, i) * MINUTE_MS;
  return starts;
}

/** The part of the window that notice and horizon leave, or null when there is none. */
function windowSetting(question: Question, window: Span): Setting | null {
  if ((question.seatsWanted ?? 1) > (question.service.seats ?? 1)) return null;
  const { notice, horizon } = allowedStarts(question);
  const from = Math.max(Math.ceil(window.from / MINUTE_MS), notice, horizon.from);
  const to = Math.min(Math.ceil(window.to / MINUTE_MS), horizon.to);
  return from < to ? settingOf(question, from, to) : null;
}

type Bounds = { all: IntervalSet; limited: IntervalSet };

function boundsOf(setting: Setting): Bounds {
  const all = [setting.from, setting.to];
  return { all, limited: withinLimits(all, serviceLimits(setting)) };
}

function candidateOf(setting: Setting, { need: index, id }: { need: number; id: string }, bounds: Bounds): Candidate {
  const { question } = setting;
  const need = setting.needs[index] as Setting["needs"][number];
  const resource = resourceById(question, id);
  const declared = openingsOf(setting, resource);
  const { free, sessions } = feasibleStarts(declared, resource, question.closures ?? [], visitOf(question, need));
  const limits = resourceLimits(setting, resource);
  if (!need.leads) {
    return { need: index, id, leads: false, starts: [], free: withinLimits(free, limits), joins: sessions };
  }
  const interval = question.service.intervalMinutes;
  const joins = sessions.filter(({ start }) => {
    const point = [start, start + 1];
    return startsOn(gridOf(setting, declared, point), point, bounds.all, interval).length > 0;
  });
  const starts = startsOn(gridOf(setting, declared, free), free, withinLimits(bounds.limited, limits), interval);
  return { need: index, id, leads: true, starts, free: [], joins };
}

function withJoins(candidate: Candidate): number[] {
  if (candidate.joins.length === 0) return candidate.starts;
  return ascending([...candidate.starts, ...candidate.joins.map((j) => j.start)]);
}

const ascending = (starts: readonly number[]): number[] => [...new Set(starts)].sort((a, b) => a - b);

/** Above this the set of free resources does not fit a number exactly, and answers are not remembered. */
const MEMO_LIMIT = 52;

/** Walks the starts of the leading needs in order and asks at each whether the needs can all be met. */
function merge(setting: Setting, candidates: readonly Candidate[]): Offer[] {
  const counts = setting.needs.map((need) => need.count);
  const joinStarts = ascending(candidates.flatMap((c) => c.joins.map((j) => j.start)));
  const spots = candidates.map(() => 0);
  const available = candidates.map(() => false);
  const known = new Map<number, readonly string[] | null>();
  const offers: Offer[] = [];
  for (let nextJoin = 0; ; ) {
    let start = joinStarts[nextJoin] ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < candidates.length; i++) {
      const next = candidates[i]?.starts[spots[i] ?? 0];
      if (next !== undefined && next < start) start = next;
    }
    if (start === Number.POSITIVE_INFINITY) return offers;
    const joined = start === joinStarts[nextJoin] ? joinAt(counts, candidates, start) : null;
    if (start === joinStarts[nextJoin]) nextJoin++;
    let key = 0;
    for (let i = 0; i < candidates.length; i++) {
      const free = advance(candidates[i] as Candidate, spots, i, start);
      available[i] = free;
      if (free) key += 2 ** i;
    }
    let resources = joined ?? known.get(key);
    if (resources === undefined) {
      resources = assign(
        counts,
        optionsOf(counts, candidates, (_, i) => available[i] === true),
      );
      if (candidates.length <= MEMO_LIMIT) known.set(key, resources);
    }
    if (resources) offers.push({ start: start * MINUTE_MS, resources });
  }
}

/** Moves a candidate's place in its list past `start`; whether it is free there. */
function advance(candidate: Candidate, spots: number[], i: number, start: number): boolean {
  let spot = spots[i] as number;
  if (candidate.leads) {
    const here = candidate.starts[spot] === start;
    if (here) spots[i] = spot + 1;
    return here;
  }
  const { free } = candidate;
  while (spot < free.length && at(free, spot + 1) <= start) spot += 2;
  spots[i] = spot;
  return spot < free.length && at(free, spot) <= start;
}

/** The ids for each need among the candidates that pass. */
export function optionsOf<C extends { need: number; id: string }>(
  counts: readonly number[],
  candidates: readonly C[],
  pass: (candidate: C, index: number) => boolean,
): string[][] {
  const options: string[][] = counts.map(() => []);
  candidates.forEach((candidate, i) => {
    if (pass(candidate, i)) options[candidate.need]?.push(candidate.id);
  });
  return options;
}

/** A seat in a session that is there already comes before opening a new one; a session is joined whole. */
function joinAt(counts: readonly number[], candidates: readonly Candidate[], start: number): readonly string[] | null {
  const sessions = new Set<string>();
  for (const c of candidates) for (const j of c.joins) if (j.start === start) sessions.add(sessionName(c.id, j));
  for (const name of sessions) {
    const holds = (c: Candidate) => c.joins.some((j) => j.start === start && sessionName(c.id, j) === name);
    const found = assign(counts, optionsOf(counts, candidates, holds));
    if (found) return found;
  }
  return null;
}

/** A session that holds several resources is known by its booking; one without a name is its resource's own. */
export function sessionName(resource: string, session: { booking: string | undefined }): string {
  return session.booking === undefined ? `resource ${resource}` : `booking ${session.booking}`;
}
