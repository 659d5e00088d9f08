import type { Gap, OfferEvent } from "@pulsecal/core";
import { newId, type TenantDb, type TenantTx } from "@pulsecal/db";

type Reads = Pick<TenantDb, "$queryRaw">;

/** A time that became free, and is worth something to those who wait until somebody has it. */
export type StoredGap = {
  id: string;
  practitionerId: string;
  startsAt: Date;
  endsAt: Date;
  state: "open" | "filled" | "over";
  createdAt: Date;
};

export type OfferState = "live" | "accepted" | "declined" | "expired";

/** What an offer was decided on; kept beside it, so that the order can be looked at again. */
export type Rank = {
  /** place in the order, from 1, and how many stood in it; 0: staff asked somebody whose wishes it does not meet */
  place: number;
  of: number;
  urgency: number;
  waitedMs: number;
  /** minutes of the gap left unused */
  fit: number;
  /** in turn, or chosen by staff */
  by: "order" | "hand";
  /** who stood before them and could not be asked, and why */
  passed: { entryId: string; why: Passed }[];
};

export type Passed = "offered_elsewhere" | "not_offered" | "no_mail" | "again" | "silent";

/** A row of the log of offers. */
export type StoredOffer = {
  id: string;
  gapId: string;
  entryId: string;
  bookingId: string;
  bookingState: string;
  state: OfferState;
  offeredAt: Date;
  expiresAt: Date;
  answeredAt: Date | null;
  rank: Rank;
};

/** Where a booking stood, or stands: whose time it is and how long it lasts. Null: nobody's that can be booked. */
export type Freed = { practitionerId: string; startsAt: Date; endsAt: Date };

/**
 * The practitioner's time that a booking has left; null when none of the resources is one who gives its service. A hold
 * that nobody had given a name is no booking: its time was everybody's before, and whoever waits could have had it.
 */
export async function findFreed(
  db: Reads,
  clinicId: string,
  left: { bookingId: string; startsAt: string; resourceIds: readonly string[] },
): Promise<Freed | null> {
  const rows = await db.$queryRaw<Freed[]>`
    SELECT p.id AS "practitionerId", ${left.startsAt}::timestamptz AS "startsAt",
      ${left.startsAt}::timestamptz + (b.ends_at - b.starts_at) AS "endsAt"
    FROM app.booking b
    JOIN app.service_practitioner l ON l.clinic_id = b.clinic_id AND l.service_id = b.service_id
    JOIN app.practitioner p ON p.clinic_id = l.clinic_id AND p.id = l.practitioner_id AND p.active
    WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${left.bookingId}::uuid AND p.id = ANY (${[...left.resourceIds]}::uuid[])
      AND b.patient_id IS NOT NULL
      AND ${left.startsAt}::timestamptz > statement_timestamp()
    ORDER BY p.id = b.practitioner_id DESC, p.id
    LIMIT 1`;
  return rows[0] ?? null;
}

/** The gap whose offer holds, or held, this booking; null when it was no offer's, or one that was accepted. */
export async function gapOfHold(db: Reads, clinicId: string, bookingId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ gapId: string }[]>`
    SELECT gap_id AS "gapId" FROM app.waitlist_offer
    WHERE clinic_id = ${clinicId}::uuid AND booking_id = ${bookingId}::uuid AND state <> 'accepted'`;
  return rows[0]?.gapId ?? null;
}

/**
 * Everything an offer of a practitioner's time may occupy, to queue for: them, and what their services need. Services
 * with limits of their own too: what two doctors do of one counts together, so their bookings meet in its queue.
 */
