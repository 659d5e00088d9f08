import { type BookingState, canCancel, cancelUntil, isHoldExpired } from "@pulsecal/core";
import type { BookingRow } from "./booking.repo.ts";
import type { BookingView, StaffBooking } from "./booking.schema.ts";

const cancellable: readonly BookingState[] = ["requested", "awaiting_payment", "confirmed"];

/** Whether a hold has run out by the database's clock, swept or not. */
export function isLapsed(row: BookingRow): boolean {
  const holdExpiresAt = row.holdExpiresAt?.getTime() ?? null;
  return row.state === "held" && isHoldExpired({ holdExpiresAt }, row.now.getTime());
}

/** What the holder of a booking's link sees of it. */
export function viewOf(row: BookingRow): BookingView {
  const state = isLapsed(row) ? "expired" : row.state;
  const verdict = canCancel({ state, startsAt: row.startsAt.getTime() }, row, row.now.getTime(), "patient");
  const until = cancellable.includes(state) ? new Date(cancelUntil(row.startsAt.getTime(), row)) : null;
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
    sequence: row.sequence,
  };
}

/** The same as staff lists show it. */
export function staffViewOf(row: BookingRow): StaffBooking {
  const { id, ref, state, patientName, serviceName, practitionerId, practitionerName, bookedBy, createdAt } = row;
  return {
    id,
    ref,
    state,
    start: row.startsAt,
    end: row.endsAt,
    patientName,
    serviceName,
    practitionerId,
    practitionerName,
    bookedBy,
    createdAt,
  };
}
