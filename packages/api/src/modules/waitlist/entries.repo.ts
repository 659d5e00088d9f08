import { addDays, dayStart, type WaitlistEntry, type WeeklyWindow } from "@pulsecal/core";
import type { TenantDb, TenantTx } from "@pulsecal/db";

type Reads = Pick<TenantDb, "$queryRaw">;

/** No clinic has this many people waiting; it only keeps a broken import from filling a screen. */
const mostEntries = 2000;

/** What somebody wished for, as it is kept: days in the clinic's zone. */
export type Wishes = {
  practitionerIds: string[];
  canCome: WeeklyWindow[];
  notBefore: string | null;
  notAfter: string | null;
};

export type EntryState = "waiting" | "booked" | "withdrawn";

export type Entry = {
  id: string;
  serviceId: string;
  serviceName: string;
  minutes: number;
  /** how long before a visit its service can still be offered */
  noticeMinutes: number;
  urgency: 0 | 1 | 2 | 3;
  since: Date;
  wishes: Wishes;
  patientId: string;
  name: string;
  /** a mail reaches them, or whoever books for them */
  reachable: boolean;
  /** has an offer of some gap right now */
  offered: boolean;
  /** they, or somebody who is reached the same way, have one: a mailbox is asked about one time at once */
  busy: boolean;
  /** let two offers run out without a word */
  silent: boolean;
  /** the same person waits for the same service since before: asking twice gives no second turn */
  again: boolean;
};

/** Those who wait, longest first: for a practitioner's services, one of them, or all. */
export function findEntries(
  db: Reads,
  clinicId: string,
  of: { practitionerId?: string; entryId?: string } = {},
): Promise<Entry[]> {
  const { practitionerId = null, entryId = null } = of;
  return db.$queryRaw<Entry[]>`
    WITH live AS MATERIALIZED (
      SELECT o.entry_id, t.email_index, t.phone_index
      FROM app.waitlist_offer o
      JOIN app.waitlist_entry e ON e.clinic_id = o.clinic_id AND e.id = o.entry_id
      JOIN app.patient t ON t.clinic_id = e.clinic_id AND t.id = e.patient_id
      WHERE o.clinic_id = ${clinicId}::uuid AND o.state = 'live'
    )
    SELECT * FROM (SELECT e.id, e.service_id AS "serviceId", s.name AS "serviceName", s.minutes,
      s.notice_minutes AS "noticeMinutes", e.urgency, e.since,
      e.wishes, e.patient_id AS "patientId", t.name,
      -- a dependant is reached through whoever books for them
      coalesce((SELECT g.email_sealed FROM app.patient g WHERE g.clinic_id = e.clinic_id AND g.id = t.guardian_id), t.email_sealed)
        IS NOT NULL AS "reachable",
      EXISTS (SELECT FROM live l WHERE l.entry_id = e.id) AS "offered",
      EXISTS (SELECT FROM live l
        WHERE l.entry_id = e.id OR l.email_index = t.email_index OR l.phone_index = t.phone_index) AS "busy",
      (SELECT count(*) FROM app.waitlist_offer o
        WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.state = 'expired') > 1 AS "silent",
      -- two of one family share an address, so the name counts too; asked of the rows at hand, for long lists
      t.email_index IS NOT NULL AND row_number() OVER (PARTITION BY e.service_id, t.name, t.email_index ORDER BY e.since, e.id) > 1
        OR t.phone_index IS NOT NULL AND row_number() OVER (PARTITION BY e.service_id, t.name, t.phone_index ORDER BY e.since, e.id) > 1
        AS "again"
    FROM app.waitlist_entry e
    JOIN app.service s ON s.clinic_id = e.clinic_id AND s.id = e.service_id
    JOIN app.patient t ON t.clinic_id = e.clinic_id AND t.id = e.patient_id
    WHERE e.clinic_id = ${clinicId}::uuid AND e.state = 'waiting'
      AND (${practitionerId}::uuid IS NULL OR EXISTS (SELECT FROM app.service_practitioner l
        WHERE l.clinic_id = e.clinic_id AND l.service_id = e.service_id AND l.practitioner_id = ${practitionerId}::uuid))
      AND NOT EXISTS (SELECT FROM app.patient_key k
        WHERE k.clinic_id = e.clinic_id AND k.id = e.patient_id AND k.destroyed_at IS NOT NULL)
    ) waiting
    WHERE ${entryId}::uuid IS NULL OR id = ${entryId}::uuid
    ORDER BY since, id
    LIMIT ${mostEntries}::int`;
}

