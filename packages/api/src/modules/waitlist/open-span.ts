import { fits, type Span } from "@pulsecal/core";
import type { TenantDb } from "@pulsecal/db";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import type { EventOf, Outcome } from "../../jobs/catalog.ts";
import { recordDone } from "../../jobs/inbox.repo.ts";
import { inBookingTx } from "../booking/index.ts";
import {
  findPractitioners,
  loadQuestion,
  type LoadedQuestion,
  type OfferedService,
  offeredTimes,
} from "../scheduling/index.ts";
import { asWaiting, type Entry, findEntries } from "./entries.repo.ts";
import { type Freed, openGaps, putGap, resourcesAround } from "./gaps.repo.ts";
import { quietMs } from "./open-gap.ts";
import { lookAgain, tellGap } from "./tell.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How far ahead new times are looked for. */
const reachMs = 62 * dayMs;
/** Gaps that one change makes with one practitioner; whoever is left over is asked when one of them is passed on. */
const mostGaps = 20;

/**
 * There may be times that were not there before: leave or a closure was shortened or taken away, hours became longer.
 * Each person who waits, in the fair order, gets a gap of their own among the new times that suit them; from there it goes
 * as with any gap, after the three minutes in which the desk may take the change back. Gaps that lie where nobody is any
 * more get another look, which ends them. Running twice makes no gap twice.
 */
export async function openSpan(work: Work, event: EventOf<"open_span">): Promise<Outcome> {
  const { clinicId } = work;
  const { resourceId, from, to, opened } = event.payload;
  const asked = (opened ?? (from && to ? [{ from, to }] : [])).map(spanOf);
  const now = work.s.now().getTime();
  const spans = asked.filter((span) => span.to > now && span.from < now + reachMs);
  const people = await inTenant(work, (db) => findPractitioners(db, clinicId));
  let made = 0;
  for (const { id } of people) {
    if (resourceId !== undefined && resourceId !== id) continue;
    const { gaps, stale } = await inTenant(work, async (db) => ({
      gaps: spans.length === 0 ? [] : await gapsIn(db, clinicId, { practitionerId: id, spans, now }),
      stale: (await openGaps(db, clinicId)).filter((gap) => gap.practitionerId === id).map((gap) => gap.id),
    }));
    if (gaps.length + stale.length === 0) continue;
    const resourceIds = await inTenant(work, (db) => resourcesAround(db, clinicId, id));
    await inBookingTx(work, { resourceIds, key: null }, async (tx, at) => {
      for (const gapId of stale) await lookAgain(tx, work, gapId);
      for (const freed of gaps) {
        const gap = await putGap(tx, clinicId, freed);
        if (gap.made) await tellGap(tx, work, gap.id, freed.startsAt);
        await lookAgain(tx, work, gap.id, new Date(at + quietMs));
      }
      return null;
    });
    made += gaps.length;
  }
  await inTx(work, (tx) => recordDone(tx, { clinicId, eventId: event.id, effect: "open_span" }));
  return { did: `gaps: ${made}` };
}

function spanOf({ from, to }: { from: string; to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

/** New times with a practitioner, one for each who waits and whom one suits; nobody's overlaps another's. */
async function gapsIn(
  db: TenantDb,
  clinicId: string,
  { practitionerId, spans, now }: { practitionerId: string; spans: readonly Span[]; now: number },
): Promise<Freed[]> {
  // A visit that ends in a new span may have begun before it.
  const from = Math.max(now, Math.min(...spans.map((span) => span.from)) - dayMs);
  const window = { from, to: Math.min(now + reachMs, Math.max(...spans.map((span) => span.to))) };
  const entries = (await findEntries(db, clinicId, { practitionerId })).filter(canBeAsked);
  const services = new Map<string, NewTimes | null>();
  const gaps: Freed[] = [];
  const claimed: Span[] = [];
  // Urgency, then who asked first: the order of a single gap, which puts whoever fits best first, comes with its turn.
  for (const entry of entries.toSorted((a, b) => b.urgency - a.urgency || a.since.getTime() - b.since.getTime())) {
    if (gaps.length === mostGaps) break;
    const { serviceId } = entry;
    if (!services.has(serviceId)) {
      const loaded = await loadQuestion(db, { clinicId, serviceId, who: practitionerId, window });
      services.set(serviceId, loaded && newTimesOf(loaded, window, spans));
    }
    const times = services.get(serviceId);
    const visit = times && firstThatSuits(times, entry, { practitionerId, claimed });
    if (!visit) continue;
    const { bufferBefore, bufferAfter } = times.service;
    claimed.push({ from: visit.from - bufferBefore * minuteMs, to: visit.to + bufferAfter * minuteMs });
    gaps.push({ practitionerId, startsAt: new Date(visit.from), endsAt: new Date(visit.to) });
  }
  return gaps;
}

/** Who cannot be asked by mail is offered what staff see. */
function canBeAsked({ busy, again, silent }: Entry): boolean {
  return !busy && !again && !silent;
}

/** The visits of a service that are offered now and need some of the new spans, by their start. */
type NewTimes = { service: OfferedService; zone: string; visits: Span[] };

function newTimesOf({ availability: a, service }: LoadedQuestion, window: Span, spans: readonly Span[]): NewTimes {
  const visits = offeredTimes(a, service, window)
    .map(({ start }) => ({ from: start, to: start + service.minutes * minuteMs }))
    .filter((visit) => spans.some((span) => meet(visit, span)));
  return { service, zone: a.clinic.zone, visits };
}

/** The first of them that suits the person and is nobody else's. */
function firstThatSuits(
  { zone, visits }: NewTimes,
  entry: Entry,
  { practitionerId, claimed }: { practitionerId: string; claimed: readonly Span[] },
): Span | null {
  const waiting = asWaiting(entry, zone);
  const serviceIds = [entry.serviceId];
  const suits = (visit: Span) => fits(waiting, { id: "", practitionerId, serviceIds, ...visit }, zone);
  return visits.find((visit) => !claimed.some((span) => meet(visit, span)) && suits(visit)) ?? null;
}

const meet = (a: Span, b: Span) => a.from < b.to && a.to > b.from;
