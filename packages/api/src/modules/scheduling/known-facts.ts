import { LRUCache } from "lru-cache";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import { daysInHand, type Reads } from "./availability.repo.ts";
import { type Facts, loadFacts } from "./facts.repo.ts";

/** One practitioner, or null for everyone who gives the service. */
type Asked = { serviceId: string; practitionerId: string | null };
type Known = { facts: Facts; at: number };

/** Estimated at one and a half kilobytes each, not measured. */
const most = 20_000;
/** A clinic with hundreds of exceptions, or with as many people, is read anew instead of kept. */
const mostExceptions = 100;
const mostPeople = 20;
/** Within the days that were read beyond the horizon. */
const longestMs = (daysInHand - 1) * 24 * 60 * 60_000;

const known = new WeakMap<Services, LRUCache<string, Known>>();

/**
 * The facts of an earlier read. They may be out of date: whoever writes on them names their version, and the database
 * refuses when it has moved on (`stale`). So nothing has to tell this memory of a change, and a lost message can do no
 * harm. Good for a yes only; a no is always read anew.
 */
export function recallFacts(work: Work, asked: Asked): Facts | null {
  const found = known.get(work.s)?.get(keyOf(work, asked));
  if (!found) return null;
  const passed = performance.now() - found.at;
  return { ...found.facts, now: Math.floor(found.facts.now + passed) };
}

/** Reads the facts and keeps them. */
export async function readFacts(work: Work, asked: Asked): Promise<Facts | null> {
  return inTenant(work, (db) => readFactsBy(db, work, asked));
}

/** The same by a client that is open already. */
export async function readFactsBy(db: Reads, work: Work, asked: Asked): Promise<Facts | null> {
  const facts = await loadFacts(db, { clinicId: work.clinicId, ...asked });
  if (facts?.service && isSmall(facts)) keep(work, asked, facts);
  return facts;
}

/** Forgets facts that were found out of date. */
export function forgetFacts(work: Work, asked: Asked): void {
  known.get(work.s)?.delete(keyOf(work, asked));
}

function keep(work: Work, asked: Asked, facts: Facts): void {
  const all = known.get(work.s) ?? new LRUCache<string, Known>({ max: most, ttl: longestMs });
  known.set(work.s, all);
  all.set(keyOf(work, asked), { facts, at: performance.now() });
}

function isSmall({ practitioners, resources, closures }: Facts): boolean {
  const people = practitioners.length + resources.length;
  if (practitioners.length === 0 || people > mostPeople) return false;
  const calendars = [...practitioners, ...resources];
  const exceptions = calendars.reduce(
    (sum, { rules, leave }) => sum + (rules?.overrides.length ?? 0) + leave.length,
    0,
  );
  return exceptions + closures.length <= mostExceptions;
}

function keyOf(work: Work, asked: Asked): string {
  return `${work.clinicId}|${asked.serviceId}|${asked.practitionerId ?? "any"}`;
}
