import { randomBytes } from "node:crypto";
import { bookingRef } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../../infra/in-tx.ts";
import { noteWritten } from "../../../infra/outbox.ts";
import { bookingToken, hashToken } from "../../../infra/tokens.ts";
import { putPatients } from "../../records/index.ts";
import {
  type BookingAudit,
  type BookingEvent,
  holdDueEvent,
  placeAt,
  placeEvent,
  reminderEvents,
} from "../booking.live.ts";
import { type BookingRow, findBookings } from "../booking.repo.ts";
import { sealVisits } from "./seal-told.ts";
import type { Visit } from "./visit.ts";
import { insertVisits } from "./visits.repo.ts";

/**
 * Writes bookings that were decided on, all or nothing: booking, what it occupies, patient and key, event and audit row.
 * Called inside `inBookingTx`, which has queued for every resource of every visit; that the times are free was looked at
 * there, and the constraint proves it. Returns the bookings as read back, in the order of the visits.
 * @throws the database's 23P01, which `inBookingTx` turns into SlotTaken
 */
export async function writeVisits(
  tx: TenantTx,
  work: Work,
  visits: readonly Visit[],
  now: number,
): Promise<BookingRow[]> {
  if (visits.length === 0) return [];
  const { patients, sealed } = await sealVisits(tx, work, visits);
  await putPatients(tx, work.clinicId, patients);
  const rows = visits.map((visit, index) => ({
    visit,
    ref: bookingRef(randomBytes(8)),
    tokenHash: hashToken(bookingToken(work.s.env.secret, work.clinicId, visit.bookingId)),
    ...sealed[index],
  }));
  const xid = await insertVisits(tx, work.clinicId, rows, {
    events: visits.flatMap((visit) => eventsOf(visit, now)),
    audits: visits.map((visit) => ({ bookingId: visit.bookingId, ...auditOf(visit) })),
  });
  noteWritten(tx, xid);
  return findBookings(
    tx,
    work.clinicId,
    visits.map((visit) => visit.bookingId),
  );
}

function eventsOf(visit: Visit, now: number): BookingEvent[] {
  const place = placeAt(visit.bookingId, visit.start, visit.resources);
  const due = visit.holdExpiresAt === null ? [] : [holdDueEvent(visit.bookingId, iso(visit.holdExpiresAt))];
  if (visit.state === "held") return [placeEvent("booking.held", place), ...due];
  if (visit.state === "requested") return [placeEvent("booking.requested", place), ...due];
  const squeezed = visit.squeeze ? [placeEvent("booking.squeezed_in", place)] : [];
  return [...squeezed, placeEvent("booking.confirmed", place), ...reminderEvents(place, now)];
}

const deeds = { held: "booking.held", requested: "booking.requested", confirmed: "booking.booked" } as const;

function auditOf(visit: Visit): BookingAudit {
  const detail = { to: visit.state, startsAt: iso(visit.start), ...(visit.setId ? { setId: visit.setId } : {}) };
  if (!visit.squeeze) return { action: deeds[visit.state], detail };
  const overlaps = visit.resources.some((resource) => resource.over);
  return { action: "booking.squeezed_in", detail: { ...detail, overlaps } };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
