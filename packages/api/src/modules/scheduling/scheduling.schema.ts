import { z } from "zod";

const Minute = z.int().min(0).max(1440);
const DayWindow = z.strictObject({ from: Minute.max(1439), to: Minute });
const WeeklyWindow = DayWindow.extend({ weekday: z.literal([1, 2, 3, 4, 5, 6, 7]) });
/** A date the engine's calendar covers with room on both sides */
export const Day = z.iso
  .date()
  .refine((day) => day >= "2000-01-01" && day <= "2150-12-31", "Choose a day in this century");
/** A date of an answer: the week after the last day one may ask about has dates, too. */
export const AnyDay = z.iso.date();
/** An instant the engine's calendar covers. */
export const Instant = z.date().min(new Date("2000-01-01T00:00:00Z")).max(new Date("2150-12-31T00:00:00Z"));
/** One line of text that people read. */
export const line = (most: number, missing: string) =>
  z
    .string()
    .max(most * 3)
    .transform((raw) =>
      raw
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .replace(/ {2,}/g, " ")
        .trim(),
    )
    .pipe(z.string().min(1, missing).max(most, `Use at most ${most} letters`));
/** An idempotency key: a new random one for each thing a person means to do once. */
export const Key = z
  .string()
  .min(8)
  .max(255)
  .regex(/^[\p{L}\p{N}\p{P}\p{S} ]+$/u, "Use letters, digits and signs");

/** Weekly windows that hold from one date to another, both included; on each date the one that began last wins. */
const Timetable = z
  .strictObject({ from: Day.nullable(), until: Day.nullable(), weekly: z.array(WeeklyWindow).max(70) })
  .refine(({ from, until }) => from === null || until === null || from <= until, {
    path: ["until"],
    message: "Choose a day after the first one",
  });

/** When someone or something is there. */
export const hoursFields = {
  /** a few windows a day */
  weekly: z.array(WeeklyWindow).max(70),
  /** dates with other hours; no windows closes the day */
  overrides: z.array(z.strictObject({ date: Day, windows: z.array(DayWindow).max(10) })).max(400),
  /** absent: as they are */
  timetables: z.array(Timetable).max(20).optional(),
};

/** null: no limit */
const limits = z.strictObject({
  dayCount: z.int().min(0).max(1000).nullable(),
  dayMinutes: z.int().min(0).max(1440).nullable(),
  weekCount: z.int().min(0).max(7000).nullable(),
  weekMinutes: z.int().min(0).max(10_080).nullable(),
});

export const HoursGetIn = z.strictObject({ practitionerId: z.uuid() });
export const HoursPreviewIn = z.strictObject({
  practitionerId: z.uuid(),
  ...hoursFields,
  /** absent: as they are */
  limits: limits.optional(),
  from: Day,
});
export const HoursSaveIn = z.strictObject({
  practitionerId: z.uuid(),
  ...hoursFields,
  /** the most there may be with this practitioner; absent: as it is */
  limits: limits.optional(),
  version: z.string().max(64),
  key: Key,
});

export const HoursOut = z.object({
  weekly: z.array(WeeklyWindow),
  overrides: z.array(z.object({ date: Day, windows: z.array(DayWindow) })),
  timetables: z.array(z.object({ from: Day.nullable(), until: Day.nullable(), weekly: z.array(WeeklyWindow) })),
  limits,
  leaveCount: z.int(),
  /** says what was read; saving over something newer is refused */
  version: z.string(),
});

export const HoursPreviewOut = z.array(
  z.object({
    date: AnyDay,
    count: z.int(),
    was: z.int(),
    /** visits that are booked and would lie outside the hours; they keep their time */
    outside: z.int(),
    times: z.array(z.string()),
  }),
);

export const PractitionersOut = z.array(
  z.object({
    id: z.uuid(),
    name: z.string(),
    registrationNumber: z.string().nullable(),
    approval: z.string(),
    active: z.boolean(),
  }),
);

export const ClinicHomeOut = z.object({
  slug: z.string(),
  name: z.string(),
  status: z.string(),
  zone: z.string(),
  phone: z.string().nullable(),
  about: z.string().nullable(),
  address: z.string().nullable(),
  open: z.boolean(),
  openUntil: z.date().nullable(),
  nextOpening: z.date().nullable(),
  next: z
    .object({
      start: z.date(),
      serviceId: z.uuid(),
      serviceName: z.string(),
      practitionerId: z.uuid(),
      practitionerName: z.string(),
    })
    .nullable(),
  bookable: z.boolean(),
});

export type Hours = z.output<typeof HoursOut>;
export type HoursPreviewInput = z.output<typeof HoursPreviewIn>;
export type HoursSaveInput = z.output<typeof HoursSaveIn>;
