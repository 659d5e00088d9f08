import { z } from "zod";
import { Answers } from "../../intake/index.ts";
import { contactMissing, hasContact, patientFields } from "../../records/index.ts";
import { Day, Key } from "../../scheduling/index.ts";
import { BookingView, Minutes, StaffBookingOut, Start, Token, Warning } from "../booking.schema.ts";
import { mostDates, weekdays } from "./series-dates.ts";

/** Largest family that books together. */
const mostPeople = 6;
const Visit = z.strictObject({ start: Start, practitionerId: z.uuid() });

export const FamilyProposeIn = z.strictObject({ token: Token, people: z.int().min(2).max(mostPeople) });
export const FamilyTakeIn = z.strictObject({
  token: Token,
  visits: z.array(Visit).min(2).max(mostPeople),
  key: Key,
});
export const FamilyConfirmIn = z
  .strictObject({
    token: Token,
    /** in the order of the visits; the first one is who can be reached. Each answers what the service asks of everybody. */
    people: z
      .array(z.strictObject({ name: patientFields.name, answers: Answers.optional() }))
      .min(2)
      .max(mostPeople),
    email: patientFields.email,
    phone: patientFields.phone,
    reason: patientFields.reason,
    key: Key,
  })
  .refine(hasContact, contactMissing);

const VisitOut = z.object({ start: z.date(), practitionerId: z.uuid() });
export const FamilyProposeOut = z.object({
  /** with the held time in it: one after the other, or side by side */
  together: z.array(VisitOut).nullable(),
  /** where that cannot be: other times, everybody's in order of the clock */
  apart: z.array(z.array(VisitOut)),
});
export const FamilyTakeOut = z.object({
  visits: z.array(VisitOut.extend({ token: z.string() })),
  expiresAt: z.date(),
});
export const FamilyConfirmOut = z.object({
  bookings: z.array(z.object({ token: z.string(), booking: BookingView, warnings: z.array(Warning) })),
});

const Rule = z
  .strictObject({
    freq: z.enum(["daily", "weekly", "monthly"]),
    interval: z.int().min(1).max(26).default(1),
    count: z.int().min(1).max(mostDates).optional(),
    until: Day.optional(),
    byDay: z.array(z.enum(weekdays)).min(1).max(7).optional(),
  })
  .refine(({ count, until }) => (count === undefined) !== (until === undefined), {
    message: "Say how many times, or until when",
    path: ["count"],
  })
  .refine(({ freq, byDay }) => freq === "weekly" || byDay === undefined, {
    message: "Weekdays go with weekly",
    path: ["byDay"],
  });

const series = {
  serviceId: z.uuid(),
  practitionerId: z.uuid(),
  /** the first date and the time that is kept on the clinic's clock */
  start: Start,
  minutes: Minutes.optional(),
  rule: Rule,
};

export const SeriesCheckIn = z.strictObject(series);
export const SeriesBookIn = z
  .strictObject({
    ...series,
    ...patientFields,
    /** the dates that are booked, each at the time that was chosen for it; a date left out is left out */
    choices: z
      .array(z.strictObject({ date: Day, start: Start }))
      .min(1)
      .max(mostDates),
    key: Key,
  })
  .refine(hasContact, contactMissing);
export const SeriesGetIn = z.strictObject({ setId: z.uuid() });
export const SeriesCancelIn = z.strictObject({
  setId: z.uuid(),
  /** the first instant that is cancelled; absent: now */
  from: Start.optional(),
  key: Key,
});

const DateOut = z.object({
  date: Day,
  result: z.enum(["free", "blocked", "no_such_time"]),
  /** absent where clocks jump over the time */
  start: z.date().optional(),
  /** every rule in the way, in words for staff; never who booked */
  why: z.array(z.string()),
  /** the nearest free times of the same practitioner */
  alternatives: z.array(z.date()),
});
export const SeriesCheckOut = z.object({ ok: z.boolean(), dates: z.array(DateOut) });
export const SeriesBookOut = z.object({
  setId: z.uuid(),
  bookings: z.array(z.object({ bookingId: z.uuid(), ref: z.string(), start: z.date() })),
});
export const SeriesGetOut = z.object({
  /** in order of the clock, those that were cancelled too */
  bookings: z.array(
    z.object({ bookingId: z.uuid(), start: z.date(), end: z.date(), state: StaffBookingOut.shape.state }),
  ),
});
export const SeriesCancelOut = z.object({ cancelled: z.int() });

export type FamilyTakeInput = z.output<typeof FamilyTakeIn>;
export type FamilyConfirmInput = z.output<typeof FamilyConfirmIn>;
export type SeriesInput = z.output<typeof SeriesCheckIn>;
export type SeriesBookInput = z.output<typeof SeriesBookIn>;
export type SeriesCancelInput = z.output<typeof SeriesCancelIn>;
export type SeriesDate = z.output<typeof DateOut>;
export type SeriesDates = z.output<typeof SeriesGetOut>;
