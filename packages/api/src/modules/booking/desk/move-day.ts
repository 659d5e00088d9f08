import { addDays, dayStart } from "@pulsecal/core";
import { inTenant, inTx, type Work } from "../../../infra/in-tx.ts";
import { refusalOf, refuse } from "../../../trpc/error-map.ts";
import { audit } from "../../audit/index.ts";
import {
  findAnswer,
  hashInput,
  loadAvailability,
  onceMoreOnKeyRace,
  replay,
  spanOfDays,
  storeAnswer,
} from "../../scheduling/index.ts";
import type { DayMoved, DayMoveInput, DayPlan, DayPlanInput, StaffBooking } from "../booking.schema.ts";
import { moveBooking } from "../change/move-booking.ts";
import type { Alternative } from "../times/nearest-times.ts";
import { type Displaced, type Known, planDay } from "./plan-day.ts";
import type { StaffWork } from "./staff-day.ts";
import { hasPractitioner, loadStaffBookings, staffBookingsBetween } from "./staff-booking.repo.ts";

/** What can still be moved, while it has not begun. */
const movable = new Set(["requested", "confirmed"]);
/** How far a new time is looked for. */
const reachDays = 14;

/** The visits of a practitioner's day with a time proposed for each; nothing is held until they are moved. */
export async function dayPlan(work: StaffWork, { practitionerId, date }: DayPlanInput): Promise<DayPlan> {
  const { clinicId } = work;
  const { zone } = work.clinic;
  const day = spanOfDays(date, 1, zone);
  const window = { from: day.from, to: dayStart(addDays(date, reachDays), zone) };
  return inTenant(work, async (db) => {
    if (!(await hasPractitioner(db, clinicId, practitionerId))) throw refuse("not_found");
    const all = await staffBookingsBetween(db, clinicId, day, practitionerId);
    const now = work.s.now();
    const bookings = all.filter(({ state, start }) => movable.has(state) && start > now);
    const known = new Map<string, Known>();
    for (const serviceId of new Set(bookings.map((booking) => booking.serviceId))) {
      const sources = await loadAvailability(db, { clinicId, serviceId, practitionerId: null, window, standing: true });
      const service = sources?.services[0];
      if (sources && service) known.set(serviceId, { sources, service });
    }
    const plan = planDay({ practitionerId, day }, displaced(bookings), known, window);
    return bookings.map((booking) => {
      const to = plan.get(booking.id) ?? null;
      return { booking, to: to && { start: new Date(to.start), practitionerId: to.practitionerId } };
    });
  });
}

/** One for each visit, and one for each group session: those who sit together stay together. */
function displaced(bookings: readonly StaffBooking[]): Displaced[] {
  const together = new Map<string, Displaced>();
  for (const { id, serviceId, start, end, seat } of bookings) {
    const key = seat === null ? id : `${serviceId} ${start.toISOString()} ${end.toISOString()}`;
    const session = together.get(key);
    if (session) session.bookingIds.push(id);
    else {
      const minutes = (end.getTime() - start.getTime()) / 60_000;
      together.set(key, { bookingIds: [id], serviceId, start: start.getTime(), minutes });
    }
  }
  return [...together.values()];
}

/** What is kept of a day that was moved: ids and times only. */
type Kept = {
  moved: string[];
  lost: { bookingId: string; why: string; alternatives: { start: string; practitionerId: string }[] }[];
};

/**
 * Moves a day's visits, each in a step of its own: one that loses its race stays where it is and is told what is free.
 * Sent again under the same key, what was moved is not moved again, also when the first try was cut off half way.
 */
export async function moveDay(work: Work, input: DayMoveInput): Promise<DayMoved> {
  const { clinicId } = work;
  const inputHash = hashInput(work.s.env.secret, "staff.days.move", input);
  const known = await inTenant(work, async (db) => {
    const before = replay(await findAnswer<Kept>(db, clinicId, input.key), inputHash);
    if (before) return before;
    const ids = [...new Set(input.moves.map(({ bookingId }) => bookingId))];
    const there = await loadStaffBookings(db, clinicId, ids);
    const whose = await hasPractitioner(db, clinicId, input.practitionerId);
    if (!whose || there.length < ids.length) throw refuse("not_found");
    return null;
  });
  const kept = known ?? (await keepAnswer(work, input, inputHash, await moveEach(work, input)));
  const lost = kept.lost.map((one) => ({
    ...one,
    alternatives: one.alternatives.map((time) => ({ ...time, start: new Date(time.start) })),
  }));
  return { moved: await inTenant(work, (db) => loadStaffBookings(db, clinicId, kept.moved)), lost };
}

async function moveEach(work: Work, { moves, key }: DayMoveInput): Promise<Kept> {
  const kept: Kept = { moved: [], lost: [] };
  for (const { bookingId, start, practitionerId, sequence } of moves) {
    const inputHash = hashInput(work.s.env.secret, "staff.days.move.one", { start, practitionerId, sequence });
    const move = { start: start.getTime(), who: practitionerId, sequence, by: "staff" } as const;
    try {
      await moveBooking(work, { bookingId }, move, { key: `${key}:${bookingId}`, inputHash });
      kept.moved.push(bookingId);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      // Only a lost time comes with alternatives; nearestTimes made them.
      const alternatives = (refusal.detail["alternatives"] ?? []) as Alternative[];
      const times = alternatives.map((time) => ({ ...time, start: time.start.toISOString() }));
      kept.lost.push({ bookingId, why: refusal.code, alternatives: times });
    }
  }
  return kept;
}

/** Keeps the answer; of two that were worked out at once under one key, the first counts. */
function keepAnswer(work: Work, input: DayMoveInput, inputHash: string, answer: Kept): Promise<Kept> {
  const { clinicId } = work;
  const { key, practitionerId, date } = input;
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const before = replay(await findAnswer<Kept>(tx, clinicId, key), inputHash);
      if (before) return before;
      const detail = { date, moved: answer.moved.length, lost: answer.lost.length };
      await audit(tx, work, { action: "day.moved", entity: "practitioner", entityId: practitionerId, detail });
      await storeAnswer(tx, clinicId, { key, inputHash, answer });
      return answer;
    }),
  );
}
