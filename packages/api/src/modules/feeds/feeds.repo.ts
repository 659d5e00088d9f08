import type { BookingState } from "@pulsecal/core";
import { sql, type TenantDb, type TenantTx } from "@pulsecal/db";

type Reads = Pick<TenantDb, "$queryRaw">;

/** Days back and ahead that a calendar shows; what was cancelled is told for as long as it looks back. */
const daysBack = 30;
const daysAhead = 400;
/** More than anybody's year; a program that reads this hourly must not cost more. */
const mostVisits = 5000;

/** Whose visits an address shows. */
export type Feed = { practitionerId: string } | { patientId: string };
/** The same, with the name the calendar carries. */
export type NamedFeed = Feed & { name: string };

/** The feed behind a secret's hash; null when it was revoked, its maker has left, or its patient was erased. */
export async function findFeed(db: Reads, clinicId: string, tokenHash: string): Promise<NamedFeed | null> {
  type Row = { practitionerId: string | null; patientId: string | null; practitionerName: string | null };
  const rows = await db.$queryRaw<Row[]>`
    SELECT f.practitioner_id AS "practitionerId", f.patient_id AS "patientId", p.name AS "practitionerName"
    FROM app.calendar_feed f
    LEFT JOIN app.practitioner p ON p.clinic_id = f.clinic_id AND p.id = f.practitioner_id
    WHERE f.clinic_id = ${clinicId}::uuid AND f.token_hash = ${tokenHash}::text AND f.revoked_at IS NULL
      AND CASE WHEN f.practitioner_id IS NOT NULL
        THEN EXISTS (SELECT FROM auth.member m WHERE m.clinic_id = f.clinic_id AND m.account_id = f.created_by)
        ELSE NOT EXISTS (SELECT FROM app.patient_key k
          WHERE k.clinic_id = f.clinic_id AND k.id = f.patient_id AND k.destroyed_at IS NOT NULL) END`;
  const [feed] = rows;
  if (!feed) return null;
  if (feed.practitionerId !== null) return { practitionerId: feed.practitionerId, name: feed.practitionerName ?? "" };
  return feed.patientId === null ? null : { patientId: feed.patientId, name: "Visits" };
}

/** A visit as a calendar needs it. */
export type FeedVisit = {
  id: string;
  ref: string;
  state: BookingState;
  startsAt: Date;
  endsAt: Date;
  sequence: number;
  createdAt: Date;
  updatedAt: Date;
  practitionerName: string;
  address: string | null;
  patientId: string | null;
  patientName: string | null;
};

/** What a feed shows. Holds and what ran out were never anybody's visit; what is over is told for thirty days. */
export function feedVisits(db: Reads, clinicId: string, feed: Feed): Promise<FeedVisit[]> {
  const whose =
    "practitionerId" in feed
      ? sql`b.practitioner_id = ${feed.practitionerId}::uuid`
      : // A guardian's calendar shows the visits of those they book for. Never those of another record with the same
        // address: whoever books can type any address.
        sql`(t.id = ${feed.patientId}::uuid OR t.guardian_id = ${feed.patientId}::uuid)`;
  return db.$queryRaw<FeedVisit[]>`
    SELECT b.id, b.ref, b.state, b.starts_at AS "startsAt", b.ends_at AS "endsAt", b.sequence,
      b.created_at AS "createdAt", b.updated_at AS "updatedAt", p.name AS "practitionerName", l.address,
      t.id AS "patientId", t.name AS "patientName"
    FROM app.booking b
    JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
    JOIN app.location l ON l.clinic_id = p.clinic_id AND l.id = p.location_id
    JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid AND ${whose}
      AND b.starts_at >= statement_timestamp() - ${daysBack}::int * interval '1 day'
      AND b.starts_at < statement_timestamp() + ${daysAhead}::int * interval '1 day'
      AND b.state NOT IN ('held', 'expired')
      AND (b.state NOT IN ('cancelled', 'declined', 'no_show')
        OR b.updated_at >= statement_timestamp() - ${daysBack}::int * interval '1 day')
    ORDER BY b.starts_at, b.id
    LIMIT ${mostVisits}::int`;
}

/** Every practitioner with one member's own working address and how many others there are. */
export function staffFeeds(
  db: Reads,
  clinicId: string,
  accountId: string,
): Promise<
  {
    practitionerId: string;
    practitionerName: string;
    feedId: string | null;
    createdAt: Date | null;
    others: number;
  }[]
> {
  return db.$queryRaw`
    SELECT p.id AS "practitionerId", p.name AS "practitionerName",
      (array_agg(f.id ORDER BY f.created_at DESC) FILTER (WHERE f.created_by = ${accountId}::uuid))[1] AS "feedId",
      max(f.created_at) FILTER (WHERE f.created_by = ${accountId}::uuid) AS "createdAt",
      (count(f.id) FILTER (WHERE f.created_by <> ${accountId}::uuid))::int AS "others"
    FROM app.practitioner p
    LEFT JOIN (app.calendar_feed f JOIN auth.member m ON m.clinic_id = f.clinic_id AND m.account_id = f.created_by)
      ON f.clinic_id = p.clinic_id AND f.practitioner_id = p.id AND f.revoked_at IS NULL
    WHERE p.clinic_id = ${clinicId}::uuid
    GROUP BY p.id, p.name, p.position
    ORDER BY p.position, p.name, p.id`;
}

/** The newest working address of a patient; null when there is none. */
export async function patientFeed(db: Reads, clinicId: string, patientId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM app.calendar_feed
    WHERE clinic_id = ${clinicId}::uuid AND patient_id = ${patientId}::uuid AND revoked_at IS NULL
    ORDER BY created_at DESC LIMIT 1`;
  return rows[0]?.id ?? null;
}

/** Whose calendar the holder of a booking's link may have: the patient's, or their guardian's who holds the link. */
export async function patientOnLink(db: Reads, clinicId: string, tokenHash: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ patientId: string }[]>`
    SELECT coalesce(t.guardian_id, t.id) AS "patientId"
    FROM app.booking b JOIN app.patient t ON t.clinic_id = b.clinic_id AND t.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid AND b.token_hash = ${tokenHash}::text`;
  return rows[0]?.patientId ?? null;
}

export async function putFeed(
  tx: TenantTx,
  clinicId: string,
  feed: { id: string; tokenHash: string; createdBy: string | null } & Feed,
): Promise<void> {
  const practitionerId = "practitionerId" in feed ? feed.practitionerId : null;
  const patientId = "patientId" in feed ? feed.patientId : null;
  await tx.$executeRaw`
    INSERT INTO app.calendar_feed (clinic_id, id, practitioner_id, patient_id, token_hash, created_by)
    VALUES (${clinicId}::uuid, ${feed.id}::uuid, ${practitionerId}::uuid, ${patientId}::uuid, ${feed.tokenHash},
      ${feed.createdBy}::uuid)`;
}

/** Ends addresses for good; `createdBy` null means everybody's. Returns those that worked until now. */
export async function endFeeds(
  tx: TenantTx,
  clinicId: string,
  feed: Feed,
  createdBy: string | null = null,
): Promise<string[]> {
  const whose =
    "practitionerId" in feed
      ? sql`practitioner_id = ${feed.practitionerId}::uuid`
      : sql`patient_id = ${feed.patientId}::uuid`;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE app.calendar_feed SET revoked_at = clock_timestamp()
    WHERE clinic_id = ${clinicId}::uuid AND ${whose} AND revoked_at IS NULL
      AND (${createdBy}::uuid IS NULL OR created_by = ${createdBy}::uuid)
    RETURNING id`;
  return rows.map((row) => row.id);
}
