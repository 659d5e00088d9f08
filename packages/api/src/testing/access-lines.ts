import type { ProcedureMeta } from "../trpc/init.ts";

/** What a foreign row's ids look like, and what an id that exists nowhere looks like. */
export type Ids = { bookingId: string; practitionerId: string; serviceId: string; clinicId: string; token: string };

export type AccessLine = ProcedureMeta & {
  /** input that is right in every way but for whose ids it carries; absent where a procedure takes none */
  withIds?: (ids: Ids, own: Ids) => unknown;
};

const clinic = ["clinic"] as const;
const open = { audience: "public", faces: clinic, permission: "open" } as const;
const apex = { audience: "public", faces: ["apex"], permission: "open" } as const;
const link = { audience: "patient", faces: clinic, permission: "link" } as const;
const staff = (permission: AccessLine["permission"]) => ({ audience: "staff", faces: clinic, permission }) as const;
const platform = (permission: AccessLine["permission"]) =>
  ({ audience: "platform", faces: ["console"], permission }) as const;

const key = "an-idempotency-key";
const day = () => new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
const start = () => new Date(`${day()}T07:00:00Z`);
const weekly = () => ({ start: start(), rule: { freq: "weekly", count: 2 } });
/** long gone, so that it stands in nobody's way */
const anHour = () => ({ startsAt: new Date("2025-03-01T08:00:00Z"), endsAt: new Date("2025-03-01T09:00:00Z") });
const person = { name: "Lerato Khumalo", email: "lerato@people.example" };
const service = {
  name: "Check-up",
  minutes: 20,
  bufferBefore: 0,
  bufferAfter: 0,
  intervalMinutes: 20,
  noticeMinutes: 0,
  horizonDays: 60,
  priceCents: 0,
  active: true,
};

