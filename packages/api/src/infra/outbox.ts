import { newId } from "@pulsecal/db";
import type { TenantTx } from "@pulsecal/db";

type BookingEvent = {
  bookingId: string;
  resourceIds: string[];
  /** ISO instants, buffers included */
  blockedFrom: string;
  blockedTo: string;
  startsAt: string;
};

/** Everything that can happen and what is told about it: ids and times only, never a patient's data. */
type EventPayloads = {
  "clinic.signed_up": { slug: string };
  "clinic.approved": Record<string, never>;
  "account.verification_requested": { accountId: string };
  "booking.held": BookingEvent;
  "booking.confirmed": BookingEvent;
  "booking.cancelled": BookingEvent;
  "booking.expired": BookingEvent;
  "booking.moved": BookingEvent;
  "booking.requested": BookingEvent;
  "booking.declined": BookingEvent;
  "booking.reminder_due": { bookingId: string };
  "booking.hold_due": { bookingId: string };
  /** `opened`: when somebody is there who was not, the next weeks of it (ISO instants) */
  "hours.changed": { resourceId: string; opened?: { from: string; to: string }[] };
  "calendar.created": { feedId: string };
  "calendar.revoked": { feedId: string };
  "waitlist.joined": { entryId: string };
  "waitlist.gap": { gapId: string };
  "waitlist.offered": { entryId: string; gapId: string };
  "waitlist.answered": { entryId: string; gapId?: string };
  "waitlist.offer_due": { gapId: string };
  "service.changed": { serviceId: string };
  "leave.changed": { resourceId: string; from: string; to: string };
  /** where something may have changed: the old span and the new one together */
  "closure.changed": { from: string; to: string };
  "room.changed": { resourceId: string };
  "clinic.rules_changed": Record<string, never>;
};

export type EventType = keyof EventPayloads;

export type Announcement = {
  [T in EventType]: { clinicId: string; type: T; payload: EventPayloads[T]; live?: boolean; notBefore?: Date };
}[EventType];

/** The id of the transaction that announced, so that `inTx` can wake readers who wait for it. */
const announcedIn = new WeakMap<object, bigint>();

/** Writes the event in the caller's transaction; it exists if and only if that commits. */
export async function announce(tx: TenantTx, event: Announcement): Promise<{ id: string }> {
  const id = newId();
  // The database's clock stamps it; Prisma's own default would be this process's.
  const [row] = await tx.$queryRaw<{ tx: bigint }[]>`
    insert into app.event (clinic_id, id, type, payload, live, not_before)
    values (${event.clinicId}::uuid, ${id}::uuid, ${event.type}, ${JSON.stringify(event.payload)}::jsonb, ${event.live ?? true},
      coalesce(${event.notBefore?.toISOString() ?? null}::timestamptz, now()))
    returning tx`;
  if (!row) throw new Error("an event was not written");
  announcedIn.set(tx, row.tx);
  return { id };
}

/** For events that a function of the database wrote: says in which transaction, so that `inTx` wakes their readers. */
export function noteWritten(tx: object, xid: bigint): void {
  announcedIn.set(tx, xid);
}

/** The writing transaction's id when it announced anything. */
export function announcedTx(tx: object): bigint | undefined {
  return announcedIn.get(tx);
}