/** Those who wait and are reached the same way as somebody, they among them. */
export async function sameContact(db: Reads, clinicId: string, entryId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT e.id
    FROM app.waitlist_entry w
    JOIN app.patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id
    JOIN app.patient t ON t.clinic_id = p.clinic_id
      AND (t.id = p.id OR t.email_index = p.email_index OR t.phone_index = p.phone_index)
    JOIN app.waitlist_entry e ON e.clinic_id = t.clinic_id AND e.patient_id = t.id AND e.state = 'waiting'
    WHERE w.clinic_id = ${clinicId}::uuid AND w.id = ${entryId}::uuid`;
  return rows.map(({ id }) => id);
}

/** The same person as the rules of the order see them. */
export function asWaiting({ wishes, since, ...entry }: Entry, zone: string): WaitlistEntry {
  const { id, serviceId, minutes, urgency } = entry;
  return {
    id,
    serviceId,
    minutes,
    urgency,
    since: since.getTime(),
    practitionerIds: wishes.practitionerIds,
    canCome: wishes.canCome,
    ...(wishes.notBefore !== null && { notBefore: dayStart(wishes.notBefore, zone) }),
    // the last day counts whole
    ...(wishes.notAfter !== null && { notAfter: dayStart(addDays(wishes.notAfter, 1), zone) - 1 }),
  };
}

/** An entry as its link shows it. */
export type LinkedEntry = {
  id: string;
  state: EntryState;
  since: Date;
  wishes: Wishes;
  serviceId: string;
  serviceName: string;
  minutes: number;
  needsApproval: boolean;
  who: string | null;
  clinicName: string;
  zone: string;
  phone: string | null;
  /** of the live offer, while its time is still kept */
  offerBookingId: string | null;
  offerStart: Date | null;
  offerEnd: Date | null;
  offerPractitioner: string | null;
  offerExpiresAt: Date | null;
  /** what came of it */
  bookedId: string | null;
};

/** An entry by its id or by the hash of its link; null when the clinic has none. */
export async function findLinked(
  db: Reads,
  clinicId: string,
  by: { entryId: string } | { tokenHash: string },
): Promise<LinkedEntry | null> {
  const entryId = "entryId" in by ? by.entryId : null;
  const tokenHash = "tokenHash" in by ? by.tokenHash : null;
  const rows = await db.$queryRaw<LinkedEntry[]>`
    SELECT e.id, e.state, e.since, e.wishes, e.service_id AS "serviceId", s.name AS "serviceName", s.minutes,
      s.needs_approval AS "needsApproval",
      (SELECT p.name FROM app.practitioner p WHERE p.clinic_id = e.clinic_id
        AND p.id::text = e.wishes -> 'practitionerIds' ->> 0) AS "who",
      c.name AS "clinicName", c.zone,
      (SELECT f.phone FROM app.clinic_profile f WHERE f.clinic_id = e.clinic_id AND f.id = e.clinic_id) AS "phone",
      live.booking_id AS "offerBookingId", live.starts_at AS "offerStart", live.ends_at AS "offerEnd",
      live.practitioner AS "offerPractitioner", live.expires_at AS "offerExpiresAt",
      (SELECT o.booking_id FROM app.waitlist_offer o
        WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.state = 'accepted'
        ORDER BY o.answered_at DESC LIMIT 1) AS "bookedId"
    FROM app.waitlist_entry e
    JOIN app.service s ON s.clinic_id = e.clinic_id AND s.id = e.service_id
    JOIN platform.clinic c ON c.id = e.clinic_id
    LEFT JOIN LATERAL (
      SELECT o.booking_id, b.starts_at, b.ends_at, p.name AS practitioner, o.expires_at
      FROM app.waitlist_offer o
      JOIN app.booking b ON b.clinic_id = o.clinic_id AND b.id = o.booking_id
      JOIN app.practitioner p ON p.clinic_id = b.clinic_id AND p.id = b.practitioner_id
      WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.state = 'live' AND b.state = 'held'
        AND o.expires_at > clock_timestamp()
    ) live ON true
    WHERE e.clinic_id = ${clinicId}::uuid AND (e.id = ${entryId}::uuid OR e.token_hash = ${tokenHash}::text)`;
  return rows[0] ?? null;
}

/** Whether a service can be waited for, and with whom. */
export async function findWaitable(
  db: Reads,
  clinicId: string,
  serviceId: string,
): Promise<{ practitionerIds: string[] } | null> {
  const rows = await db.$queryRaw<{ practitionerIds: string[] }[]>`
    SELECT ARRAY(SELECT p.id FROM app.service_practitioner l
      JOIN app.practitioner p ON p.clinic_id = l.clinic_id AND p.id = l.practitioner_id
      WHERE l.clinic_id = s.clinic_id AND l.service_id = s.id AND p.active AND p.approval = 'approved') AS "practitionerIds"
    FROM app.service s
    WHERE s.clinic_id = ${clinicId}::uuid AND s.id = ${serviceId}::uuid AND s.active`;
  return rows[0] ?? null;
}

export async function putEntry(
  tx: TenantTx,
  clinicId: string,
  e: { id: string; patientId: string; serviceId: string; urgency: number; wishes: Wishes; tokenHash: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO app.waitlist_entry (clinic_id, id, patient_id, service_id, urgency, since, wishes, token_hash)
    VALUES (${clinicId}::uuid, ${e.id}::uuid, ${e.patientId}::uuid, ${e.serviceId}::uuid, ${e.urgency}::int, clock_timestamp(),
      ${JSON.stringify(e.wishes)}::jsonb, ${e.tokenHash})`;
}

