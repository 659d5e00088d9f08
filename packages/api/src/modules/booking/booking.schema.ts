import { Day, Key } from "../scheduling/index.ts";
import { contactMissing, hasContact, patientFields } from "../records/index.ts";
import { z } from "zod";

/** 132 bits, base64url: what a booking's link carries */
const Token = z
  .string()
  .length(22)
  .regex(/^[A-Za-z0-9_-]+$/);
const Who = z.union([z.literal("any"), z.uuid()]);
const Start = z.date().min(new Date("2000-01-01T00:00:00Z")).max(new Date("2150-12-31T00:00:00Z"));

export const TimesIn = z.strictObject({
  serviceId: z.uuid(),
  who: Who,
  from: Day.optional(),
  days: z.int().min(1).max(31).default(7),
});

export const HoldIn = z.strictObject({ serviceId: z.uuid(), who: Who, start: Start, key: Key });
export const TokenIn = z.strictObject({ token: Token });
export const ConfirmIn = z
  .strictObject({ token: Token, key: Key, ...patientFields })
  .refine(hasContact, contactMissing);
export const BookIn = z
  .strictObject({ serviceId: z.uuid(), who: Who, start: Start, key: Key, ...patientFields })
  .refine(hasContact, contactMissing);

const cancelReason = z
  .string()
  .max(1000)
  .transform((text) => text.replaceAll("\0", "").trim())
  .optional();
export const CancelByLinkIn = z.strictObject({ token: Token, reason: cancelReason, key: Key });
export const CancelByStaffIn = z.strictObject({ bookingId: z.uuid(), reason: cancelReason, key: Key });
export const DayIn = z.strictObject({ date: Day });
export const BookingIn = z.strictObject({ bookingId: z.uuid() });
export const LiveTimesIn = z.strictObject({
  serviceId: z.uuid(),
  who: Who,
  date: Day,
  lastEventId: z.string().max(500).optional(),
});

const Person = z.object({ id: z.uuid(), name: z.string() });
const ServiceOut = z.object({ id: z.uuid(), name: z.string(), minutes: z.int(), priceCents: z.int() });
const State = z.enum([
  "held",
  "awaiting_payment",
  "requested",
  "confirmed",
  "checked_in",
  "in_consultation",
  "completed",
  "expired",
  "cancelled",
  "no_show",
  "declined",
]);

export const CatalogOut = z.object({
  services: z.array(ServiceOut.extend({ practitionerIds: z.array(z.uuid()) })),
  practitioners: z.array(Person),
});

const Time = z.object({ start: z.date(), practitionerId: z.uuid() });

export const TimesOut = z.object({
  zone: z.string(),
  service: ServiceOut,
  who: Person.nullable(),
  days: z.array(z.object({ date: Day, times: z.array(Time) })),
  /** resume point of the live subscription, of the same snapshot as the days */
  cursor: z.string(),
  /** the first day with times after an empty window; null when the window has some, or the horizon has none */
  nextDay: Day.nullable(),
  /** `from` of the page before and after this one */
  previousDay: Day.nullable(),
  nextPage: Day.nullable(),
});

export const HoldOut = z.object({ token: z.string(), start: z.date(), expiresAt: z.date(), practitionerId: z.uuid() });
export const ExtendOut = z.object({ expiresAt: z.date(), presses: z.int() });
export const ReleaseOut = z.object({ released: z.boolean() });

export const BookingView = z.object({
  ref: z.string(),
  state: State,
  start: z.date(),
  end: z.date(),
  holdExpiresAt: z.date().nullable(),
  service: ServiceOut,
  practitioner: Person,
  clinic: z.object({
    name: z.string(),
    slug: z.string(),
    phone: z.string().nullable(),
    address: z.string().nullable(),
    zone: z.string(),
  }),
  patientName: z.string().nullable(),
  cancelUntil: z.date().nullable(),
  canCancel: z.boolean(),
  sequence: z.int(),
});

export const BookOut = z.object({ token: z.string(), booking: BookingView });
export const CalendarOut = z.object({ filename: z.string(), ics: z.string() });

/** A booking as staff lists show it. */
export const StaffBookingOut = z.object({
  id: z.uuid(),
  ref: z.string(),
  state: State,
  start: z.date(),
  end: z.date(),
  patientName: z.string().nullable(),
  serviceName: z.string(),
  practitionerId: z.uuid(),
  practitionerName: z.string(),
  bookedBy: z.string(),
  createdAt: z.date(),
});

export const TodayOut = z.object({
  date: Day,
  zone: z.string(),
  booked: z.int(),
  needs: z.array(z.object({ kind: z.string(), text: z.string(), href: z.string() })),
  bookings: z.array(StaffBookingOut),
});

export type TimesInput = z.output<typeof TimesIn>;
export type HoldInput = z.output<typeof HoldIn>;
export type ConfirmInput = z.output<typeof ConfirmIn>;
export type BookInput = z.output<typeof BookIn>;
export type BookingView = z.output<typeof BookingView>;
export type StaffBooking = z.output<typeof StaffBookingOut>;
