import { type BookingState, canCancel, canReschedule, cancelUntil, isHoldExpired } from "@pulsecal/core";
import type { Work } from "../../infra/in-tx.ts";
import { bookingToken } from "../../infra/tokens.ts";
import type { BookingRow } from "./booking.repo.ts";
import type { BookingView, StaffBooking } from "./booking.schema.ts";

const cancellable: readonly BookingState[] = ["requested", "awaiting_payment", "confirmed"];
const movable: readonly BookingState[] = ["requested", "awaiting_payment", "confirmed"];

/** States that keep their time until an instant. */
const provisional: readonly BookingState[] = ["held", "requested", "awaiting_payment"];

/** Whether a hold or a request has run out by the database's clock, swept or not. */
export function isLapsed(row: Pick<BookingRow, "state" | "holdExpiresAt" | "now">): boolean {
  const holdExpiresAt = row.holdExpiresAt?.getTime() ?? null;
  return provisional.includes(row.state) && isHoldExpired({ holdExpiresAt }, row.now.getTime());
}

/** What the holder of a booking's link sees of it. */
export function viewOf(work: Work, row: BookingRow): BookingView {
  const state = isLapsed(row) ? "expired" : row.state;
  const movedByClinic = row.movedFrom !== null;
  const startsAt = row.startsAt.getTime();
  const verdict = canCancel({ state, startsAt, movedByClinic }, row, row.now.getTime(), "patient");
  const until = cancellable.includes(state) ? new Date(cancelUntil(startsAt, row, movedByClinic)) : null;
  return {
    ref: row.ref,
    state,
    start: row.startsAt,
    end: row.endsAt,
    holdExpiresAt: row.holdExpiresAt,
    service: { id: row.serviceId, name: row.serviceName, minutes: row.minutes, priceCents: Number(row.priceCents) },
    practitioner: { id: row.practitionerId, name: row.practitionerName },
    clinic: { name: row.clinicName, slug: row.slug, phone: row.phone, address: row.address, zone: row.zone },
    patientName: row.patientName,
    cancelUntil: until,
    canCancel: verdict.ok,
    ...movingOf(row, state),
    movedFrom: row.movedFrom,
    minutes: minutesOf(row),
    seat: seatOf(row),
    set: setOf(work, row),
    approval: row.needsApproval,
    sequence: row.sequence,
  };
}

/** A booking's own length, minutes; its service may have others. */
export function minutesOf(row: Pick<BookingRow, "startsAt" | "endsAt">): number {
  return Math.round((row.endsAt.getTime() - row.startsAt.getTime()) / 60_000);
}

function movingOf(row: BookingRow, state: BookingState): Pick<BookingView, "canMove" | "moveUntil"> {
  // Of a service that is not offered any more no other time can be found here; the clinic still can.
  if (!movable.includes(state) || !row.offered) return { canMove: false, moveUntil: null };
  const movedByClinic = row.movedFrom !== null;
  const booking = { ...row, state, startsAt: row.startsAt.getTime(), movedByClinic };
  // somewhere else, wherever that is
  const to = { startsAt: booking.startsAt + 60_000, resourceIds: [] };
  const { ok } = canReschedule(booking, to, row, { now: row.now.getTime(), by: "patient" });
  return { canMove: ok, moveUntil: new Date(cancelUntil(booking.startsAt, row, movedByClinic)) };
}

function seatOf({ seatNo, seatOf: of }: BookingRow): { no: number; of: number } | null {
  return seatNo === null || of === null ? null : { no: seatNo, of };
}

function setOf({ s, clinicId }: Work, { setKind, setOthers }: BookingRow): BookingView["set"] {
  if (setKind === null) return null;
  const others = (setOthers ?? []).map(({ id, name, start, ref }) => ({
    token: bookingToken(s.env.secret, clinicId, id),
    name,
    start: new Date(start),
    ref,
  }));
  return { kind: setKind, others };
}

/** The same as staff lists show it, for one that was booked just now: it has neither rooms nor a set. */
export function staffViewOf(row: BookingRow): StaffBooking {
  const { id, ref, state, bookedBy, createdAt, sequence, holdExpiresAt, squeezedIn, setId, setKind, movedFrom } = row;
  const { serviceId, serviceName, patientId, patientName, practitionerId, practitionerName, resourceIds } = row;
  return {
    id,
    ref,
    state,
    start: row.startsAt,
    end: row.endsAt,
    patientId,
    patientName,
    serviceId,
    serviceName,
    practitionerId,
    practitionerName,
    bookedBy,
    createdAt,
    sequence,
    holdExpiresAt,
    resourceIds,
    rooms: [],
    squeezedIn,
    setId,
    setKind,
    seat: seatOf(row),
    movedFrom,
  };
}
