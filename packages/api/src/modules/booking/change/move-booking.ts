import { canReschedule, stateAfterMove } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { noteWritten } from "../../../infra/outbox.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { hashInput, replay, type Wanted } from "../../scheduling/index.ts";
import { byOf, type Pointer, pointedBooking } from "../booking-on-link.ts";
import { movedEvents, placeAt, placeOf } from "../booking.live.ts";
import type { MoveInput, StaffMoveInput } from "../booking.schema.ts";
import { type BookingRow, findBooking, findBookings } from "../booking.repo.ts";
import { isLapsed, minutesOf } from "../booking-view.ts";
import { candidateResources } from "../take/candidates.repo.ts";
import { type Decided, decideVisit } from "../take/decide-visit.ts";
import { inBookingTx, type Once, untilUnchanged } from "../in-booking-tx.ts";
import { orAlternatives } from "../take/lost-time.ts";
import { type BookingTarget, leaveSeat, writeMove } from "./move.repo.ts";
import { takeSeats } from "../sets/take-seats.ts";
import { ChangedMeanwhile, NotOffered } from "../slot-taken.ts";
import { hasPractitioner } from "../desk/staff-booking.repo.ts";

/**
 * The holder of a booking's link moves it to another offered time; where the clinic approves by hand they ask again.
 * `admitted` settles when their budget allows the try.
 */
export async function moveByPatient(
  work: Work,
  input: MoveInput,
  { admitted }: { admitted?: Promise<void> } = {},
): Promise<BookingRow> {
  await admitted;
  const { token, start, who, key } = input;
  const once = { key, inputHash: hashInput(work.s.env.secret, "booking.move", input) };
  return moveBooking(work, { token }, { start: start.getTime(), who, by: "patient" }, once);
}

/** Staff drag it, make it longer or shorter, or choose its new place from a list. */
export function moveByStaff(work: Work, input: StaffMoveInput): Promise<BookingRow> {
  const { bookingId, start, practitionerId: who, minutes, sequence, key } = input;
  const once = { key, inputHash: hashInput(work.s.env.secret, "staff.booking.move", input) };
  return moveBooking(work, { bookingId }, { start: start.getTime(), who, minutes, sequence, by: "staff" }, once);
}

/** Where somebody wants a booking. */
export type Move = {
  start: number;
  who: string;
  /** another length; the booking's own unless said */
  minutes?: number | undefined;
  by: "patient" | "staff";
  /** staff name the change they have seen; another one since is `changed_meanwhile` */
  sequence?: number | undefined;
};

/**
 * Moves a booking in one step: until it is saved the old time stays the patient's, and a lost race leaves everything as
 * it was. Rooms and devices move along. Staff are bound by neither notice, horizon, grid nor the patient's limit.
 * @throws refusals too_late_to_move, not_movable, same_time, changed_meanwhile; slot_taken and not_offered with
 * `{ alternatives, kept: true }`
 */
export async function moveBooking(work: Work, pointer: Pointer, move: Move, once: Once): Promise<BookingRow> {
  const bookingId = await untilUnchanged(() => moveOnce(work, pointer, move, once));
  return inTenant(work, (db) => pointedBooking(db, work.clinicId, { bookingId }));
}

async function moveOnce(work: Work, pointer: Pointer, move: Move, once: Once): Promise<string> {
  const { clinicId } = work;
  const found = await inTenant(work, (db) => findBooking(db, clinicId, byOf(pointer), once.key));
  if (!found) throw refuse("not_found");
  const { row, stored } = found;
  if (replay(stored, once.inputHash)) return row.id;
  const target = { serviceId: row.serviceId, who: move.who };
  const candidates = await inTenant(work, (db) => candidateResources(db, clinicId, target));
  // Staff may leave it with whoever has it, though that person does not give the service any more.
  const stays = move.by === "staff" && move.who === row.practitionerId;
  const given = move.who === "any" || stays || candidates.includes(move.who);
  const queuedFor = [...row.resourceIds, ...candidates];
  const run = async () => {
    if (!given) throw await whyNotGiven(work, move.who);
    await inBookingTx(work, { resourceIds: queuedFor, key: once }, async (tx, now) => {
      const fresh = await stillThere(tx, clinicId, row.id, queuedFor);
      await moveInTx(tx, work, { row: fresh, move, queuedFor }, now);
      return { bookingId: row.id };
    });
  };
  // Instead of a time on any minute, staff are shown times on the grid; instead of somebody who does not give it, anybody.
  const wanted = { ...wantedOf(row, move), anyMinute: false };
  const missed = { ...target, who: given ? move.who : "any", start: move.start, ...wanted };
  await orAlternatives(work, missed, run, { kept: true });
  return row.id;
}

