import { createHash } from "node:crypto";
import { type DemoClinic, type DemoPractitioner, patientNames } from "./demo-clinics.ts";

/** South Africa has one offset all year, so the demo needs no zone arithmetic. */
const offsetMs = 2 * 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export type PlannedBooking = {
  /** the same on every run */
  key: string;
  practitioner: string;
  service: string;
  patient: string;
  startsAt: Date;
  endsAt: Date;
  blockedTo: Date;
  state: "confirmed" | "completed" | "cancelled" | "no_show";
  bookedBy: "patient" | "staff";
  createdAt: Date;
};

/** Bookings of the days around `now`: about two thirds full behind it, under half full ahead. */
export function planBookings(clinic: DemoClinic, now: Date): PlannedBooking[] {
  const today = Math.floor((now.getTime() + offsetMs) / dayMs) * dayMs - offsetMs;
  const days = Array.from({ length: 15 }, (_, day) => today + (day - 7) * dayMs);
  return days.flatMap((day) => clinic.practitioners.flatMap((person) => planDay(clinic, person, { day, now })));
}

/** The day in the clinic's zone, "YYYY-MM-DD". */
export function dayOfBooking(instant: Date): string {
  return new Date(instant.getTime() + offsetMs).toISOString().slice(0, 10);
}

function planDay(clinic: DemoClinic, person: DemoPractitioner, at: { day: number; now: Date }): PlannedBooking[] {
  const weekday = new Date(at.day + offsetMs).getUTCDay() || 7;
  const windows = person.days.filter((day) => day.weekdays.includes(weekday)).flatMap((day) => day.windows);
  return windows.flatMap((window) => planWindow(clinic, person, { ...at, ...window }));
}

type Window = { day: number; now: Date; from: number; to: number };

function planWindow(clinic: DemoClinic, person: DemoPractitioner, at: Window): PlannedBooking[] {
  const planned: PlannedBooking[] = [];
  let minute = at.from;
  while (minute < at.to) {
    const startsAt = new Date(at.day + minute * minuteMs);
    const key = `${clinic.slug}|${person.name}|${startsAt.toISOString()}`;
    const service = serviceFor(clinic, person, key);
    const blocked = service.minutes + service.bufferAfter;
    if (minute + service.minutes > at.to) break;
    const past = startsAt < at.now;
    if (chance(key, "taken") < (past ? 0.68 : 0.42))
      planned.push(bookingAt(key, person, service, { startsAt, now: at.now }));
    minute += Math.ceil(blocked / 20) * 20;
  }
  return planned;
}

function bookingAt(
  key: string,
  person: DemoPractitioner,
  service: DemoClinic["services"][number],
  at: { startsAt: Date; now: Date },
): PlannedBooking {
  const endsAt = new Date(at.startsAt.getTime() + service.minutes * minuteMs);
  const madeBefore = (1 + Math.floor(chance(key, "made") * 9)) * dayMs;
  const createdAt = new Date(Math.min(at.startsAt.getTime() - madeBefore, at.now.getTime() - minuteMs));
  return {
    key,
    practitioner: person.name,
    service: service.name,
    patient: patientNames[Math.floor(chance(key, "patient") * patientNames.length)] ?? patientNames[0],
    startsAt: at.startsAt,
    endsAt,
    blockedTo: new Date(endsAt.getTime() + service.bufferAfter * minuteMs),
    state: stateOf(key, endsAt < at.now),
    bookedBy: chance(key, "by") < 0.7 ? "patient" : "staff",
    createdAt,
  };
}

function stateOf(key: string, over: boolean): PlannedBooking["state"] {
  const roll = chance(key, "state");
  if (roll < 0.08) return "cancelled";
  if (!over) return "confirmed";
  return roll < 0.13 ? "no_show" : "completed";
}

function serviceFor(clinic: DemoClinic, person: DemoPractitioner, key: string): DemoClinic["services"][number] {
  const offered = clinic.services.filter((service) => person.services.includes(service.name));
  const usual = chance(key, "service") < 0.65 ? 0 : 1 + Math.floor(chance(key, "which") * (offered.length - 1));
  const service = offered[Math.min(usual, offered.length - 1)];
  if (!service) throw new Error(`${person.name} offers no service of ${clinic.name}.`);
  return service;
}

/** A number in [0, 1) that depends only on its arguments. */
function chance(key: string, what: string): number {
  return createHash("sha256").update(`${what}|${key}`).digest().readUInt32BE(0) / 2 ** 32;
}
