import type { AuthTx, Database, TenantTx } from "@pulsecal/db";
import { newId } from "@pulsecal/db";

/** Which of these addresses are in use. */
export async function takenSlugs(db: Database, slugs: string[]): Promise<Set<string>> {
  const rows = await db.withAuth((tx) =>
    tx.clinic.findMany({ where: { slug: { in: slugs } }, select: { slug: true } }),
  );
  return new Set(rows.map((row) => row.slug));
}

/** Live clinics whose name holds the words, by name. */
export async function findLiveClinics(
  tx: AuthTx,
  words: string,
  limit: number,
): Promise<{ slug: string; name: string }[]> {
  return tx.clinic.findMany({
    where: { status: "live", ...(words ? { name: { contains: words, mode: "insensitive" as const } } : {}) },
    select: { slug: true, name: true },
    orderBy: [{ name: "asc" }, { slug: "asc" }],
    take: limit,
  });
}

export type NewClinic = {
  id: string;
  slug: string;
  name: string;
  ownerAccountId: string;
  practitioner: { name: string; registrationNumber: string | null };
};

const weekdays = [1, 2, 3, 4, 5];
/** Minutes of the day: 08:00-12:00 and 13:00-17:00. */
const openings = [
  { fromMinute: 8 * 60, toMinute: 12 * 60 },
  { fromMinute: 13 * 60, toMinute: 17 * 60 },
];

/** A clinic that works at once: one place, one practitioner with office hours, one service, its owner. */
export async function insertClinic(tx: TenantTx, clinic: NewClinic): Promise<void> {
  const clinicId = clinic.id;
  const [locationId, practitionerId, serviceId] = [newId(), newId(), newId()];
  await tx.clinic.create({
    data: { id: clinicId, slug: clinic.slug, name: clinic.name, status: "practice" },
    select: { id: true },
  });
  await tx.clinicProfile.create({ data: { clinicId, id: clinicId }, select: { id: true } });
  await tx.location.create({ data: { clinicId, id: locationId, name: clinic.name }, select: { id: true } });
  await tx.resource.create({
    data: { clinicId, id: practitionerId, kind: "practitioner", name: clinic.practitioner.name },
    select: { id: true },
  });
  await tx.practitioner.create({
    data: {
      clinicId,
      id: practitionerId,
      locationId,
      name: clinic.practitioner.name,
      registrationNumber: clinic.practitioner.registrationNumber,
    },
    select: { id: true },
  });
  await tx.openingHours.createMany({
    data: weekdays.flatMap((weekday) =>
      openings.map((window) => ({ clinicId, id: newId(), resourceId: practitionerId, weekday, ...window })),
    ),
  });
  await tx.service.create({
    data: { clinicId, id: serviceId, name: "Consultation", minutes: 20, intervalMinutes: 20 },
    select: { id: true },
  });
  await tx.servicePractitioner.create({
    data: { clinicId, id: newId(), serviceId, practitionerId },
    select: { id: true },
  });
  await tx.member.create({
    data: { clinicId, id: newId(), accountId: clinic.ownerAccountId, role: "owner" },
    select: { id: true },
  });
}
