import { createHash } from "node:crypto";
import { newId } from "../ids.ts";
import type { TestDatabase } from "./test-database.ts";

export type MadeClinic = {
  clinicId: string;
  slug: string;
  ownerAccountId: string;
  practitionerId: string;
  serviceId: string;
  locationId: string;
};

export type ClinicOverrides = Partial<{
  slug: string;
  name: string;
  zone: string;
  status: "practice" | "live" | "suspended" | "closed";
  minutes: number;
  intervalMinutes: number;
  noticeMinutes: number;
  bufferBefore: number;
  bufferAfter: number;
  horizonDays: number;
  /** minutes of the day; null for a clinic without hours */
  hours: { from: number; to: number } | null;
}>;

/** A live clinic: one approved practitioner, open Monday to Sunday 08:00-17:00, one 20-minute service, no notice. */
export async function makeClinic(t: TestDatabase, over: ClinicOverrides = {}): Promise<MadeClinic> {
  const [clinicId, practitionerId, serviceId, locationId] = [newId(), newId(), newId(), newId()];
  const slug = over.slug ?? `clinic-${clinicId.slice(-12)}`;
  const ownerAccountId = await makeAccount(t, { email: `owner@${slug}.example` });
  const at = { clinicId, id: practitionerId };
  const hours = over.hours === undefined ? { from: 480, to: 1020 } : over.hours;

  await t.db.withTx({ clinicId, actor: ownerAccountId, role: "owner" }, async (tx) => {
    const name = over.name ?? "Test Clinic";
    await tx.clinic.createMany({ data: { id: clinicId, slug, name, zone: over.zone ?? "Africa/Johannesburg" } });
    await tx.clinicProfile.createMany({ data: { clinicId, id: clinicId, phone: "+27 21 555 0100" } });
    await tx.location.createMany({ data: { clinicId, id: locationId, name: "Main rooms", address: "1 Test Street" } });
    await tx.resource.createMany({ data: { ...at, kind: "practitioner", name: "Dr Test" } });
    await tx.practitioner.createMany({ data: { ...at, locationId, name: "Dr Test", approval: "approved" } });
    await tx.service.createMany({
      data: {
        clinicId,
        id: serviceId,
        name: "Consultation",
        minutes: over.minutes ?? 20,
        intervalMinutes: over.intervalMinutes ?? 20,
        noticeMinutes: over.noticeMinutes ?? 0,
        bufferBefore: over.bufferBefore ?? 0,
        bufferAfter: over.bufferAfter ?? 0,
        horizonDays: over.horizonDays ?? 60,
        priceCents: 45_000n,
      },
    });
    await tx.servicePractitioner.createMany({ data: { clinicId, id: newId(), serviceId, practitionerId } });
    await tx.member.createMany({ data: { clinicId, id: newId(), accountId: ownerAccountId, role: "owner" } });
    if (hours === null) return;
    const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      clinicId,
      id: newId(),
      resourceId: practitionerId,
      weekday,
      fromMinute: hours.from,
      toMinute: hours.to,
    }));
    await tx.openingHours.createMany({ data: week });
  });
  await t.admin("UPDATE platform.clinic SET status = $2, approved_at = now() WHERE id = $1", [
    clinicId,
    over.status ?? "live",
  ]);
  return { clinicId, slug, ownerAccountId, practitionerId, serviceId, locationId };
}

export type AccountOverrides = Partial<{
  email: string;
  name: string;
  platformRole: "admin" | "support";
  verified: boolean;
}>;

/** An account without a password; verified unless told otherwise. */
export async function makeAccount(t: TestDatabase, over: AccountOverrides = {}): Promise<string> {
  const id = newId();
  await t.db.withAuth((tx) =>
    tx.account.createMany({
      data: {
        id,
        email: over.email ?? `person-${id}@people.example`,
        name: over.name ?? "Test Person",
        platformRole: over.platformRole ?? null,
        emailVerifiedAt: over.verified === false ? null : new Date(),
      },
    }),
  );
  return id;
}

export type BookingOverrides = Partial<{
  startsAt: Date;
  minutes: number;
  state: "held" | "confirmed";
  patientName: string;
}>;

/** A booking with its patient and its occupancy, written past the booking path. */
export async function makeBooking(
  t: TestDatabase,
  clinic: MadeClinic,
  over: BookingOverrides = {},
): Promise<{ bookingId: string; patientId: string; occupancyId: string; startsAt: Date }> {
  const { clinicId, practitionerId, serviceId } = clinic;
  const [bookingId, patientId, occupancyId] = [newId(), newId(), newId()];
  const startsAt = over.startsAt ?? new Date("2030-01-07T08:00:00Z");
  const endsAt = new Date(startsAt.getTime() + (over.minutes ?? 20) * 60_000);
  const held = over.state === "held";
  const holdExpiresAt = held ? new Date(Date.now() + 600_000) : null;
  await t.db.withTx({ clinicId, actor: "guest" }, async (tx) => {
    await tx.patient.createMany({ data: { clinicId, id: patientId, name: over.patientName ?? "Test Patient" } });
    await tx.booking.createMany({
      data: {
        clinicId,
        id: bookingId,
        ref: "TST4",
        tokenHash: createHash("sha256").update(bookingId).digest("hex"),
        patientId,
        serviceId,
        practitionerId,
        state: over.state ?? "confirmed",
        startsAt,
        endsAt,
        holdExpiresAt,
        bookedBy: "patient",
      },
    });
    await tx.occupancy.createMany({
      data: {
        clinicId,
        id: occupancyId,
        resourceId: practitionerId,
        bookingId,
        startsAt,
        endsAt,
        blockedFrom: startsAt,
        blockedTo: endsAt,
        state: held ? "held" : "booked",
        holdExpiresAt,
      },
    });
  });
  return { bookingId, patientId, occupancyId, startsAt };
}
