import type { TenantDb } from "@pulsecal/db";

/** What opens how a patient can be reached. */
const reachable = {
  id: true,
  name: true,
  emailSealed: true,
  phoneSealed: true,
  key: { select: { version: true, wrapped: true } },
} as const;

/** Reads one booking with the names a notice needs; null when it is not at this clinic. */
export async function findVisit(db: TenantDb, clinicId: string, bookingId: string) {
  const booking = await db.booking.findFirst({
    where: { clinicId, id: bookingId },
    select: {
      id: true,
      ref: true,
      state: true,
      startsAt: true,
      endsAt: true,
      sequence: true,
      movedFrom: true,
      cancelledBy: true,
      updatedAt: true,
      setId: true,
      setKind: true,
      patient: { select: { ...reachable, guardian: { select: reachable } } },
      practitioner: { select: { id: true, name: true, location: { select: { address: true } } } },
    },
  });
  if (!booking) return null;
  const clinic = await findClinic(db, clinicId);
  const series = booking.setKind === "series" && booking.setId ? await findSeries(db, clinicId, booking.setId) : null;
  return clinic && { booking, clinic, series };
}

/** How many visits of a series still stand, and between which starts. */
async function findSeries(db: TenantDb, clinicId: string, setId: string) {
  const { _count, _min, _max } = await db.booking.aggregate({
    where: { clinicId, setId, state: { notIn: ["cancelled", "declined", "expired"] } },
    _count: true,
    _min: { startsAt: true },
    _max: { startsAt: true },
  });
  return { count: _count, first: _min.startsAt, last: _max.startsAt };
}

export type Visit = NonNullable<Awaited<ReturnType<typeof findVisit>>>;

/** An entry of the waitlist with its live offer, as a notice tells of it; null when it is not at this clinic. */
export async function findWaiting(db: TenantDb, clinicId: string, entryId: string) {
  const entry = await db.waitlistEntry.findFirst({
    where: { clinicId, id: entryId },
    select: {
      id: true,
      state: true,
      patient: { select: { ...reachable, guardian: { select: reachable } } },
      offers: {
        where: { state: "live" },
        select: {
          gapId: true,
          expiresAt: true,
          booking: { select: { id: true, startsAt: true, practitioner: { select: { name: true } } } },
        },
      },
    },
  });
  if (!entry) return null;
  const clinic = await findClinic(db, clinicId);
  return clinic && { entry, clinic };
}

/** The clinic's public face as a mail shows it. */
export async function findClinic(db: TenantDb, clinicId: string) {
  const clinic = await db.clinic.findFirst({
    where: { id: clinicId },
    select: { slug: true, name: true, zone: true, status: true },
  });
  if (!clinic) return null;
  const profile = await db.clinicProfile.findFirst({
    where: { clinicId },
    select: { phone: true, email: true, cancelUntilMinutes: true },
  });
  return { ...clinic, phone: null, email: null, cancelUntilMinutes: 0, ...profile };
}

export type NoticeClinic = NonNullable<Awaited<ReturnType<typeof findClinic>>>;
