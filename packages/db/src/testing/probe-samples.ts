import { createHash } from "node:crypto";
import { newId } from "../ids.ts";

/** One clinic with a row of every model, and what a further row of each model needs. */
export type ProbeClinic = {
  clinicId: string;
  /** text that only this clinic's rows contain */
  canary: string;
  ids: Record<string, string>;
  spare: {
    resourceId: string;
    serviceId: string;
    accountId: string;
    patientId: string;
    bookingId: string;
    entryId: string;
    gapId: string;
  };
};

type Row = Record<string, unknown>;
type Sample = (clinic: ProbeClinic, id: string, n: number) => Row;

const day = 86_400_000;
const at = (n: number, minutes = 0) => new Date(Date.UTC(2031, 0, 1) + n * day + minutes * 60_000);
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** A valid new row of each clinic model, `n` keeps its unique values apart. A model without one fails the probes. */
const samples: Record<string, Sample> = {
  Clinic: ({ canary }, id, n) => ({ id, slug: `probe-${n}-${id.slice(-12)}`, name: canary }),
  ClinicProfile: ({ clinicId, canary }) => ({ clinicId, id: clinicId, about: canary }),
  Location: ({ clinicId, canary }, id) => ({ clinicId, id, name: canary }),
  Resource: ({ clinicId, canary }, id) => ({ clinicId, id, kind: "room", name: canary }),
  Practitioner: ({ clinicId, canary, ids }, id) => ({ clinicId, id, locationId: ids["Location"], name: canary }),
  Service: ({ clinicId, canary }, id) => ({ clinicId, id, name: canary, minutes: 20 }),
  ServicePractitioner: ({ clinicId, ids, spare }, id, n) => ({
    clinicId,
    id,
    serviceId: n === 0 ? ids["Service"] : spare.serviceId,
    practitionerId: ids["Practitioner"],
  }),
  OpeningHours: ({ clinicId, ids }, id) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    weekday: 1,
    fromMinute: 480,
    toMinute: 720,
  }),
  HoursOverride: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    date: at(n),
    windows: [],
  }),
  Leave: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    startsAt: at(n),
    endsAt: at(n, 60),
  }),
  Patient: ({ clinicId, canary }, id) => ({ clinicId, id, name: canary, emailSealed: Buffer.from(canary) }),
  PatientKey: ({ clinicId, canary, ids, spare }, _id, n) => ({
    clinicId,
    id: n === 0 ? ids["Patient"] : spare.patientId,
    version: 1,
    wrapped: Buffer.from(canary),
  }),
  ClinicKey: ({ clinicId, canary }) => ({
    clinicId,
    id: clinicId,
    version: 1,
    kekId: "probe",
    wrapped: Buffer.from(canary),
  }),
  Booking: ({ clinicId, canary, ids }, id, n) => ({
    clinicId,
    id,
    ref: "PRBE",
    tokenHash: hash(id),
    patientId: ids["Patient"],
    serviceId: ids["Service"],
    practitionerId: ids["Practitioner"],
    state: "confirmed",
    startsAt: at(n),
    endsAt: at(n, 20),
    reasonSealed: Buffer.from(canary),
    bookedBy: "patient",
  }),
  Occupancy: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    bookingId: ids["Booking"],
    startsAt: at(n),
    endsAt: at(n, 20),
    blockedFrom: at(n),
    blockedTo: at(n, 20),
    state: "booked",
  }),
  Timetable: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    fromDate: at(n),
    weekly: [],
  }),
  Closure: ({ clinicId, canary }, id, n) => ({ clinicId, id, startsAt: at(n), endsAt: at(n, 60), label: canary }),
  ServiceNeed: ({ clinicId, ids }, id) => ({ clinicId, id, serviceId: ids["Service"] }),
  ServiceNeedResource: ({ clinicId, ids, spare }, id, n) => ({
    clinicId,
    id,
    needId: ids["ServiceNeed"],
    resourceId: n === 0 ? ids["Resource"] : spare.resourceId,
  }),
  LeaveKept: ({ clinicId, ids, spare }, id, n) => ({
    clinicId,
    id,
    leaveId: ids["Leave"],
    bookingId: n === 0 ? ids["Booking"] : spare.bookingId,
  }),
  GroupSession: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    serviceId: ids["Service"],
    practitionerId: ids["Practitioner"],
    startsAt: at(n),
    endsAt: at(n, 60),
    capacity: 100,
  }),
  Seat: ({ clinicId, ids, spare }, id, n) => ({
    clinicId,
    id,
    sessionId: ids["GroupSession"],
    seatNo: n + 1,
    bookingId: n === 0 ? ids["Booking"] : spare.bookingId,
  }),
  IntakeQuestion: ({ clinicId, canary, ids }, id) => ({
    clinicId,
    id,
    serviceId: ids["Service"],
    kind: "text",
    label: canary,
  }),
  IntakeAnswer: ({ clinicId, canary, ids, spare }, id, n) => ({
    clinicId,
    id,
    bookingId: n === 0 ? ids["Booking"] : spare.bookingId,
    questionId: ids["IntakeQuestion"],
    answerSealed: Buffer.from(canary),
  }),
  CalendarFeed: ({ clinicId, ids }, id) => ({
    clinicId,
    id,
    practitionerId: ids["Practitioner"],
    tokenHash: hash(id),
  }),
  WaitlistEntry: ({ clinicId, canary, ids }, id) => ({
    clinicId,
    id,
    patientId: ids["Patient"],
    serviceId: ids["Service"],
    wishes: { canary },
    tokenHash: hash(id),
  }),
  WaitlistGap: ({ clinicId, ids }, id, n) => ({
    clinicId,
    id,
    resourceId: ids["Resource"],
    startsAt: at(n),
    endsAt: at(n, 60),
  }),
  WaitlistOffer: ({ clinicId, canary, ids, spare }, id, n) => ({
    clinicId,
    id,
    gapId: n === 0 ? ids["WaitlistGap"] : spare.gapId,
    entryId: n === 0 ? ids["WaitlistEntry"] : spare.entryId,
    bookingId: ids["Booking"],
    expiresAt: at(n, 30),
    rank: { canary },
  }),
  Idempotency: ({ clinicId, canary }, id) => ({ clinicId, id, key: id, inputHash: hash(id), answer: { canary } }),
  Event: ({ clinicId, canary }, id) => ({ clinicId, id, type: "probe.made", payload: { canary } }),
  Inbox: ({ clinicId }, id) => ({ clinicId, id, eventId: newId(), effect: "probe" }),
  Delivery: ({ clinicId, canary, ids }, id) => ({
    clinicId,
    id,
    bookingId: ids["Booking"],
    eventId: newId(),
    kind: "confirmation",
    state: "queued",
    messageId: canary,
  }),
  AuditLog: ({ clinicId, canary }, id) => ({
    clinicId,
    id,
    actor: "guest",
    action: "probe",
    entity: "probe",
    entityId: id,
    detail: { canary },
  }),
  Member: ({ clinicId, spare }, id) => ({ clinicId, id, accountId: spare.accountId, role: "billing" }),
};

/** Models in an order in which their rows can be made. */
export const sampledModels = Object.keys(samples);

/** A valid new row; `n` is 0 for the clinic's first one. */
export function sampleRow(model: string, clinic: ProbeClinic, id: string, n: number): Row {
  const sample = samples[model];
  if (!sample) throw new Error(`Add a sample row for the model ${model} to probe-samples.ts.`);
  return sample(clinic, id, n);
}

/** The id a further row of the model must have: some are bound to another row. */
export function freshId(model: string, clinic: ProbeClinic): string {
  if (model === "Practitioner") return clinic.spare.resourceId;
  if (model === "PatientKey") return clinic.spare.patientId;
  if (["ClinicProfile", "ClinicKey", "Clinic"].includes(model)) return clinic.clinicId;
  return newId();
}
