import { isSlotTaken } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import {
  type Facts,
  fairest,
  findAnswer,
  forgetFacts,
  isSimple,
  lengthsOf,
  loadAvailability,
  type OfferedService,
  onceMoreOnKeyRace,
  readFacts,
  recallFacts,
  replay,
  spanAround,
} from "../../scheduling/index.ts";
import { nearestTimes } from "../times/nearest-times.ts";
import { checkOpen, checkPerson, type Open } from "./offered.ts";
import { takeVisit } from "./take-visit.ts";
import type { Taken, TakenAnswer, Wish } from "./wish.ts";
import { writeTaken } from "./write-taken.ts";

export type TakeOptions = {
  /** settles when the caller's budget allows the try; looked at before anything is told or written */
  admitted?: Promise<void> | undefined;
};

type Lost = "slot_taken" | "not_offered";
/**
 * Who could take the time, best first; or what was answered before; or that more than one person's time decides, so that
 * it is decided under the locks.
 */
type Choice = { able: Open[]; lost: Lost } | { before: TakenAnswer } | { decide: "locked" };

/** Facts that change faster than they can be written on are a quarrel, not a race. */
const rounds = 4;
/** Minutes around the start in which the bookings of the day lie that the fair choice counts. */
const wholeDay = 26 * 60;

/**
 * Takes a time for someone, or refuses with the nearest free ones. Where one person's time is all that decides, it is
 * decided on facts read before and written by one statement that queues for that time and writes only if facts and time
 * still stand. Everything else goes to `takeVisit`.
 */
export async function takeTime(work: Work, wish: Wish, options: TakeOptions = {}): Promise<Taken> {
  for (let round = 0; round < rounds; round++) {
    const choice = await admittedChoice(choose(work, wish, round === 0), options.admitted);
    if ("before" in choice) return { answer: choice.before, row: null, clash: false };
    if ("decide" in choice) return takeVisit(work, wish);
    const end = await takeFromFirst(work, wish, choice);
    if (end === "stale") continue;
    if (typeof end !== "string") return end;
    const { serviceId, who, start, minutes } = wish;
    throw refuse(end, { alternatives: await nearestTimes(work, { serviceId, who, start, minutes }) });
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
  return (recalled && yesOn(recalled, wish)) ?? answeredOr(work, wish, await readFacts(work, asked));
}

/** Whom the facts let have the time, by the patient's rules; null when they say no. */
function yesOn(facts: Facts, wish: Wish): Choice | null {
  if (facts.clinic.status !== "live" || !facts.person || !facts.service) return null;
  const open = checkOpen(facts);
  if (!isShort(open.service, wish)) return { decide: "locked" };
  return checkPerson(open, wish.start, { minutes: wish.minutes }).ok ? { able: [open], lost: "slot_taken" } : null;
}

/** One statement writes it: one person's time decides, and there is nothing to write but booking and patient. */
function isShort(service: OfferedService, wish: Wish): boolean {
  const known = wish.minutes === undefined || wish.bookedBy === "staff" || lengthsOf(service).includes(wish.minutes);
  return isSimple(service) && known && wish.dependant === null;
}

/** What fresh facts say; a key that was used before is answered as then, whatever has become of the clinic. */
async function answeredOr(work: Work, wish: Wish, facts: Facts | null): Promise<Choice> {
  const yes = facts && yesOn(facts, wish);
  if (yes) return yes;
  const stored = await inTenant(work, (db) => findAnswer<TakenAnswer>(db, work.clinicId, wish.key));
  const before = replay(stored, wish.inputHash);
  if (before) return { before };
  if (facts && isPractice(facts, wish)) return { decide: "locked" };
  checkOpen(facts);
  // Staff are not bound by notice, horizon and grid; beyond the horizon the facts know too little to say so.
  return wish.bookedBy === "staff" ? { decide: "locked" } : { able: [], lost: "not_offered" };
}

/** Staff try the clinic out before it is open to patients. */
function isPractice({ clinic }: { clinic: { status: string } }, { bookedBy }: Wish): boolean {
  return clinic.status === "practice" && bookedBy === "staff";
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
  if (isPractice(a, wish)) return { decide: "locked" };
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  const [service] = a.services;
  if (!service) throw refuse("not_found");
  if (!isShort(service, wish)) return { decide: "locked" };
  const wanted = { minutes: wish.minutes };
  const free = a.practitioners.filter((person) => checkPerson({ ...a, service, person }, wish.start, wanted).ok);
  // A patient's own hold from before may be what is in the way, and staff may go past what offers no time.
  if (free.length === 0 && (wish.holder || wish.bookedBy === "staff")) return { decide: "locked" };
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
      return { answer: replay(written.stored, wish.inputHash) as TakenAnswer, row: null, clash: false };
    }
    forgetFacts(work, { serviceId: wish.serviceId, practitionerId: open.person.id });
    return "stale";
  } catch (error) {
    // The constraint said no: somebody got in by a way that does not queue.
    if (isSlotTaken(error)) return "slot_taken";
    throw error;
  }
}
