import type { TenantDb } from "@pulsecal/db";

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
      cancelledBy: true,
      updatedAt: true,
      patient: {
        select: {
          id: true,
          name: true,
          emailSealed: true,
          phoneSealed: true,
          key: { select: { version: true, wrapped: true } },
        },
      },
      practitioner: { select: { name: true, location: { select: { address: true } } } },
    },
  });
  if (!booking) return null;
  const clinic = await findClinic(db, clinicId);
  return clinic && { booking, clinic };
}

export type Visit = NonNullable<Awaited<ReturnType<typeof findVisit>>>;

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
