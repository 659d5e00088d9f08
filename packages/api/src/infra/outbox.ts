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
  "booking.reminder_due": { bookingId: string };
  "booking.hold_due": { bookingId: string };
  "hours.changed": { resourceId: string };
  "service.changed": { serviceId: string };
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

/** The writing transaction's id when it announced anything. */
export function announcedTx(tx: object): bigint | undefined {
  return announcedIn.get(tx);
}
