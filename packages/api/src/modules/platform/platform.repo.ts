import type { AuthTx, PlatformTx } from "@pulsecal/db";

export type ClinicRecord = {
  id: string;
  slug: string;
  name: string;
  status: string;
  createdAt: Date;
  approvedAt: Date | null;
};

const columns = { id: true, slug: true, name: true, status: true, createdAt: true, approvedAt: true } as const;

/** The newest clinics, at most 200; those that wait come oldest first. */
export async function listClinics(tx: PlatformTx, status?: string): Promise<ClinicRecord[]> {
  return tx.clinic.findMany({
    where: status ? { status } : {},
    select: columns,
    orderBy: { createdAt: status === "practice" ? "asc" : "desc" },
    take: 200,
  });
}

/** Moves a clinic from practice to live; false when it was not in practice. */
export async function setLive(tx: PlatformTx, clinicId: string, accountId: string): Promise<boolean> {
  const changed = await tx.$queryRaw<{ id: string }[]>`
    update platform.clinic set status = 'live', approved_at = clock_timestamp(), approved_by = ${accountId}::uuid
    where id = ${clinicId}::uuid and status = 'practice' returning id::text`;
  return changed.length === 1;
}

export async function findClinic(tx: PlatformTx, clinicId: string): Promise<ClinicRecord | null> {
  return tx.clinic.findUnique({ where: { id: clinicId }, select: columns });
}

/** Clinics with an owner whose address is confirmed. */
export async function clinicsWithVerifiedOwner(tx: AuthTx, clinicIds: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select distinct m.clinic_id::text as id from auth.member m join auth.account a on a.id = m.account_id
    where m.role = 'owner' and a.email_verified_at is not null and m.clinic_id = any(${clinicIds}::uuid[])`;
  return new Set(rows.map((row) => row.id));
}

export type Counts = {
  waiting: number;
  oldestWaiting: Date | null;
  live: number;
  bookingsLastHour: number;
  stuckEvents: number;
};

/** The numbers of the console's first screen. An event is stuck when its work is not done minutes after it was due. */
export async function countAll(tx: PlatformTx): Promise<Counts> {
  const [row] = await tx.$queryRaw<Counts[]>`
    select
      (select count(*)::int from platform.clinic where status = 'practice') as waiting,
      (select min(created_at) from platform.clinic where status = 'practice') as "oldestWaiting",
      (select count(*)::int from platform.clinic where status = 'live') as live,
      (select count(*)::int from app.event where type = 'booking.confirmed' and at > now() - interval '1 hour') as "bookingsLastHour",
      (select count(*)::int from app.event where done_at is null and not_before < now() - interval '5 minutes') as "stuckEvents"`;
  if (!row) throw new Error("counting gave no row");
  return row;
}

export type FeedLine = { at: Date; type: string; clinicId: string; slug: string; name: string };

export async function latestFeed(tx: PlatformTx): Promise<FeedLine[]> {
  return tx.$queryRaw<FeedLine[]>`
    select e.at, e.type, c.id::text as "clinicId", c.slug, c.name
    from app.event e join platform.clinic c on c.id = e.clinic_id
    where e.live and e.type in ('clinic.signed_up', 'clinic.approved', 'booking.confirmed', 'booking.cancelled')
    order by e.tx desc, e.seq desc limit 20`;
}
