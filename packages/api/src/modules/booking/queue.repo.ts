import type { TenantDb, TenantTx } from "@pulsecal/db";
import type { StoredAnswer } from "../scheduling/index.ts";

export type Queued = {
  /** the database's clock under the locks, epoch milliseconds */
  now: number;
  stored: StoredAnswer<unknown> | null;
  /** the transaction that wrote, when holds were let go */
  xid: string | null;
};

/** app.join_queue of the migrations: queues for resources, lets go of what has run out on them, looks for the key's answer. */
export async function joinQueue(
  tx: TenantTx,
  clinicId: string,
  resourceIds: readonly string[],
  key: string | null,
): Promise<Queued> {
  const [queued] = await tx.$queryRaw<Queued[]>`
    SELECT now, stored, xid FROM app.join_queue(${clinicId}::uuid, ${[...resourceIds]}::uuid[], ${key}::text)`;
  if (!queued) throw new Error("a function gave no answer");
  return queued;
}

/**
 * What is held under a browser's mark, with every resource of it; waits for others who hold under that mark. Called
 * before any resource is queued for, never after.
 */
export async function openHolds(
  tx: TenantTx,
  clinicId: string,
  holder: Uint8Array,
): Promise<{ bookingIds: string[]; resourceIds: string[] }> {
  const [held] = await tx.$queryRaw<{ bookingIds: string[] }[]>`
    SELECT app.open_holds(${clinicId}::uuid, ${holder}::bytea) AS "bookingIds"`;
  const bookingIds = held?.bookingIds ?? [];
  if (bookingIds.length === 0) return { bookingIds, resourceIds: [] };
  const [of] = await tx.$queryRaw<{ resourceIds: string[] }[]>`
    SELECT app.resources_of(${clinicId}::uuid, ${bookingIds}::uuid[]) AS "resourceIds"`;
  return { bookingIds, resourceIds: of?.resourceIds ?? [] };
}

/** Every resource some bookings hold, to queue for. */
export async function resourcesOf(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  bookingIds: readonly string[],
): Promise<string[]> {
  const [of] = await db.$queryRaw<{ resourceIds: string[] }[]>`
    SELECT app.resources_of(${clinicId}::uuid, ${[...bookingIds]}::uuid[]) AS "resourceIds"`;
  return of?.resourceIds ?? [];
}

/** Lets go of those of some bookings that are still only held; their resources are queued for. */
export async function releaseHeld(tx: TenantTx, clinicId: string, bookingIds: readonly string[]): Promise<number> {
  const [end] = await tx.$queryRaw<{ gone: number }[]>`
    SELECT app.let_go(${clinicId}::uuid,
      ARRAY(SELECT b.id FROM app.booking b WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ANY (${[...bookingIds]}::uuid[]) AND b.state = 'held'),
      current_setting('app.actor'), 'booking.hold_released') AS "gone"`;
  return end?.gone ?? 0;
}
