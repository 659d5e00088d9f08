import {
  addDays,
  dayOf,
  dayStart,
  findFamilyApart,
  findFamilyTimes,
  findTimes,
  type FamilyOffer,
  type Offer,
  type Question,
  type Span,
  withBooked,
  withoutBooking,
} from "@pulsecal/core";
import { type LoadedQuestion, type Occupied, occupiedBy, questionOf } from "../../scheduling/index.ts";

/** One person's visit; epoch milliseconds. */
export type FamilyVisit = { start: number; practitionerId: string };
/** The same with everything it takes. */
export type AssignedVisit = FamilyVisit & { minutes: number; resources: Occupied[] };

/** What a family is fitted around: the time that is held, and everything of the set as if it were not there. */
export type Held = FamilyVisit & { minutes: number; bookingIds: readonly string[] };

/** Together: with the held time in it. Apart: other times, up to three, in order of how near they lie. */
export type FamilyProposal = { together: FamilyVisit[] | null; apart: FamilyVisit[][] };

const dayMs = 24 * 60 * 60_000;
const mostApart = 3;
/** Days around the held time that are looked at. */
export const daysAround = 7;

/** When several people can come. Times of a group service are seats of one session; others are visits of their own. */
export function proposeFamily(loaded: LoadedQuestion, held: Held, people: number): FamilyProposal {
  return loaded.service.seats > 1 ? proposeSeats(loaded, held, people) : proposeVisits(loaded, held, people);
}

function proposeVisits(loaded: LoadedQuestion, held: Held, people: number): FamilyProposal {
  const members = Array.from({ length: people }, () => ({ minutes: held.minutes }));
  const [same, any] = [held.practitionerId, "any"].map((who) => askedOf(loaded, held, who)) as [Question, Question];
  const runsOf = (question: Question, window: Span) =>
    findFamilyTimes(question, window, { members, mode: "back_to_back" }).map(visitsOf);
  const exactly = { from: held.start, to: held.start + 1 };
  const hasHeld = (visits: FamilyVisit[]) => visits.some((visit) => sameVisit(visit, held));
  const before = { from: held.start - dayMs, to: held.start };
  const together =
    runsOf(same, exactly).find(hasHeld) ??
    // the held time as the last of the run rather than its first, but one of it
    runsOf(same, before).findLast(hasHeld) ??
    aside([same, ...members.slice(1).map(() => any)], held)?.map(visitOf) ??
    null;
  if (together) return { together, apart: [] };

  const today = dayOf(held.start, any.zone);
  const restOfDay = { from: held.start, to: dayStart(addDays(today, 1), any.zone) };
  const waits = findFamilyApart(same, restOfDay, members, Number.POSITIVE_INFINITY).map(visitsOf);
  const around = { from: held.start - daysAround * dayMs, to: held.start + daysAround * dayMs };
  const runs = nearest([...runsOf(same, around), ...runsOf(any, around)], held);
  const elsewhere = runs.filter(([first]) => first && dayOf(first.start, any.zone) !== today);
  // with a wait, the nearest without one, and another day; then whatever else lies near
  return {
    together,
    apart: distinct([...waits.filter(hasHeld).slice(0, 1), ...runs.slice(0, 1), ...elsewhere.slice(0, 1), ...runs]),
  };
}

function proposeSeats(loaded: LoadedQuestion, held: Held, people: number): FamilyProposal {
  const asked = withoutOwnSeats(askedOf(loaded, held, "any", people), held);
  const around = { from: held.start - daysAround * dayMs, to: held.start + daysAround * dayMs };
  const seats = findTimes(asked, around).map((offer) => Array.from({ length: people }, () => visitOf(offer)));
  const together = seats.find((visits) => visits.every((visit) => sameVisit(visit, held))) ?? null;
  return { together, apart: together ? [] : distinct(nearest(seats, held)) };
}

/**
 * Everything each visit of a set takes, or null when the set cannot be had. A run of one practitioner is one stretch and
 * keeps its resources, those who come at the same time share out what there is; anything else is taken visit by visit,
 * each beside those before it.
 */
export function assignFamily(
  loaded: LoadedQuestion,
  visits: readonly FamilyVisit[],
  minutes: number,
): AssignedVisit[] | null {
  const taken =
    runOf(loaded, visits, minutes) ?? sideBySide(loaded, visits, minutes) ?? oneByOne(loaded, visits, minutes);
  return (
    taken &&
    taken.map(({ start, resources }) => ({
      start,
      practitionerId: resources[0] ?? "",
      minutes,
      resources: occupiedBy(loaded.service, resources, minutes),
    }))
  );
}

/** The one stretch that all of a family sits in, or null where there are fewer seats. */
export function assignSeats(
  { availability, service }: LoadedQuestion,
  { start, practitionerId }: FamilyVisit,
  minutes: number,
  people: number,
): Occupied[] | null {
  const asked = questionOf(availability, service, practitionerId, { minutes, seats: people });
  const [offer] = findTimes(asked, { from: start, to: start + 1 });
  return offer ? occupiedBy(service, offer.resources, minutes) : null;
}