export async function resourcesAround(db: Reads, clinicId: string, practitionerId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT ${practitionerId}::uuid AS "id"
    UNION
    SELECT n.resource_id FROM app.service_practitioner l
    JOIN app.service_need d ON d.clinic_id = l.clinic_id AND d.service_id = l.service_id
    JOIN app.service_need_resource n ON n.clinic_id = d.clinic_id AND n.need_id = d.id
    WHERE l.clinic_id = ${clinicId}::uuid AND l.practitioner_id = ${practitionerId}::uuid
    UNION
    SELECT s.id FROM app.service_practitioner l
    JOIN app.service s ON s.clinic_id = l.clinic_id AND s.id = l.service_id
    WHERE l.clinic_id = ${clinicId}::uuid AND l.practitioner_id = ${practitionerId}::uuid
      AND coalesce(s.day_count, s.day_minutes, s.week_count, s.week_minutes) IS NOT NULL`;
  return rows.map((row) => row.id);
}

export async function findGap(db: Reads, clinicId: string, gapId: string): Promise<StoredGap | null> {
  const rows = await db.$queryRaw<StoredGap[]>`
    SELECT id, resource_id AS "practitionerId", starts_at AS "startsAt", ends_at AS "endsAt", state, created_at AS "createdAt"
    FROM app.waitlist_gap WHERE clinic_id = ${clinicId}::uuid AND id = ${gapId}::uuid`;
  return rows[0] ?? null;
}

/** An open gap: whose time, and the service whose session stands there, where it is a seat that became free. */
export type OpenGap = StoredGap & { practitionerName: string; sessionOf: string | null };

/** Open gaps that lie ahead, by the clock. */
export function openGaps(db: Reads, clinicId: string): Promise<OpenGap[]> {
  return db.$queryRaw<OpenGap[]>`
    SELECT g.id, g.resource_id AS "practitionerId", p.name AS "practitionerName", g.starts_at AS "startsAt",
      g.ends_at AS "endsAt", g.state, g.created_at AS "createdAt",
      (SELECT s.service_id FROM app.group_session s
        WHERE s.clinic_id = g.clinic_id AND s.practitioner_id = g.resource_id AND s.starts_at = g.starts_at AND s.taken > 0
        LIMIT 1) AS "sessionOf"
    FROM app.waitlist_gap g
    JOIN app.practitioner p ON p.clinic_id = g.clinic_id AND p.id = g.resource_id
    WHERE g.clinic_id = ${clinicId}::uuid AND g.state = 'open' AND g.starts_at > statement_timestamp()
      -- one that somebody has booked meanwhile is none any more, whether or not a turn has said so
      AND NOT EXISTS (SELECT FROM app.occupancy o
        WHERE o.clinic_id = g.clinic_id AND o.resource_id = g.resource_id
          AND o.blocked_from > g.starts_at - interval '1 day' AND o.blocked_from < g.ends_at AND o.blocked_to > g.starts_at
          AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))
          -- a session is in the way once it is full, but for the seat that is held for somebody who is asked
          AND NOT EXISTS (SELECT FROM app.group_session s
            WHERE s.clinic_id = o.clinic_id AND s.id = o.session_id AND s.taken < s.capacity)
          AND NOT EXISTS (SELECT FROM app.waitlist_offer w
            LEFT JOIN app.seat t ON t.clinic_id = w.clinic_id AND t.booking_id = w.booking_id
            WHERE w.clinic_id = g.clinic_id AND w.gap_id = g.id AND (w.booking_id = o.booking_id OR t.session_id = o.session_id)))
    ORDER BY g.starts_at, p.position, g.id
    LIMIT 200`;
}

/** The gap at this place, made if there is none open; the caller has queued for the practitioner's time. */
export async function putGap(
  tx: TenantTx,
  clinicId: string,
  { practitionerId, startsAt, endsAt }: Freed,
): Promise<{ id: string; made: boolean }> {
  const rows = await tx.$queryRaw<{ id: string; made: boolean }[]>`
    INSERT INTO app.waitlist_gap AS g (clinic_id, id, resource_id, starts_at, ends_at, created_at)
    VALUES (${clinicId}::uuid, ${newId()}::uuid, ${practitionerId}::uuid, ${startsAt.toISOString()}::timestamptz,
      ${endsAt.toISOString()}::timestamptz, clock_timestamp())
    ON CONFLICT (clinic_id, resource_id, starts_at) WHERE state = 'open'
      DO UPDATE SET ends_at = greatest(g.ends_at, excluded.ends_at)
    RETURNING g.id, g.xmax = 0 AS "made"`;
  if (!rows[0]) throw new Error("a gap was not written");
  return rows[0];
}

/** The session in which a booking sits, while it has seats left; null when it has none, or sits in none. */
export async function seatsLeft(tx: TenantTx, clinicId: string, bookingId: string): Promise<Freed | null> {
  const rows = await tx.$queryRaw<Freed[]>`
    SELECT s.practitioner_id AS "practitionerId", s.starts_at AS "startsAt", s.ends_at AS "endsAt"
    FROM app.seat t JOIN app.group_session s ON s.clinic_id = t.clinic_id AND s.id = t.session_id
    WHERE t.clinic_id = ${clinicId}::uuid AND t.booking_id = ${bookingId}::uuid AND s.taken < s.capacity`;
  return rows[0] ?? null;
}

export async function closeGap(tx: TenantTx, clinicId: string, gapId: string, state: "filled" | "over"): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.waitlist_gap SET state = ${state}
    WHERE clinic_id = ${clinicId}::uuid AND id = ${gapId}::uuid AND state = 'open'`;
}

