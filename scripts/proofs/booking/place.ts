import { newId } from "@pulsecal/db";
import { type MadeClinic, makeClinic, type TestDatabase } from "@pulsecal/db/testing";

export type ServiceShape = {
  minutes: number;
  intervalMinutes?: number;
  bufferBefore?: number;
  bufferAfter?: number;
  /** more than one: a group session */
  seats?: number;
  /** it also takes one of the clinic's rooms */
  room?: boolean;
  /** a patient's booking waits for the clinic's yes */
  needsApproval?: boolean;
  /** the most there may be of it in a day */
  dayCount?: number | null;
};

/** What a clinic of a race looks like; every doctor gives every service, open every day. */
export type Shape = {
  doctors: number;
  rooms?: number;
  services: readonly ServiceShape[];
  hours?: { from: number; to: number };
  /** buffers of neighbours may lie over each other */
  shareBuffers?: boolean;
  /** days in a row that one race uses; one unless said */
  days?: number;
};

/** A clinic to race at. */
export type Place = {
  clinicId: string;
  slug: string;
  ownerAccountId: string;
  doctors: string[];
  services: string[];
  rooms: string[];
  shape: Shape;
};

/** A day of a clinic that nobody has touched before. */
export type Spot = Place & { day: number };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Johannesburg is two hours ahead of UTC all year. */
const zoneMs = 2 * 60 * minuteMs;
const horizonDays = 60;
/** Late enough that nothing is too late to cancel or to move. */
const firstDay = 2;

/** The instant of a minute of a day, counted from today, in Johannesburg. */
export function instant(day: number, minute: number): Date {
  return new Date(Math.floor((Date.now() + zoneMs) / dayMs) * dayMs - zoneMs + day * dayMs + minute * minuteMs);
}

/** The calendar date of a day, counted from today. */
export function dateOf(day: number): string {
  return new Date(instant(day, 0).getTime() + zoneMs).toISOString().slice(0, 10);
}

/** Hands out days nobody has touched, making clinics of one shape as they are used up. */
export function groundOf(t: TestDatabase, shape: Shape): () => Promise<Spot> {
  const { days = 1 } = shape;
  let place: Promise<Place> | null = null;
  let next = 0;
  return async () => {
    if (!place || next + days >= horizonDays) {
      place = makePlace(t, shape);
      next = firstDay;
    }
    const day = next;
    next += days;
    return { ...(await place), day };
  };
}

export async function makePlace(t: TestDatabase, shape: Shape): Promise<Place> {
  const [first, ...others] = shape.services;
  if (!first) throw new Error("a clinic without a service takes no bookings");
  const clinic = await makeClinic(t, { ...withDefaults(first), horizonDays, hours: shape.hours ?? hours });
  const { clinicId, slug, ownerAccountId } = clinic;
  const doctors = [clinic.practitionerId];
  const services = [clinic.serviceId];
  const rooms: string[] = [];
  await t.db.withTx({ clinicId, actor: ownerAccountId }, async (tx) => {
    for (let position = 1; position < shape.doctors; position += 1) {
      const id = newId();
      doctors.push(id);
      const name = `Dr ${position}`;
      await tx.resource.createMany({ data: { clinicId, id, kind: "practitioner", name } });
      await tx.practitioner.createMany({
        data: { clinicId, id, locationId: clinic.locationId, name, approval: "approved", position },
      });
      await tx.openingHours.createMany({ data: week(clinicId, id, shape.hours ?? hours) });
    }
    for (const [index, service] of others.entries()) {
      const id = newId();
      services.push(id);
      const { minutes, intervalMinutes, noticeMinutes, bufferBefore, bufferAfter } = withDefaults(service);
      const numbers = { minutes, intervalMinutes, noticeMinutes, bufferBefore, bufferAfter, horizonDays };
      await tx.service.createMany({
        data: { clinicId, id, name: `Service ${index + 2}`, position: index, ...numbers },
      });
    }
    const given = services.flatMap((serviceId) => doctors.map((practitionerId) => ({ serviceId, practitionerId })));
    await tx.servicePractitioner.createMany({
      data: given
        .filter((one) => one.serviceId !== clinic.serviceId || one.practitionerId !== clinic.practitionerId)
        .map((one) => ({ clinicId, id: newId(), ...one })),
    });
    for (let index = 0; index < (shape.rooms ?? 0); index += 1) {
      const id = newId();
      rooms.push(id);
      await tx.resource.createMany({ data: { clinicId, id, kind: "room", name: `Room ${index + 1}` } });
      await tx.openingHours.createMany({ data: week(clinicId, id, shape.hours ?? hours) });
    }
  });
  if (shape.shareBuffers) {
    await t.admin("UPDATE app.clinic_profile SET share_buffers = true WHERE clinic_id = $1", [clinicId]);
  }
  for (const [index, service] of shape.services.entries()) await addDepth(t, clinic, services[index], service, rooms);
  return { clinicId, slug, ownerAccountId, doctors, services, rooms, shape };
}

const hours = { from: 480, to: 1020 };

function withDefaults(service: ServiceShape) {
  const { minutes, intervalMinutes = minutes, bufferBefore = 0, bufferAfter = 0 } = service;
  return { minutes, intervalMinutes, noticeMinutes: 0, bufferBefore, bufferAfter };
}

function week(clinicId: string, resourceId: string, { from, to }: { from: number; to: number }) {
  const window = { clinicId, resourceId, fromMinute: from, toMinute: to };
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ ...window, id: newId(), weekday }));
}

/** What most services have not: seats, a limit, a wait for the clinic's yes, a room. */
async function addDepth(
  t: TestDatabase,
  { clinicId }: MadeClinic,
  serviceId: string | undefined,
  { seats = 1, dayCount = null, needsApproval = false, room = false }: ServiceShape,
  rooms: readonly string[],
): Promise<void> {
  await t.admin(
    "UPDATE app.service SET seats = $3, day_count = $4, needs_approval = $5 WHERE clinic_id = $1 AND id = $2",
    [clinicId, serviceId, seats, dayCount, needsApproval],
  );
  if (!room) return;
  const needId = newId();
  await t.admin("INSERT INTO app.service_need (clinic_id, id, service_id, count) VALUES ($1, $2, $3, 1)", [
    clinicId,
    needId,
    serviceId,
  ]);
  await t.admin(
    `INSERT INTO app.service_need_resource (clinic_id, id, need_id, resource_id)
     SELECT $1, gen_random_uuid(), $2, room FROM unnest($3::uuid[]) AS room`,
    [clinicId, needId, rooms],
  );
}
