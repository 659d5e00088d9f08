import { inTenant, type Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import { daysInHand, type Facts, loadFacts } from "./facts.repo.ts";

type Asked = { serviceId: string; practitionerId: string };
type Known = { facts: Facts; at: number };

/** Estimated at one and a half kilobytes each, not measured. */
const most = 20_000;
/** A clinic with hundreds of exceptions is read anew instead of kept. */
const mostExceptions = 100;
/** Within the days that were read beyond the horizon. */
const longestMs = (daysInHand - 1) * 24 * 60 * 60_000;

const known = new WeakMap<Services, Map<string, Known>>();

/**
 * The facts of an earlier read. They may be out of date: whoever writes on them names their version, and the database
 * refuses when it has moved on (`stale`). So nothing has to tell this memory of a change, and a lost message can do no
 * harm. Good for a yes only; a no is always read anew.
 */
export function recallFacts(work: Work, asked: Asked): Facts | null {
  const all = known.get(work.s);
  const key = keyOf(work, asked);
  const found = all?.get(key);
  if (!all || !found) return null;
  all.delete(key);
  const passed = performance.now() - found.at;
  if (passed > longestMs) return null;
  // put back as the youngest, so that what nobody asks for is the first to go
  all.set(key, found);
  return { ...found.facts, now: Math.floor(found.facts.now + passed) };
}

/** Reads the facts and keeps them. */
export async function readFacts(work: Work, asked: Asked): Promise<Facts | null> {
  const facts = await inTenant(work, (db) => loadFacts(db, { clinicId: work.clinicId, ...asked }));
  if (facts?.person && exceptionsOf(facts.person) <= mostExceptions) keep(work, asked, facts);
  return facts;
}

/** Forgets facts that were found out of date. */
export function forgetFacts(work: Work, asked: Asked): void {
  known.get(work.s)?.delete(keyOf(work, asked));
}

function keep(work: Work, asked: Asked, facts: Facts): void {
  const all = known.get(work.s) ?? new Map<string, Known>();
  known.set(work.s, all);
  all.set(keyOf(work, asked), { facts, at: performance.now() });
  if (all.size <= most) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}

function exceptionsOf(person: NonNullable<Facts["person"]>): number {
  return person.rules.overrides.length + person.leave.length;
}

function keyOf(work: Work, asked: Asked): string {
  return `${work.clinicId}|${asked.serviceId}|${asked.practitionerId}`;
}
