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
const person = { name: "Lerato Khumalo", email: "lerato@people.example" };
const service = {
  name: "Check-up",
  minutes: 20,
  bufferBefore: 0,
  bufferAfter: 0,
  intervalMinutes: 20,
  noticeMinutes: 0,
  horizonDays: 30,
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
  "public.live.times": { ...open, withIds: ({ serviceId }) => ({ serviceId, who: "any", date: day() }) },
  "public.directory.find": apex,
  "public.signUp.checkSlug": apex,
  "public.signUp.start": apex,
  "public.account.signIn": { ...open, faces: ["clinic", "console"] },
  "public.account.signOut": { ...open, faces: ["clinic", "console"] },
  "public.account.verifyEmail": { ...open, withIds: ({ token }) => ({ token }) },
  "public.account.resendVerification": open,
  "patient.booking.get": { ...link, withIds: ({ token }) => ({ token }) },
  "patient.booking.cancel": { ...link, withIds: ({ token }) => ({ token, key }) },
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
  "staff.services.list": staff("service.read"),
  "staff.services.save": {
    ...staff("service.write"),
    withIds: ({ serviceId, practitionerId }) => ({ id: serviceId, ...service, practitionerIds: [practitionerId], key }),
  },
  "staff.live.events": staff("booking.read"),
  "platform.me": platform("platform.read"),
  "platform.overview": platform("platform.read"),
  "platform.clinics.list": platform("platform.read"),
  "platform.clinics.approve": { ...platform("clinic.approve"), withIds: ({ clinicId }) => ({ clinicId, key }) },
  "platform.live.events": platform("platform.read"),
};
