import { MINUTE_MS } from "../time/calendar.ts";
import { dayOf } from "../time/days.ts";
import { findTimes } from "./find-times.ts";
import { needsOf, visitOf } from "./setting.ts";
import { withBooked } from "./series.ts";
import type { Need, Offer, Question, Span } from "./types.ts";

/** One person of a family set and how long their visit is. */
export type Member = { minutes: number };
export type FamilyMode = "back_to_back" | "parallel";
/** Everyone's visit; all of it or none. */
export type FamilyOffer = { visits: { start: number; minutes: number; resources: readonly string[] }[] };

/** Largest family booked in one set. */
const MAX_MEMBERS = 10;

/** Starts at which the whole family fits, with everyone's time and resources. */
export function findFamilyTimes(
  question: Question,
  window: Span,
  family: { members: readonly Member[]; mode: FamilyMode },
): FamilyOffer[] {
  const asked = familyQuestion(question, family);
  return findTimes(asked, window).map((offer) => familyOffer(question, family, offer));
}

/** The family as one question: `explain` on it says why the family does not fit at a time. */
export function familyQuestion(question: Question, family: { members: readonly Member[]; mode: FamilyMode }): Question {
  const { members, mode } = family;
  if (members.length === 0 || members.length > MAX_MEMBERS) throw new RangeError(`1 to ${MAX_MEMBERS} people`);
  const adds = { count: members.length, minutes: members.reduce((sum, m) => sum + m.minutes, 0) };
  const needs = mode === "parallel" ? parallelNeeds(question, members) : runNeeds(question, members);
  const minutes = mode === "parallel" ? Math.max(...members.map((m) => m.minutes)) : runMinutes(question, members);
  return { ...question, service: { ...question.service, minutes, seats: 1 }, needs, adds, seatsWanted: 1 };
}

/** In parallel everyone needs a complete set of resources of their own at the same time. */
function parallelNeeds(question: Question, members: readonly Member[]): Need[] {
  return members.flatMap(({ minutes }) =>
    needsOf(question).map((need) => ({ ...need, minutes: need.minutes ?? minutes })),
  );
}

/** Back to back the same resources stay for the whole run. */
function runNeeds(question: Question, members: readonly Member[]): Need[] {
  const last = members.at(-1)?.minutes ?? 0;
  const beforeLast = runMinutes(question, members) - last;
  return needsOf(question).map((need) => ({ ...need, minutes: beforeLast + Math.max(last, need.minutes ?? last) }));
}

/** Minutes from the first start to the last visit's end: the visits and the gaps between them. */
function runMinutes(question: Question, members: readonly Member[]): number {
  const gaps = members.slice(0, -1).reduce((sum, member) => sum + gapAfter(question, member), 0);
  return members.reduce((sum, m) => sum + m.minutes, 0) + gaps;
}

/** Minutes between one visit of a run and the next: what the most demanding need asks. */
function gapAfter(question: Question, member: Member): number {
  const gaps = needsOf(question).map((need) => {
    const { bufferBefore, bufferAfter } = visitOf(question, need);
    const buffers = question.shareBuffers ? Math.max(bufferBefore, bufferAfter) : bufferBefore + bufferAfter;
    // a need longer than the visit (a recovery room) holds the next one back
    return buffers + Math.max(0, (need.minutes ?? member.minutes) - member.minutes);
  });
  return Math.max(0, ...gaps);
}

function familyOffer(
  question: Question,
  { members, mode }: { members: readonly Member[]; mode: FamilyMode },
  offer: Offer,
): FamilyOffer {
  if (mode === "parallel") {
    const each = offer.resources.length / members.length;
    const visits = members.map(({ minutes }, i) => ({
      start: offer.start,
      minutes,
      resources: offer.resources.slice(i * each, (i + 1) * each),
    }));
    return { visits };
  }
  let start = offer.start;
  const visits = members.map((member) => {
    const visit = { start, minutes: member.minutes, resources: offer.resources };
    start += (member.minutes + gapAfter(question, member)) * MINUTE_MS;
    return visit;
  });
  return { visits };
}

/**
 * Where no run fits: everyone on one day of the clinic, one after the other with waits between, the shortest stay first.
 * Still all or nothing.
 */
export function findFamilyApart(
  question: Question,
  window: Span,
  members: readonly Member[],
  count = 3,
): FamilyOffer[] {
  if (members.length === 0 || members.length > MAX_MEMBERS) throw new RangeError(`1 to ${MAX_MEMBERS} people`);
  const [head] = members as [Member];
  const firsts = findTimes(withMinutes(question, head.minutes), window);
  const stay = ({ visits }: FamilyOffer) => {
    const last = visits.at(-1);
    return last ? last.start + last.minutes * MINUTE_MS - (visits[0]?.start ?? 0) : 0;
  };
  const found = firsts.slice(0, MAX_FIRSTS).flatMap((first) => chain(question, first, members, window) ?? []);
  return found
    .sort((a, b) => stay(a) - stay(b) || (a.visits[0]?.start ?? 0) - (b.visits[0]?.start ?? 0))
    .slice(0, count);
}

/** First visits tried; a window has few more that matter. */
const MAX_FIRSTS = 200;

const withMinutes = (question: Question, minutes: number): Question => ({
  ...question,
  service: { ...question.service, minutes },
});

/** Everyone after the first takes the next time that is free once those before are booked, on the same day. */
function chain(question: Question, first: Offer, members: readonly Member[], window: Span): FamilyOffer | null {
  const visits: FamilyOffer["visits"] = [];
  let asked = question;
  let from = first.start;
  for (const { minutes } of members) {
    const mine = withMinutes(asked, minutes);
    const offer: Offer | undefined = findTimes(mine, { from, to: Math.min(window.to, from + DAY_MS) })[0];
    if (!offer || dayOf(offer.start, question.zone) !== dayOf(first.start, question.zone)) return null;
    visits.push({ start: offer.start, minutes, resources: offer.resources });
    asked = withBooked(mine, offer, `family ${visits.length}`);
    from = offer.start + minutes * MINUTE_MS;
  }
  return { visits };
}

const DAY_MS = 24 * 60 * MINUTE_MS;
