import { Day, Key } from "../scheduling/index.ts";
import { contactMissing, hasContact, patientFields } from "../records/index.ts";
import { z } from "zod";
import { Answers } from "../intake/index.ts";

/** 132 bits, base64url: what a booking's link carries */
export const Token = z
  .string()
  .length(22)
  .regex(/^[A-Za-z0-9_-]+$/);
const Who = z.union([z.literal("any"), z.uuid()]);
export const Start = z.date().min(new Date("2000-01-01T00:00:00Z")).max(new Date("2150-12-31T00:00:00Z"));

/** What is decided minute by minute cannot begin within one. */
const WholeMinute = Start.refine((start) => start.getTime() % 60_000 === 0, "Choose a whole minute");

/** How long a visit is, in minutes; which lengths there are is the service's to say. */
export const Minutes = z.int().min(1).max(720);
const Seats = z.int().min(1).max(10);

export const TimesIn = z.strictObject({
  serviceId: z.uuid(),
  who: Who,
  from: Day.optional(),
  days: z.int().min(1).max(31).default(7),
  /** one of the service's other lengths */
  minutes: Minutes.optional(),
  /** seats in one group session */
  seats: Seats.optional(),
});

export const HoldIn = z.strictObject({
  serviceId: z.uuid(),
  who: Who,
  start: Start,
  minutes: Minutes.optional(),
  /** the browser's own mark, 132 random bits: what it held before goes once this is held */
  holder: Token.optional(),
  key: Key,
});
export const TokenIn = z.strictObject({ token: Token });
/** A press on a held time. */
export const PressIn = z.strictObject({ token: Token, key: Key.optional() });

/** What a patient tells when they book; for somebody else they are the guardian. */
const told = {
  ...patientFields,
  dependant: z.strictObject({ name: patientFields.name }).optional(),
  answers: Answers.optional(),
};
export const ConfirmIn = z.strictObject({ token: Token, key: Key, ...told }).refine(hasContact, contactMissing);
export const BookIn = z
  .strictObject({
    serviceId: z.uuid(),
    who: Who,
    start: Start,
    minutes: Minutes.optional(),
    key: Key,
    ...told,
  })
  .refine(hasContact, contactMissing);

export const MoveTimesIn = z.strictObject({
  token: Token,
  /** the booking's own practitioner unless said */
  who: Who.optional(),
  from: Day.optional(),
  days: z.int().min(1).max(31).default(7),
});
export const MoveIn = z.strictObject({ token: Token, start: Start, who: Who, key: Key });
export const KeepIn = z.strictObject({ token: Token, key: Key });
export const StaffMoveIn = z.strictObject({
  bookingId: z.uuid(),
  start: Start,
  practitionerId: z.uuid(),
  /** another length */
  minutes: Minutes.optional(),
  /** the change that was seen when it was picked up */
  sequence: z.int().min(0),
  key: Key,
});

export const TransitionIn = z.strictObject({
  bookingId: z.uuid(),
  to: z.enum(["confirmed", "declined", "checked_in", "in_consultation", "completed", "no_show"]),
  key: Key,
});
/** Somebody at the desk: a name is enough. */
export const SqueezeInIn = z.strictObject({
  serviceId: z.uuid(),
  practitionerId: z.uuid(),
  start: WholeMinute,
  minutes: Minutes.optional(),
  reason: z
    .string()
    .max(1000)
    .transform((text) => text.replaceAll("\0", "").trim())
    .pipe(z.string().min(3, "Say why, in a few words").max(500, "Use at most 500 letters")),
  key: Key,
  name: patientFields.name,
  email: patientFields.email,
  phone: patientFields.phone,
});
export const WeekIn = z.strictObject({ practitionerId: z.uuid(), from: Day });
export const DayPlanIn = z.strictObject({ practitionerId: z.uuid(), date: Day });
export const DayMoveIn = z.strictObject({
  practitionerId: z.uuid(),
  date: Day,
  moves: z
    .array(z.strictObject({ bookingId: z.uuid(), start: Start, practitionerId: z.uuid(), sequence: z.int().min(0) }))
    .min(1)
    .max(200),
  key: Key.max(200),
});

const cancelReason = z
  .string()
  .max(1000)
  .transform((text) => text.replaceAll("\0", "").trim())
  .optional();
