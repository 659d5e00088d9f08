import { randomBytes } from "node:crypto";
import { bookingRef } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { inOneWrite, type Work } from "../../../infra/in-tx.ts";
import { bookingToken, hashToken } from "../../../infra/tokens.ts";
import type { StoredAnswer } from "../../scheduling/index.ts";
import { holdDueEvent, placeEvent, placeOf, reminderEvents } from "../booking.live.ts";
import { type BookingRow, takeTimeOnce } from "../booking.repo.ts";
import { blockOf, type Open } from "./offered.ts";
import { sealGuest } from "./seal-told.ts";
import { holdMs } from "./visit.ts";
import type { Guest, Taken, TakenAnswer, Wish } from "./wish.ts";

const minuteMs = 60_000;

/** How the write ended; only `taken_now` wrote anything. */
export type Written =
  | { status: "taken_now"; taken: Taken }
  | { status: "answered"; stored: StoredAnswer<unknown> | null }
  | { status: "stale" | "taken" };

/** Writes the booking or hold that was decided on, with everything that stands beside it, in one flight. */
export async function writeTaken(work: Work, wish: Wish, open: Open): Promise<Written> {
  const row = newRow(wish, open);
  const sealed = await sealedGuest(work, row, wish.guest);
  const place = placeOf(row);
  const expiresAt = row.holdExpiresAt?.toISOString() ?? null;
  const answer: TakenAnswer = {
    bookingId: row.id,
    practitionerId: row.practitionerId,
    start: place.startsAt,
    expiresAt,
  };
  const { status, stored, clash } = await inOneWrite(work, (db) =>
    takeTimeOnce(
      db,
      work.clinicId,
      {
        ...row,
        tokenHash: tokenHashOf(work, row),
        ...sealed,
        holder: wish.holder,
      },
      {
        events: expiresAt
          ? [placeEvent("booking.held", place), holdDueEvent(row.id, expiresAt)]
          : [placeEvent("booking.confirmed", place), ...reminderEvents(place, open.now)],
        audit: {
          action: wish.guest ? "booking.booked" : "booking.held",
          detail: { to: row.state, startsAt: place.startsAt },
        },
        answer: { key: wish.key, inputHash: wish.inputHash, answer },
      },
    ),
  );
  if (status === "taken_now") return { status, taken: { answer, row, clash: clash ?? false } };
  return status === "answered" ? { status, stored } : { status };
}

/** The booking as it will be read back, so that the answer needs no second look. */
function newRow(wish: Wish, { version, now, clinic, service, person }: Open): BookingRow {
  const minutes = wish.minutes ?? service.minutes;
  const block = blockOf(service, wish.start, minutes);
  return {
    id: newId(),
    ref: bookingRef(randomBytes(8)),
    state: wish.guest ? "confirmed" : "held",
    startsAt: new Date(wish.start),
    endsAt: new Date(wish.start + minutes * minuteMs),
    holdExpiresAt: wish.guest ? null : new Date(now + holdMs),
    createdAt: new Date(now),
    bookedBy: wish.bookedBy,
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
    clinicName: clinic.name,
    slug: clinic.slug,
    zone: clinic.zone,
    clinicStatus: clinic.status,
    phone: clinic.phone,
    cancelUntilMinutes: clinic.cancelUntilMinutes,
    resourceIds: [person.id],
    needsApproval: false,
    asks: false,
    offered: true,
    given: true,
    movedFrom: null,
    squeezedIn: false,
    setId: null,
    setKind: null,
    setOthers: null,
    seatNo: null,
    seatOf: null,
    blockedFrom: new Date(block.from),
    blockedTo: new Date(block.to),
    version,
    now: new Date(now),
  };
}

function tokenHashOf(work: Work, row: BookingRow): string {
  return hashToken(bookingToken(work.s.env.secret, work.clinicId, row.id));
}

async function sealedGuest(work: Work, { id, patientId }: BookingRow, guest: Guest | null) {
  if (!guest || patientId === null) return { patient: null, reason: null };
  return sealGuest(work, { patientId, bookingId: id }, guest);
}
