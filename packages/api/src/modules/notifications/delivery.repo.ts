import type { TenantTx } from "@pulsecal/db";
import { newId } from "@pulsecal/db";

/** Longer than one send can take (`sendDeadlineMs`), so a lease that ran out belongs to a dead worker. */
export const leaseMs = 60_000;

export type DeliveryKey = { clinicId: string; eventId: string; kind: string };
export type Claim = { kind: "claimed"; since: Date } | { kind: "settled" } | { kind: "busy" };

/**
 * Takes the right to send this notice now. `attempt_at` is the moment the running attempt began;
 * another worker may take over only when that is older than the lease.
 */
export async function claimDelivery(
  tx: TenantTx,
  key: DeliveryKey,
  row: { bookingId: string | null; messageId: string },
): Promise<Claim> {
  const claimed = await tx.$queryRaw<{ since: Date }[]>`
    INSERT INTO app.delivery AS d (clinic_id, id, booking_id, event_id, kind, channel, state, message_id, attempt_at)
    VALUES (${key.clinicId}::uuid, ${newId()}::uuid, ${row.bookingId}::uuid, ${key.eventId}::uuid, ${key.kind},
            'email', 'queued', ${row.messageId}, clock_timestamp())
    ON CONFLICT (clinic_id, event_id, kind) DO UPDATE SET attempt_at = clock_timestamp()
      WHERE d.state = 'queued'
        AND (d.attempt_at IS NULL OR d.attempt_at < clock_timestamp() - ${leaseMs} * interval '1 millisecond')
    RETURNING d.attempt_at AS since`;
  if (claimed[0]) return { kind: "claimed", since: claimed[0].since };
  const found = await tx.delivery.findFirst({ where: key, select: { state: true } });
  return { kind: found?.state === "queued" ? "busy" : "settled" };
}

/** Gives the claim made at `since` back after a try that did not go out; a claim taken over meanwhile stays. */
export async function releaseDelivery(tx: TenantTx, key: DeliveryKey, since: Date, error: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.delivery SET attempt_at = NULL, error = ${error}
    WHERE clinic_id = ${key.clinicId}::uuid AND event_id = ${key.eventId}::uuid AND kind = ${key.kind}
      AND state = 'queued' AND attempt_at = ${since}`;
}

/** The delivery's end: accepted by the mail server, or refused for good. What was sent stays sent, whatever came before. */
export async function settleDelivery(
  tx: TenantTx,
  key: DeliveryKey,
  end: { state: "sent" | "failed"; error: string | null },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.delivery SET state = ${end.state}, error = ${end.error},
      sent_at = CASE WHEN ${end.state} = 'sent' THEN clock_timestamp() END
    WHERE clinic_id = ${key.clinicId}::uuid AND event_id = ${key.eventId}::uuid AND kind = ${key.kind}
      AND (state = 'queued' OR (state = 'failed' AND ${end.state} = 'sent'))`;
}
