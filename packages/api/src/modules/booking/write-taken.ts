import { randomBytes } from "node:crypto";
import { bookingRef } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import type { Bookable } from "../scheduling/index.ts";
import { holdDueEvent, type Place, placeEvent, reminderEvents } from "./booking.live.ts";
import { type BookingRow, insertBooking, type NewPatient } from "./booking.repo.ts";
import { blockOf, type Open } from "./offered.ts";
import type { Trail } from "./trail.repo.ts";
import type { Guest, Taken, TakenAnswer, Wish } from "./wish.ts";

const minuteMs = 60_000;
/** How long a time is kept for someone who is still typing. */
const holdMs = 10 * minuteMs;

/** Writes the booking or hold that was decided on, with everything that stands beside it. */
export async function writeTaken(
  tx: TenantTx,
  work: Work,
  wish: Wish,
  found: Open & { person: Bookable },
): Promise<Taken> {
  const row = newRow(wish, found);
  const place = placeOf(row);
  const expiresAt = row.holdExpiresAt?.toISOString() ?? null;
  const answer: TakenAnswer = {
    bookingId: row.id,
    practitionerId: row.practitionerId,
    start: place.startsAt,
    expiresAt,
  };
  const trail: Trail = {
    actor: work.actor,
    requestId: work.requestId ?? null,
    events: expiresAt
      ? [placeEvent("booking.held", place), holdDueEvent(row.id, expiresAt)]
      : [placeEvent("booking.confirmed", place), ...reminderEvents(place, found.a.now)],
    audits: [
      {
        action: wish.guest ? "booking.booked" : "booking.held",
        entityId: row.id,
        detail: { to: row.state, startsAt: place.startsAt },
      },
    ],
    answer: { key: wish.key, inputHash: wish.inputHash, answer },
  };
  await insertBooking(
    tx,
    work.clinicId,
    {
      ...place,
      id: row.id,
      ref: row.ref,
      tokenHash: hashToken(bookingToken(work.s.env.secret, work.clinicId, row.id)),
      patient: patientOf(row, wish.guest),
      serviceId: row.serviceId,
      practitionerId: row.practitionerId,
      state: wish.guest ? "confirmed" : "held",
      endsAt: row.endsAt.toISOString(),
      holdExpiresAt: expiresAt,
      reason: wish.guest?.reason ?? null,
      bookedBy: "patient",
      createdAt: row.createdAt.toISOString(),
    },
    trail,
  );
  return { answer, row };
}

/** The booking as it will be read back, so that the answer needs no second look. */
function newRow(wish: Wish, { a, service, person }: Open & { person: Bookable }): BookingRow {
  const now = new Date(a.now);
  const block = blockOf(service, wish.start);
  return {
    id: newId(),
    ref: bookingRef(randomBytes(8)),
    state: wish.guest ? "confirmed" : "held",
    startsAt: new Date(wish.start),
    endsAt: new Date(wish.start + service.minutes * minuteMs),
    holdExpiresAt: wish.guest ? null : new Date(a.now + holdMs),
    createdAt: now,
    bookedBy: "patient",
    sequence: 0,
    serviceId: service.id,
    serviceName: service.name,
    minutes: service.minutes,
    priceCents: BigInt(service.priceCents),
    practitionerId: person.id,
    practitionerName: person.name,
    address: person.address,
    patientId: wish.guest ? newId() : null,
    patientName: wish.guest?.name ?? null,
    clinicName: a.clinic.name,
    slug: a.clinic.slug,
    zone: a.clinic.zone,
    clinicStatus: a.clinic.status,
    phone: a.clinic.phone,
    cancelUntilMinutes: a.clinic.cancelUntilMinutes,
    blockedFrom: new Date(block.from),
    blockedTo: new Date(block.to),
    now,
  };
}

function patientOf(row: BookingRow, guest: Guest | null): NewPatient | null {
  if (!guest || row.patientId === null) return null;
  return { id: row.patientId, name: guest.name, email: guest.email, phone: guest.phone };
}

/** Where a booking stands, as its events tell it. */
export function placeOf(row: BookingRow): Place {
  return {
    bookingId: row.id,
    resourceIds: [row.practitionerId],
    startsAt: row.startsAt.toISOString(),
    blockedFrom: (row.blockedFrom ?? row.startsAt).toISOString(),
    blockedTo: (row.blockedTo ?? row.endsAt).toISOString(),
  };
}
