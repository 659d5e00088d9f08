import { isSlotTaken } from "@pulsecal/db";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import {
  type Availability,
  fairest,
  loadAvailability,
  lockResources,
  type LockResources,
  onceMoreOnKeyRace,
  peopleFor,
  replay,
  spanAround,
} from "../scheduling/index.ts";
import { nearestTimes } from "./nearest-times.ts";
import { checkOpen, checkPerson } from "./offered.ts";
import { sweepUnderLock } from "./sweep-holds.ts";
import type { Taken, TakenAnswer, Wish } from "./wish.ts";
import { writeTaken } from "./write-taken.ts";

export type TakeOptions = {
  /** how the queue for a resource is joined; a test may leave it out to prove that it is needed */
  lock?: LockResources;
};

type Lost = "slot_taken" | "not_offered";
type Attempt = { taken: Taken } | { taken: null; lost: Lost };

/** Minutes around the start that can matter: the longest service with its buffers, or the day whose bookings are counted. */
const closeBy = 16 * 60;
const wholeDay = 26 * 60;

/** Takes a time for someone, or refuses with the nearest free ones. Of several people the fairest choice is tried first. */
export async function takeTime(work: Work, wish: Wish, options: TakeOptions = {}): Promise<Taken> {
  const { before, people } = wish.who === "any" ? await whoCould(work, wish) : { before: null, people: [wish.who] };
  if (before) return { answer: before, row: null };
  let lost: Lost = "slot_taken";
  for (const practitionerId of people) {
    const attempt = await onceMoreOnKeyRace(() => takeFrom(work, wish, practitionerId, options.lock ?? lockResources));
    if (attempt.taken) return attempt.taken;
    lost = attempt.lost;
  }
  throw refuse(lost, { alternatives: await nearestTimes(work, wish) });
}

/** Who could take the time, best first. This is read before the locks; what counts is decided under them. */
async function whoCould(work: Work, wish: Wish): Promise<{ before: TakenAnswer | null; people: string[] }> {
  const q = {
    clinicId: work.clinicId,
    serviceId: wish.serviceId,
    practitionerId: null,
    window: spanAround(wish.start, wholeDay),
    key: wish.key,
  };
  const a = await inTenant(work, (db) => loadAvailability(db, q));
  const before = answeredBefore(a, wish);
  if (before) return { before, people: [] };
  const open = checkOpen(a);
  const free = peopleFor(open.a, open.service).filter((person) => checkPerson(open, person, wish.start).ok);
  return { before: null, people: fairest(free, wish.start, open.a.clinic.zone).map((person) => person.id) };
}

/** One try to take the time from one person: queue, look, decide, write. */
async function takeFrom(work: Work, wish: Wish, practitionerId: string, lock: LockResources): Promise<Attempt> {
  const q = {
    clinicId: work.clinicId,
    serviceId: wish.serviceId,
    practitionerId,
    window: spanAround(wish.start, closeBy),
    key: wish.key,
  };
  try {
    return await inTx(work, async (tx) => {
      await lock(tx, work.clinicId, [practitionerId]);
      const a = await loadAvailability(tx, q);
      const before = answeredBefore(a, wish);
      if (before) return { taken: { answer: before, row: null } };
      const open = checkOpen(a);
      const person = open.a.practitioners[0];
      if (!person) throw refuse("not_found");
      const verdict = checkPerson(open, person, wish.start);
      if (!verdict.ok) return { taken: null, lost: verdict.why.includes("busy") ? "slot_taken" : "not_offered" };
      if (verdict.lapsedInTheWay) await sweepUnderLock(tx, work, [person.id]);
      return { taken: await writeTaken(tx, work, wish, { ...open, person }) };
    });
  } catch (error) {
    // The constraint said no: somebody got in by a way that does not queue.
    if (isSlotTaken(error)) return { taken: null, lost: "slot_taken" };
    throw error;
  }
}

function answeredBefore(a: Availability | null, wish: Wish): TakenAnswer | null {
  // What is stored under a key of this input was written by writeTaken.
  return replay(a?.stored ?? null, wish.inputHash) as TakenAnswer | null;
}
