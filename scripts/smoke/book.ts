import assert from "node:assert/strict";
import { convertIcsCalendar } from "ts-ics";
import type { Message } from "../mailbox/store.ts";
import { type Listener, listen } from "./listen.ts";
import { type Clinic, key } from "./open-clinic.ts";

export type TimesSaid = { kind: "snapshot" | "delta"; date: string; taken: string[]; free: string[]; count: number };
export type StaffSaid = { type: string; booking?: { id: string; ref: string; state: string } | null };
export type Chosen = { serviceId: string; date: string; start: Date; cursor: string };

/** Reads the times a patient would see and picks one that is at least a day away. */
export async function chooseTime(clinic: Clinic, serviceId: string): Promise<Chosen> {
  const times = await clinic.patient.api.public.booking.times.query({ serviceId, who: "any" });
  assert.equal(times.service.id, serviceId);
  const tomorrow = Date.now() + 24 * 3_600_000;
  for (const { date, times: ofDay } of times.days) {
    const time = ofDay.find(({ start }) => start.getTime() > tomorrow);
    if (time) return { serviceId, date, start: time.start, cursor: times.cursor };
  }
  return assert.fail("no time is offered tomorrow or later");
}

/** All start times the public page offers. */
export async function offered(clinic: Clinic, serviceId: string): Promise<string[]> {
  const { days } = await clinic.patient.api.public.booking.times.query({ serviceId, who: "any" });
  return days.flatMap((day) => day.times.map((time) => time.start.toISOString()));
}

/** Watches a day's times as the clinic's page does. */
export function watchTimes(clinic: Clinic, chosen: Chosen): Promise<Listener<TimesSaid>> {
  const { serviceId, date, cursor } = chosen;
  return listen<TimesSaid>((handlers) =>
    clinic.patient.api.public.live.times.subscribe(
      { serviceId, who: "any", date, lastEventId: cursor },
      { ...handlers, onData: (said) => handlers.onData(said.data) },
    ),
  );
}

/** Watches the clinic's events as the portal does. */
export function watchPortal(clinic: Clinic): Promise<Listener<StaffSaid>> {
  return listen<StaffSaid>((handlers) =>
    clinic.owner.api.staff.live.events.subscribe(undefined, {
      ...handlers,
      onData: (said) => handlers.onData(said.data),
    }),
  );
}

export type Patient = { name: string; email: string };

/** Holds the time and confirms it, each sent twice: the second answer is the first one again. */
export async function book(clinic: Clinic, chosen: Chosen, patient: Patient): Promise<{ token: string; ref: string }> {
  const { booking } = clinic.patient.api.public;
  const wish = { serviceId: chosen.serviceId, who: "any", start: chosen.start, key: key() } as const;
  const hold = await booking.hold.mutate(wish);
  assert.equal((await booking.hold.mutate(wish)).token, hold.token, "the same request holds the same time");
  const details = { token: hold.token, ...patient, key: key() };
  const booked = await booking.confirm.mutate(details);
  assert.equal(booked.state, "confirmed");
  assert.equal(booked.start.getTime(), chosen.start.getTime());
  assert.equal((await booking.confirm.mutate(details)).ref, booked.ref, "the same request books once");
  return { token: hold.token, ref: booked.ref };
}

/** Checks the calendar file of a mail: it parses, and says the right instant. */
export function checkCalendar(
  mail: Message,
  expected: { method: "REQUEST" | "CANCEL"; start: Date },
): { uid: string; sequence: number } {
  const file = mail.attachments.find((part) => part.mimeType === "application/ics") ?? assert.fail("no calendar file");
  const calendar = convertIcsCalendar(undefined, file.text);
  const [event] = calendar.events ?? [];
  assert.equal(calendar.method, expected.method);
  assert.equal(event?.start.date.toISOString(), expected.start.toISOString());
  return { uid: event.uid, sequence: event.sequence ?? 0 };
}