/** The booking under the locks; one that holds other resources by now was not queued for. */
export async function stillThere(
  tx: TenantTx,
  clinicId: string,
  bookingId: string,
  queuedFor: readonly string[],
): Promise<BookingRow> {
  const [fresh] = await findBookings(tx, clinicId, [bookingId]);
  if (!fresh) throw refuse("not_found");
  if (!fresh.resourceIds.every((id) => queuedFor.includes(id))) throw new ChangedMeanwhile();
  return fresh;
}

/** A practitioner of the clinic who does not give the service; another clinic's is not found. */
async function whyNotGiven(work: Work, practitionerId: string): Promise<Error> {
  const known = await inTenant(work, (db) => hasPractitioner(db, work.clinicId, practitionerId));
  return known ? new NotOffered(["not_given"]) : refuse("not_found");
}

type MoveInTx = { row: BookingRow; move: Move; queuedFor: readonly string[] };

/** Decides a move on what stands under the locks, and writes it. */
async function moveInTx(tx: TenantTx, work: Work, { row, move, queuedFor }: MoveInTx, now: number): Promise<void> {
  checkMove(row, move, now);
  const wanted = { serviceId: row.serviceId, who: move.who, start: move.start, ...wantedOf(row, move), queuedFor };
  const decided = await decideVisit(tx, work.clinicId, wanted);
  if (move.by === "patient" && row.clinicStatus !== "live") throw refuse("not_bookable");
  const to = await targetOf(tx, work, { row, move, decided });
  const { assignment } = decided;
  const place = placeAt(row.id, assignment.start, assignment.resources);
  const xid = await writeMove(tx, work.clinicId, row, to, {
    events: movedEvents(placeOf(row), place, {
      byClinic: move.by === "staff",
      asksAgain: to.state !== row.state,
      now,
      ...to,
    }),
    audit: {
      action: "booking.moved",
      detail: {
        from: row.startsAt.toISOString(),
        to: place.startsAt,
        fromPractitioner: row.practitionerId,
        toPractitioner: to.practitionerId,
        minutes: to.minutes,
        by: move.by,
        ...(to.state !== row.state && { state: to.state }),
      },
    },
  });
  if (xid === null) throw new ChangedMeanwhile();
  noteWritten(tx, xid);
}

function checkMove(row: BookingRow, move: Move, now: number): void {
  if (isLapsed(row) || (move.by === "patient" && !row.offered)) throw refuse("not_movable");
  // Somebody is confirming the time they see, or was offered it: it is not the desk's to change under them.
  if (move.by === "staff" && row.state === "held") throw refuse("not_movable");
  if (move.sequence !== undefined && move.sequence !== row.sequence) {
    throw refuse("changed_meanwhile", { sequence: row.sequence });
  }
  const sameWho = move.who === "any" || move.who === row.practitionerId;
  const to = { startsAt: move.start, resourceIds: sameWho ? row.resourceIds : [] };
  const booking = { ...row, startsAt: row.startsAt.getTime(), movedByClinic: row.movedFrom !== null };
  const verdict = canReschedule(booking, to, row, { now, by: move.by });
  const resized = move.minutes !== undefined && move.minutes !== minutesOf(row);
  if (!verdict.ok && !(verdict.why === "same_time" && resized)) throw refuse(verdict.why);
}

/** What the engine is asked of a booking that moves: its own length, as if it were not there; what stands stays movable. */
function wantedOf(row: BookingRow, { minutes, by }: Pick<Move, "minutes" | "by">): Wanted {
  const own = { minutes: minutes ?? minutesOf(row), without: row.id };
  return by === "staff" ? { ...own, standing: true, unbound: true, anyMinute: true } : own;
}

async function targetOf(
  tx: TenantTx,
  work: Work,
  { row, move, decided }: { row: BookingRow; move: Move; decided: Decided },
): Promise<BookingTarget> {
  const { assignment, service } = decided;
  const { practitionerId, start, minutes, resources } = assignment;
  const state = stateAfterMove(row, move.by);
  // A request waits until its time comes, wherever that is now.
  const holdExpiresAt = state === "requested" ? new Date(start) : row.holdExpiresAt;
  const to = { practitionerId, start, minutes, state, holdExpiresAt, movedFrom: movedFromOf(row, move) };
  if (row.seatNo === null) return { ...to, resources, seat: null };
  await leaveSeat(tx, work.clinicId, row.id);
  const [seat] = await takeSeats(tx, work, { service, practitionerId, start, minutes, resources, wanted: 1 });
  return { ...to, resources: [], seat: seat ?? null };
}

/** A patient whom the clinic moved twice is still asked about where they had been; a new length is no other time. */
function movedFromOf(row: BookingRow, { by, start }: Move): Date | null {
  if (by === "patient") return null;
  const first = row.movedFrom ?? row.startsAt;
  return first.getTime() === start ? null : first;
}
