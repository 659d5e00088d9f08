import { isSlotTaken } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import {
  fairest,
  findAnswer,
  forgetFacts,
  loadAvailability,
  onceMoreOnKeyRace,
  readFacts,
  recallFacts,
  replay,
  spanAround,
} from "../scheduling/index.ts";
import { nearestTimes } from "./nearest-times.ts";
import { checkOpen, checkPerson, type Open } from "./offered.ts";
import type { Taken, TakenAnswer, Wish } from "./wish.ts";
import { writeTaken } from "./write-taken.ts";

export type TakeOptions = {
  /** settles when the caller's budget allows the try; looked at before anything is told or written */
  admitted?: Promise<void> | undefined;
};

type Lost = "slot_taken" | "not_offered";
/** Who could take the time, best first; or what was answered before; or why nobody can. */
type Choice = { able: Open[]; lost: Lost } | { before: TakenAnswer };

/** Facts that change faster than they can be written on are a quarrel, not a race. */
const rounds = 4;
/** Minutes around the start in which the bookings of the day lie that the fair choice counts. */
const wholeDay = 26 * 60;

/**
 * Takes a time for someone, or refuses with the nearest free ones. Decided on facts read before, written by one
 * statement that queues for the person's time and writes only if those facts and the time still stand.
 */
export async function takeTime(work: Work, wish: Wish, options: TakeOptions = {}): Promise<Taken> {
  for (let round = 0; round < rounds; round++) {
    const choice = await admittedChoice(choose(work, wish, round === 0), options.admitted);
    if ("before" in choice) return { answer: choice.before, row: null };
    const end = await takeFromFirst(work, wish, choice);
    if (end === "stale") continue;
    if (typeof end !== "string") return end;
    throw refuse(end, { alternatives: await nearestTimes(work, wish) });
  }
  throw refuse("conflict");
}

/** The budget is asked while the database reads; whoever is over it learns nothing of what was found. */
async function admittedChoice(choosing: Promise<Choice>, admitted: Promise<void> | undefined): Promise<Choice> {
  const [admission, choice] = await Promise.allSettled([admitted, choosing]);
  if (admission.status === "rejected") throw admission.reason;
  if (choice.status === "rejected") throw choice.reason;
  return choice.value;
}

async function choose(work: Work, wish: Wish, recall: boolean): Promise<Choice> {
  if (wish.who === "any") return chooseAnyone(work, wish);
  const asked = { serviceId: wish.serviceId, practitionerId: wish.who };
  const recalled = recall ? recallFacts(work, asked) : null;
  // Facts from before are good for a yes: the write names their version. A no is said only on fresh ones.
  if (recalled?.clinic.status === "live") {
    const open = checkOpen(recalled);
    if (checkPerson(open, wish.start).ok) return { able: [open], lost: "slot_taken" };
  }
  return answeredOr(work, wish, await readFacts(work, asked));
}

/** What fresh facts say; a key that was used before is answered as then, whatever has become of the clinic. */
async function answeredOr(work: Work, wish: Wish, facts: Awaited<ReturnType<typeof readFacts>>): Promise<Choice> {
  if (facts?.clinic.status === "live" && facts.person) {
    const open = checkOpen(facts);
    if (checkPerson(open, wish.start).ok) return { able: [open], lost: "slot_taken" };
  }
  const stored = await inTenant(work, (db) => findAnswer<TakenAnswer>(db, work.clinicId, wish.key));
  const before = replay(stored, wish.inputHash);
  if (before) return { before };
  checkOpen(facts);
  return { able: [], lost: "not_offered" };
}

/** Of several people the fairest choice comes first; what counts is decided under the lock. */
async function chooseAnyone(work: Work, wish: Wish): Promise<Choice> {
  const { clinicId } = work;
  const window = spanAround(wish.start, wholeDay);
  const q = { clinicId, serviceId: wish.serviceId, practitionerId: null, window, key: wish.key };
  const a = await inTenant(work, (db) => loadAvailability(db, q));
  // What is stored under a key of this input was written by writeTaken.
  const before = replay(a?.stored ?? null, wish.inputHash) as TakenAnswer | null;
  if (before) return { before };
  if (!a) throw refuse("not_found");
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  const [service] = a.services;
  if (!service) throw refuse("not_found");
  const free = a.practitioners.filter((person) => checkPerson({ ...a, service, person }, wish.start).ok);
  return {
    able: fairest(free, wish.start, a.clinic.zone).map((person) => ({ ...a, service, person })),
    lost: "slot_taken",
  };
}

async function takeFromFirst(
  work: Work,
  wish: Wish,
  { able, lost }: { able: Open[]; lost: Lost },
): Promise<Taken | Lost | "stale"> {
  for (const open of able) {
    const end = await takeFrom(work, wish, open);
    if (end !== "slot_taken") return end;
  }
  return lost;
}

async function takeFrom(work: Work, wish: Wish, open: Open): Promise<Taken | "slot_taken" | "stale"> {
  try {
    const written = await onceMoreOnKeyRace(() => writeTaken(work, wish, open));
    if (written.status === "taken_now") return written.taken;
    if (written.status === "taken") return "slot_taken";
    if (written.status === "answered") {
      // It comes with what is stored; replay refuses a key that stands for something else.
      return { answer: replay(written.stored, wish.inputHash) as TakenAnswer, row: null };
    }
    forgetFacts(work, { serviceId: wish.serviceId, practitionerId: open.person.id });
    return "stale";
  } catch (error) {
    // The constraint said no: somebody got in by a way that does not queue.
    if (isSlotTaken(error)) return "slot_taken";
    throw error;
  }
}
