import { randomUUID } from "node:crypto";
import { newId } from "@pulsecal/db";
import {
  type ClinicOverrides,
  type MadeClinic,
  makeClinic,
  type TestDatabase,
  testDatabase,
} from "@pulsecal/db/testing";
import type { Work } from "../../../infra/in-tx.ts";
import { closeServices, type Services } from "../../../infra/services.ts";
import { hashToken } from "../../../infra/tokens.ts";
import { testServices } from "../../../testing/test-services.ts";
import { refusalOf } from "../../../trpc/error-map.ts";
import { bookTime } from "../take/book-time.ts";

/** A database, services and a live clinic to book at. */
export type BookingWorld = {
  t: TestDatabase;
  s: Services;
  clinic: MadeClinic;
  work: GuestWork;
  close(): Promise<void>;
};

export type GuestWork = Work & { clinic: { zone: string; status: string } };

const zone = "Africa/Johannesburg";

export async function bookingWorld(over: ClinicOverrides = {}): Promise<BookingWorld> {
  const t = await testDatabase({ pool: { app: 20 } });
  const s = testServices(t);
  const clinic = await makeClinic(t, over);
  return { t, s, clinic, work: guestOf(s, clinic), close: () => closeServices(s).then(() => t.close()) };
}

export function guestOf(s: Services, clinic: MadeClinic): GuestWork {
  return { s, clinicId: clinic.clinicId, actor: "guest", requestId: "test", clinic: { zone, status: "live" } };
}

/** Days from now at a clock time in Johannesburg, which has no daylight saving. */
export function at(days: number, time: string): Date {
  const day = new Date(Date.now() + days * 86_400_000 + 2 * 3_600_000).toISOString().slice(0, 10);
  return new Date(`${day}T${time}:00+02:00`);
}

export function dayAt(days: number): string {
  return new Date(Date.now() + days * 86_400_000 + 2 * 3_600_000).toISOString().slice(0, 10);
}

/** What a guest sends to book. */
export function bookInput(
  clinic: MadeClinic,
  start: Date,
  over: Partial<{ serviceId: string; who: string; key: string; name: string }> = {},
) {
  return {
    serviceId: clinic.serviceId,
    who: clinic.practitionerId,
    start,
    key: randomUUID(),
    name: "Lerato Dube",
    // a mailbox has a budget over all clinics, and tests book more than a person does
    email: `lerato.${randomUUID().slice(0, 8)}@people.example`,
    ...over,
  };
}

/** Books a time as a guest does, and says which booking it is. */
export async function booked(
  t: TestDatabase,
  work: Work,
  clinic: MadeClinic,
  start: Date,
  over: Partial<{ who: string; name: string }> = {},
) {
  const { token, booking } = await bookTime(work, bookInput(clinic, start, over));
  const [row] = await t.admin("SELECT id FROM app.booking WHERE clinic_id = $1 AND token_hash = $2", [
    clinic.clinicId,
    hashToken(token),
  ]);
  return { token, id: String(row?.["id"]), booking };
}

export function holdInput(
  clinic: MadeClinic,
  start: Date,
  over: Partial<{ serviceId: string; who: string; key: string }> = {},
) {
  return { serviceId: clinic.serviceId, who: clinic.practitionerId, start, key: randomUUID(), ...over };
}

/** The code of a refusal, or "ok"; anything else is a fault and is thrown on. */
export async function outcome(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "ok";
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refusal.code;
  }
}

/** Overlapping pairs as only a superuser sees them all. */
export async function doubles(t: TestDatabase): Promise<number> {
  const [row] = await t.admin(`SELECT count(*)::int AS n FROM app.occupancy a JOIN app.occupancy b
    ON a.clinic_id = b.clinic_id AND a.resource_id = b.resource_id AND a.id < b.id
    AND tstzrange(a.blocked_from, a.blocked_to, '[)') && tstzrange(b.blocked_from, b.blocked_to, '[)')
    WHERE a.state IN ('held', 'booked') AND b.state IN ('held', 'booked')`);
  return Number(row?.["n"]);
}

/** One more doctor of a clinic, with the first one's hours, who gives its service. */
export async function addDoctor(t: TestDatabase, clinic: MadeClinic, name: string, position: number): Promise<string> {
  const id = newId();
  const { clinicId, practitionerId, serviceId, locationId } = clinic;
  await t.db.withTx({ clinicId, actor: "guest" }, async (tx) => {
    await tx.resource.createMany({ data: { clinicId, id, kind: "practitioner", name } });
    await tx.practitioner.createMany({ data: { clinicId, id, locationId, name, approval: "approved", position } });
    await tx.servicePractitioner.createMany({ data: { clinicId, id: newId(), serviceId, practitionerId: id } });
    const hours = await tx.openingHours.findMany({ where: { clinicId, resourceId: practitionerId } });
    await tx.openingHours.createMany({ data: hours.map((window) => ({ ...window, id: newId(), resourceId: id })) });
  });
  return id;
}

/** One more service of a clinic, given by its first doctor. */
export async function addService(
  t: TestDatabase,
  clinic: MadeClinic,
  minutes: number,
  over: { bufferAfter?: number; intervalMinutes?: number } = {},
): Promise<string> {
  const id = newId();
  const { clinicId, practitionerId } = clinic;
  await t.db.withTx({ clinicId, actor: "guest" }, async (tx) => {
    await tx.service.createMany({
      data: {
        clinicId,
        id,
        name: `Visit of ${minutes}`,
        minutes,
        intervalMinutes: 20,
        noticeMinutes: 0,
        position: 9,
        ...over,
      },
    });
    await tx.servicePractitioner.createMany({ data: { clinicId, id: newId(), serviceId: id, practitionerId } });
  });
  return id;
}

/** A room of a clinic. */
export async function addRoom(t: TestDatabase, clinic: MadeClinic, name: string): Promise<string> {
  const id = newId();
  await t.db.withTx({ clinicId: clinic.clinicId, actor: "guest" }, (tx) =>
    tx.resource.createMany({ data: { clinicId: clinic.clinicId, id, kind: "room", name } }),
  );
  return id;
}

/** Makes a clinic's service take one of some rooms or devices besides its practitioner. */
export async function addNeed(t: TestDatabase, clinic: MadeClinic, resourceIds: readonly string[]): Promise<void> {
  const { clinicId, serviceId } = clinic;
  const id = newId();
  await t.db.withTx({ clinicId, actor: "guest" }, async (tx) => {
    await tx.serviceNeed.createMany({ data: { clinicId, id, serviceId } });
    await tx.serviceNeedResource.createMany({
      data: resourceIds.map((resourceId) => ({ clinicId, id: newId(), needId: id, resourceId })),
    });
  });
}

/** The refusal somebody got; anything else is a fault. */
export async function refusal(run: Promise<unknown>): Promise<{ code: string; detail: Record<string, unknown> }> {
  try {
    await run;
  } catch (error) {
    const refused = refusalOf(error);
    if (refused) return refused;
    throw error;
  }
  throw new Error("nothing was refused");
}