export const CancelByLinkIn = z.strictObject({ token: Token, reason: cancelReason, key: Key });
export const CancelByStaffIn = z.strictObject({ bookingId: z.uuid(), reason: cancelReason, key: Key });
export const DayIn = z.strictObject({ date: Day });
export const BookingIn = z.strictObject({ bookingId: z.uuid() });
export const LiveBookingIn = z.strictObject({ token: Token, lastEventId: z.string().max(500).optional() });
export const LiveTimesIn = z.strictObject({
  serviceId: z.uuid(),
  who: Who,
  date: Day,
  minutes: Minutes.optional(),
  seats: Seats.optional(),
  /** a booking that is to be moved: the times as if it were not there */
  token: Token.optional(),
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

const SetKind = z.enum(["family", "series"]);
/** a numbered place in a group session */
const Seat = z.object({ no: z.int(), of: z.int() });

export const CatalogOut = z.object({
  services: z.array(ServiceOut.extend({ practitionerIds: z.array(z.uuid()) })),
  practitioners: z.array(Person),
});

/** `left`: the seats that are left, where several people share a session. */
const Time = z.object({ start: z.date(), practitionerId: z.uuid(), left: z.int().optional() });

export const TimesOut = z.object({
  zone: z.string(),
  /** `minutes` is the length asked for */
  service: ServiceOut.extend({ minutesChoices: z.array(z.int()), seats: z.int() }),
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
  canMove: z.boolean(),
  /** until when its holder may move it; null when moving is not for them */
  moveUntil: z.date().nullable(),
  /** where it stood before the clinic moved it; null once its holder has kept or changed it */
  movedFrom: z.date().nullable(),
  /** its own length */
  minutes: z.int(),
  seat: Seat.nullable(),
  set: z
    .object({
      kind: SetKind,
      others: z.array(z.object({ token: z.string(), name: z.string().nullable(), start: z.date(), ref: z.string() })),
    })
    .nullable(),
  /** the clinic answers by hand: a booking of it waits as `requested` */
  approval: z.boolean(),
  sequence: z.int(),
});

/** Worth telling, no refusal: the patient has another booking at that time. */
export const Warning = z.enum(["own_clash"]);
export const BookOut = z.object({ token: z.string(), booking: BookingView, warnings: z.array(Warning) });
export const ConfirmOut = BookingView.extend({ warnings: z.array(Warning) });
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
  /** the number of changes so far; a move names it, so that nobody moves what they have not seen */
  sequence: z.int(),
  serviceId: z.uuid(),
  patientId: z.uuid().nullable(),
  /** all it occupies, the practitioner first */
  resourceIds: z.array(z.uuid()),
  /** names of its rooms and devices */
  rooms: z.array(z.string()),
  squeezedIn: z.boolean(),
  setId: z.uuid().nullable(),
  setKind: SetKind.nullable(),
  seat: Seat.nullable(),
  /** where it stood before the clinic moved it; null once the patient has kept or changed it */
  movedFrom: z.date().nullable(),
  holdExpiresAt: z.date().nullable(),
});

const Place = z.object({ start: z.date(), practitionerId: z.uuid() });
/** A day's bookings, each with the time proposed for it; null when there is none. */
export const DayPlanOut = z.array(z.object({ booking: StaffBookingOut, to: Place.nullable() }));
export const DayMoveOut = z.object({
  moved: z.array(StaffBookingOut),
  /** those that stay where they are: why, and what is free instead */
  lost: z.array(z.object({ bookingId: z.uuid(), why: z.string(), alternatives: z.array(Place) })),
});

export const TodayOut = z.object({
  date: Day,
  zone: z.string(),
  booked: z.int(),
  /** the next ones that wait for a yes or a no, by their start */
  requests: z.array(StaffBookingOut),
  /** how many wait in all */
  requestCount: z.int(),
  needs: z.array(z.object({ kind: z.string(), text: z.string(), href: z.string() })),
  bookings: z.array(StaffBookingOut),
});

export type TimesInput = z.output<typeof TimesIn>;
export type MoveTimesInput = z.output<typeof MoveTimesIn>;
export type MoveInput = z.output<typeof MoveIn>;
export type PressInput = z.output<typeof PressIn>;
export type TransitionInput = z.output<typeof TransitionIn>;
export type SqueezeInInput = z.output<typeof SqueezeInIn>;
export type DayPlanInput = z.output<typeof DayPlanIn>;
export type DayPlan = z.output<typeof DayPlanOut>;
export type DayMoveInput = z.output<typeof DayMoveIn>;
export type DayMoved = z.output<typeof DayMoveOut>;
export type StaffMoveInput = z.output<typeof StaffMoveIn>;
export type HoldInput = z.output<typeof HoldIn>;
export type ConfirmInput = z.output<typeof ConfirmIn>;
export type BookInput = z.output<typeof BookIn>;
export type Warning = z.output<typeof Warning>;
export type ConfirmOut = z.output<typeof ConfirmOut>;
export type BookingView = z.output<typeof BookingView>;
export type StaffBooking = z.output<typeof StaffBookingOut>;