/** One line per procedure: who may call it, and how it is asked about somebody else's rows. A missing line fails the test. */
export const accessLines: Record<string, AccessLine> = {
  "public.clinic.home": open,
  "public.booking.catalog": open,
  "public.booking.times": { ...open, withIds: ({ serviceId }) => ({ serviceId, who: "any" }) },
  "public.booking.hold": { ...open, withIds: ({ serviceId }) => ({ serviceId, who: "any", start: start(), key }) },
  "public.booking.extendHold": { ...open, withIds: ({ token }) => ({ token }) },
  "public.booking.releaseHold": { ...open, withIds: ({ token }) => ({ token }) },
  "public.booking.confirm": { ...open, withIds: ({ token }) => ({ token, key, ...person }) },
  "public.booking.book": {
    ...open,
    withIds: ({ practitionerId }, own) => ({
      serviceId: own.serviceId,
      who: practitionerId,
      start: start(),
      key,
      ...person,
    }),
  },
  "public.booking.questions": { ...open, withIds: ({ serviceId }) => ({ serviceId }) },
  "public.booking.family.propose": { ...open, withIds: ({ token }) => ({ token, people: 2 }) },
  "public.booking.family.take": {
    ...open,
    withIds: ({ token }, own) => ({
      token,
      visits: [0, 20].map((minutes) => ({
        start: new Date(start().getTime() + minutes * 60_000),
        practitionerId: own.practitionerId,
      })),
      key,
    }),
  },
  "public.booking.family.confirm": {
    ...open,
    withIds: ({ token }) => ({ token, people: [{ name: "Lerato" }, { name: "Sipho" }], email: person.email, key }),
  },
  "public.live.times": { ...open, withIds: ({ serviceId, token }) => ({ serviceId, who: "any", date: day(), token }) },
  "public.directory.find": apex,
  "public.signUp.checkSlug": apex,
  "public.signUp.start": apex,
  "public.account.signIn": { ...open, faces: ["clinic", "console"] },
  "public.account.signOut": { ...open, faces: ["clinic", "console"] },
  "public.account.verifyEmail": { ...open, withIds: ({ token }) => ({ token }) },
  "public.account.resendVerification": open,
  "patient.booking.get": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.booking.cancel": { ...link, withIds: ({ token }) => ({ token, key }) },
  "patient.booking.moveTimes": { ...link, withIds: ({ token, practitionerId }) => ({ token, who: practitionerId }) },
  "patient.booking.move": {
    ...link,
    withIds: ({ token, practitionerId }) => ({ token, start: start(), who: practitionerId, key }),
  },
  "patient.booking.keep": { ...link, withIds: ({ token }) => ({ token, key }) },
  "patient.booking.calendar": { ...link, withIds: ({ token }) => ({ token }) },
  "staff.me": staff("clinic.read"),
  "staff.today": staff("booking.read"),
  "staff.bookings.day": staff("booking.read"),
  "staff.bookings.get": { ...staff("booking.read"), withIds: ({ bookingId }) => ({ bookingId }) },
  "staff.bookings.book": {
    ...staff("booking.write"),
    withIds: ({ practitionerId }, own) => ({
      serviceId: own.serviceId,
      who: practitionerId,
      start: start(),
      key,
      ...person,
    }),
  },
  "staff.bookings.answers": { ...staff("answers.read"), withIds: ({ bookingId }) => ({ bookingId }) },
  "staff.bookings.week": {
    ...staff("booking.read"),
    withIds: ({ practitionerId }) => ({ practitionerId, from: day() }),
  },
  "staff.bookings.move": {
    ...staff("booking.write"),
    withIds: ({ bookingId, practitionerId }) => ({ bookingId, start: start(), practitionerId, sequence: 0, key }),
  },
  "staff.bookings.transition": {
    ...staff("booking.write"),
    withIds: ({ bookingId }) => ({ bookingId, to: "checked_in", key }),
  },
  "staff.bookings.squeezeIn": {
    ...staff("booking.squeeze_in"),
    withIds: ({ serviceId, practitionerId }) => ({
      serviceId,
      practitionerId,
      start: start(),
      reason: "In pain since the morning",
      key,
      name: person.name,
    }),
  },
  "staff.days.plan": {
    ...staff("booking.write"),
    withIds: ({ practitionerId }) => ({ practitionerId, date: day() }),
  },
  "staff.days.move": {
    ...staff("booking.write"),
    withIds: ({ bookingId, practitionerId }) => ({
      practitionerId,
      date: day(),
      moves: [{ bookingId, start: start(), practitionerId, sequence: 0 }],
      key,
    }),
  },
  "staff.bookings.cancel": { ...staff("booking.cancel"), withIds: ({ bookingId }) => ({ bookingId, key }) },
  "staff.practitioners.list": staff("clinic.read"),
  "staff.hours.get": { ...staff("hours.read"), withIds: ({ practitionerId }) => ({ practitionerId }) },
  "staff.hours.preview": {
    ...staff("hours.read"),
    withIds: ({ practitionerId }) => ({ practitionerId, weekly: [], overrides: [], from: day() }),
  },
  "staff.hours.save": {
    ...staff("hours.write"),
    withIds: ({ practitionerId }) => ({ practitionerId, weekly: [], overrides: [], version: "none", key }),
  },
  "staff.times.explain": {
    ...staff("hours.read"),
    withIds: ({ practitionerId }, own) => ({ serviceId: own.serviceId, practitionerId, start: start() }),
  },
  "staff.times.free": {
    ...staff("hours.read"),
    withIds: ({ serviceId }) => ({ serviceId, who: "any", from: day(), days: 2 }),
  },
  "staff.times.calendar": staff("hours.read"),
  "staff.leave.list": staff("hours.read"),
  "staff.leave.affected": staff("booking.read"),
  "staff.leave.preview": {
    ...staff("booking.read"),
    withIds: ({ practitionerId }) => ({ practitionerId, ...anHour() }),
  },
  "staff.leave.save": {
    ...staff("leave.write"),
    withIds: ({ clinicId, practitionerId }) => ({ id: clinicId, practitionerId, ...anHour(), kind: "leave", key }),
  },
  // A clinic of the tests has one leave, one closure and one room, which bear its id.
  "staff.leave.remove": { ...staff("leave.write"), withIds: ({ clinicId }) => ({ id: clinicId, key }) },
  "staff.leave.keep": {
    ...staff("leave.write"),
    withIds: ({ clinicId, bookingId }) => ({ leaveId: clinicId, bookingId, key }),
  },
  "staff.rooms.list": staff("clinic.read"),
  "staff.rooms.save": {
    ...staff("clinic.write"),
    withIds: ({ clinicId }) => ({ id: clinicId, kind: "room", name: "Room 1", active: true, key }),
  },
  "staff.rooms.hours": { ...staff("hours.read"), withIds: ({ clinicId }) => ({ roomId: clinicId }) },
  "staff.rooms.previewHours": {
    ...staff("hours.read"),
    withIds: ({ clinicId }) => ({ roomId: clinicId, weekly: [], overrides: [], from: day() }),
  },
  "staff.rooms.saveHours": {
    ...staff("clinic.write"),
    withIds: ({ clinicId }) => ({ roomId: clinicId, weekly: [], overrides: [], version: "none", key }),
  },
  "staff.closures.list": staff("hours.read"),
  "staff.closures.save": {
    ...staff("clinic.write"),
    withIds: ({ clinicId }) => ({ id: clinicId, ...anHour(), label: "Stock-taking", key }),
  },
  "staff.closures.remove": { ...staff("clinic.write"), withIds: ({ clinicId }) => ({ id: clinicId, key }) },
  "staff.clinicRules.get": staff("clinic.read"),
  "staff.clinicRules.save": staff("clinic.write"),
  "staff.services.list": staff("service.read"),
  "staff.services.save": {
    ...staff("service.write"),
    withIds: ({ serviceId, practitionerId }) => ({ id: serviceId, ...service, practitionerIds: [practitionerId], key }),
  },
  "staff.questions.list": { ...staff("service.read"), withIds: ({ serviceId }) => ({ serviceId }) },
  "staff.questions.save": {
    ...staff("service.write"),
    withIds: ({ serviceId }) => ({ serviceId, questions: [], version: "none", key }),
  },
  "public.waitlist.join": {
    ...open,
    withIds: ({ serviceId }) => ({ serviceId, who: "any", canCome: [], key, ...person }),
  },
  "patient.live.booking": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.live.waitlist": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.waitlist.get": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.waitlist.accept": { ...link, withIds: ({ token }) => ({ token, key }) },
  "patient.waitlist.decline": { ...link, withIds: ({ token }) => ({ token, key }) },
  "patient.waitlist.withdraw": { ...link, withIds: ({ token }) => ({ token, key }) },
  "staff.waitlist.list": staff("waitlist.read"),
  "staff.waitlist.add": {
    ...staff("waitlist.write"),
    withIds: ({ serviceId }) => ({ serviceId, who: "any", canCome: [], key, ...person }),
  },
  "staff.waitlist.offer": { ...staff("waitlist.write"), withIds: ({ bookingId }) => ({ gapId: bookingId, key }) },
  "staff.waitlist.answer": {
    ...staff("waitlist.write"),
    withIds: ({ bookingId }) => ({ entryId: bookingId, answer: "decline", key }),
  },
  "staff.waitlist.withdraw": { ...staff("waitlist.write"), withIds: ({ bookingId }) => ({ entryId: bookingId, key }) },
  "patient.feeds.get": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.feeds.create": { ...link, withIds: ({ token }) => ({ token, key }) },
  "patient.feeds.revoke": { ...link, withIds: ({ token }) => ({ token, key }) },
  "staff.feeds.list": staff("booking.read"),
  "staff.feeds.create": { ...staff("booking.read"), withIds: ({ practitionerId }) => ({ practitionerId, key }) },
  "staff.feeds.revoke": { ...staff("booking.read"), withIds: ({ practitionerId }) => ({ practitionerId, key }) },
  "staff.series.check": {
    ...staff("booking.write"),
    withIds: ({ practitionerId }, own) => ({ ...weekly(), serviceId: own.serviceId, practitionerId }),
  },
  "staff.series.book": {
    ...staff("booking.write"),
    withIds: ({ practitionerId }, own) => ({
      ...weekly(),
      serviceId: own.serviceId,
      practitionerId,
      choices: [{ date: day(), start: start() }],
      key,
      ...person,
    }),
  },
  // A booking of the other clinic is its own set there.
  "staff.series.get": { ...staff("booking.read"), withIds: ({ bookingId }) => ({ setId: bookingId }) },
  "staff.series.cancel": { ...staff("booking.cancel"), withIds: ({ bookingId }) => ({ setId: bookingId, key }) },
  "staff.live.events": staff("booking.read"),
  "platform.me": platform("platform.read"),
  "platform.overview": platform("platform.read"),
  "platform.clinics.list": platform("platform.read"),
  "platform.clinics.approve": { ...platform("clinic.approve"), withIds: ({ clinicId }) => ({ clinicId, key }) },
  "platform.live.events": platform("platform.read"),
};