/** The log of a gap's offers, in the order in which they were made. */
export function findOffers(db: Reads, clinicId: string, gapIds: readonly string[]): Promise<StoredOffer[]> {
  return db.$queryRaw<StoredOffer[]>`
    SELECT o.id, o.gap_id AS "gapId", o.entry_id AS "entryId", o.booking_id AS "bookingId", b.state AS "bookingState", o.state,
      o.offered_at AS "offeredAt", o.expires_at AS "expiresAt", o.answered_at AS "answeredAt", o.rank
    FROM app.waitlist_offer o
    JOIN app.booking b ON b.clinic_id = o.clinic_id AND b.id = o.booking_id
    WHERE o.clinic_id = ${clinicId}::uuid AND o.gap_id = ANY (${[...gapIds]}::uuid[])
    ORDER BY o.offered_at, o.id`;
}

/** An entry's live offer; null when it has none. */
export async function liveOffer(db: Reads, clinicId: string, entryId: string): Promise<StoredOffer | null> {
  const rows = await db.$queryRaw<StoredOffer[]>`
    SELECT o.id, o.gap_id AS "gapId", o.entry_id AS "entryId", o.booking_id AS "bookingId", b.state AS "bookingState", o.state,
      o.offered_at AS "offeredAt", o.expires_at AS "expiresAt", o.answered_at AS "answeredAt", o.rank
    FROM app.waitlist_offer o
    JOIN app.booking b ON b.clinic_id = o.clinic_id AND b.id = o.booking_id
    WHERE o.clinic_id = ${clinicId}::uuid AND o.entry_id = ${entryId}::uuid AND o.state = 'live'`;
  return rows[0] ?? null;
}

export async function putOffer(
  tx: TenantTx,
  clinicId: string,
  o: { gapId: string; entryId: string; bookingId: string; offeredAt: number; expiresAt: number; rank: Rank },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.waitlist_offer (clinic_id, id, gap_id, entry_id, booking_id, offered_at, expires_at, rank)
    VALUES (${clinicId}::uuid, ${newId()}::uuid, ${o.gapId}::uuid, ${o.entryId}::uuid, ${o.bookingId}::uuid,
      ${new Date(o.offeredAt).toISOString()}::timestamptz, ${new Date(o.expiresAt).toISOString()}::timestamptz,
      ${JSON.stringify(o.rank)}::jsonb)`;
}

/** An offer comes to its end; false when it had ended before. */
export async function endOffer(
  tx: TenantTx,
  clinicId: string,
  offerId: string,
  end: { state: "accepted" | "declined" | "expired"; at: number },
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE app.waitlist_offer SET state = ${end.state}, answered_at = ${new Date(end.at).toISOString()}::timestamptz
    WHERE clinic_id = ${clinicId}::uuid AND id = ${offerId}::uuid AND state = 'live'`;
  return ended > 0;
}

/** The gap as the rules of the order see it. */
export function asGap(
  gap: Pick<StoredGap, "id" | "practitionerId" | "startsAt" | "endsAt">,
  serviceIds: readonly string[],
): Gap {
  return {
    id: gap.id,
    practitionerId: gap.practitionerId,
    from: gap.startsAt.getTime(),
    to: gap.endsAt.getTime(),
    serviceIds,
  };
}

/** The log as the rules of the order read it. One offer is live at a time, so each one's end comes before the next. */
export function asLog(offers: readonly StoredOffer[]): OfferEvent[] {
  return offers.flatMap(({ gapId, entryId, state, offeredAt, expiresAt, answeredAt }): OfferEvent[] => {
    const offered: OfferEvent = {
      gapId,
      entryId,
      kind: "offered",
      at: offeredAt.getTime(),
      expiresAt: expiresAt.getTime(),
    };
    if (state === "live" || answeredAt === null) return [offered];
    return [offered, { gapId, entryId, kind: state, at: answeredAt.getTime() }];
  });
}