function runOf(loaded: LoadedQuestion, visits: readonly FamilyVisit[], minutes: number): Offer[] | null {
  const [first] = visits;
  if (!first || visits.some(({ practitionerId }) => practitionerId !== first.practitionerId)) return null;
  const { availability, service } = loaded;
  const asked = questionOf(availability, service, first.practitionerId, { minutes });
  const members = visits.map(() => ({ minutes }));
  const [run] = findFamilyTimes(asked, { from: first.start, to: first.start + 1 }, { members, mode: "back_to_back" });
  return run?.visits.every(({ start }, index) => start === visits[index]?.start) ? run.visits : null;
}

function sideBySide(loaded: LoadedQuestion, visits: readonly FamilyVisit[], minutes: number): Offer[] | null {
  const start = visits[0]?.start ?? 0;
  if (visits.some((visit) => visit.start !== start)) return null;
  const { availability, service } = loaded;
  const asked = visits.map(({ practitionerId }) => questionOf(availability, service, practitionerId, { minutes }));
  return aside(asked, { start, minutes });
}

/**
 * A visit for each question, all at one start: people, rooms and devices are shared out among all of them at once, not
 * first come, first served.
 */
function aside(questions: readonly Question[], { start, minutes }: { start: number; minutes: number }): Offer[] | null {
  const [first] = questions;
  if (!first) return null;
  const everything = new Map(
    questions.flatMap(({ resources }) => resources).map((resource) => [resource.id, resource]),
  );
  const [offer] = findTimes(
    {
      ...first,
      resources: [...everything.values()],
      needs: questions.flatMap(({ needs }) => needs ?? []),
      adds: { count: questions.length, minutes: questions.length * minutes },
    },
    { from: start, to: start + 1 },
  );
  if (!offer) return null;
  const each = offer.resources.length / questions.length;
  return questions.map((_, i) => ({ start, resources: offer.resources.slice(i * each, (i + 1) * each) }));
}

function oneByOne(loaded: LoadedQuestion, visits: readonly FamilyVisit[], minutes: number): Offer[] | null {
  const { availability, service } = loaded;
  const offers: Offer[] = [];
  // Resources are filled as visits take them; who is asked for differs from visit to visit.
  let { resources } = questionOf(availability, service, "any", { minutes });
  for (const { start, practitionerId } of visits) {
    const asked = { ...questionOf(availability, service, practitionerId, { minutes }), resources };
    const [offer] = findTimes(asked, { from: start, to: start + 1 });
    if (!offer) return null;
    resources = withBooked(asked, offer, `family ${offers.length}`).resources;
    offers.push(offer);
  }
  return offers;
}

function askedOf(loaded: LoadedQuestion, held: Held, who: string, seats = 1): Question {
  const { availability, service } = loaded;
  const asked = questionOf(availability, service, who, { minutes: held.minutes, seats });
  return held.bookingIds.reduce(withoutBooking, asked);
}

/**
 * The session a set sits in as if none of it sat there. What was loaded leaves out the seat of the booking that was asked
 * with; the others of its set are counted out here.
 */
function withoutOwnSeats(question: Question, { start, practitionerId, bookingIds }: Held): Question {
  const others = bookingIds.length - 1;
  const own = question.resources
    .find(({ id }) => id === practitionerId)
    ?.busy.find((busy) => busy.seats && busy.from === start && busy.service === question.service.id);
  const left = own?.seats && { ...own.seats, taken: own.seats.taken - others };
  if (!own || !left || others < 1) return question;
  const resources = question.resources.map((resource) => ({
    ...resource,
    busy: resource.busy.flatMap((busy) => {
      if (busy.booking !== own.booking) return [busy];
      return left.taken > 0 ? [{ ...busy, seats: left }] : [];
    }),
  }));
  return { ...question, resources };
}

function visitsOf({ visits }: FamilyOffer): FamilyVisit[] {
  return visits.map(visitOf);
}

/** Offers give the practitioner first. */
function visitOf({ start, resources }: Offer): FamilyVisit {
  return { start, practitionerId: resources[0] ?? "" };
}

function sameVisit(a: FamilyVisit, b: FamilyVisit): boolean {
  return a.start === b.start && a.practitionerId === b.practitionerId;
}

function nearest(sets: readonly FamilyVisit[][], { start }: Held): FamilyVisit[][] {
  const distance = (visits: FamilyVisit[]) => Math.abs((visits[0]?.start ?? 0) - start);
  return [...sets].sort((a, b) => distance(a) - distance(b));
}

/** No two sets that begin at the same time. */
function distinct(sets: readonly FamilyVisit[][]): FamilyVisit[][] {
  const begun = new Set<number>();
  const found: FamilyVisit[][] = [];
  for (const visits of sets) {
    const start = visits[0]?.start ?? 0;
    if (found.length === mostApart || begun.has(start)) continue;
    begun.add(start);
    found.push(visits);
  }
  return found;
}