/** Locks an entry: until the transaction ends nobody else offers it a time, takes it off the list or answers for it. */
export async function lockEntry(tx: TenantTx, clinicId: string, entryId: string): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM app.waitlist_entry WHERE clinic_id = ${clinicId}::uuid AND id = ${entryId}::uuid FOR UPDATE`;
}

/**
 * Whether somebody waits, and neither they nor anybody who is reached the same way has an offer. Locks all of them, in one
 * order, since what was read before the lock may be old.
 */
export async function isFree(tx: TenantTx, clinicId: string, entryId: string): Promise<boolean> {
  const ids = await sameContact(tx, clinicId, entryId);
  await tx.$queryRaw`
    SELECT 1 FROM app.waitlist_entry WHERE clinic_id = ${clinicId}::uuid AND id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  const rows = await tx.$queryRaw<{ free: boolean }[]>`
    SELECT e.state = 'waiting' AND NOT EXISTS (SELECT FROM app.waitlist_offer o
      WHERE o.clinic_id = e.clinic_id AND o.entry_id = ANY (${ids}::uuid[]) AND o.state = 'live') AS "free"
    FROM app.waitlist_entry e WHERE e.clinic_id = ${clinicId}::uuid AND e.id = ${entryId}::uuid`;
  return rows[0]?.free ?? false;
}

/** Somebody stops waiting; false when they had stopped before. */
export async function endEntry(
  tx: TenantTx,
  clinicId: string,
  entryId: string,
  end: { state: "booked" | "withdrawn"; at: number },
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE app.waitlist_entry SET state = ${end.state}, ended_at = ${new Date(end.at).toISOString()}::timestamptz
    WHERE clinic_id = ${clinicId}::uuid AND id = ${entryId}::uuid AND state = 'waiting'`;
  return ended > 0;
}
