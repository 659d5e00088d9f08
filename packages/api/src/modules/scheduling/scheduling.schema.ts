import { z } from "zod";

const Minute = z.int().min(0).max(1440);
const DayWindow = z.strictObject({ from: Minute.max(1439), to: Minute });
const WeeklyWindow = DayWindow.extend({ weekday: z.literal([1, 2, 3, 4, 5, 6, 7]) });
/** A date the engine's calendar covers with room on both sides */
export const Day = z.iso
  .date()
  .refine((day) => day >= "2000-01-01" && day <= "2150-12-31", "Choose a day in this century");
/** An idempotency key: a new random one for each thing a person means to do once. */
export const Key = z.string().min(8).max(255);

const hours = {
  /** a few windows a day */
  weekly: z.array(WeeklyWindow).max(70),
  /** dates with other hours; no windows closes the day */
  overrides: z.array(z.strictObject({ date: Day, windows: z.array(DayWindow).max(10) })).max(400),
};

export const HoursGetIn = z.strictObject({ practitionerId: z.uuid() });
export const HoursPreviewIn = z.strictObject({ practitionerId: z.uuid(), ...hours, from: Day });
export const HoursSaveIn = z.strictObject({
  practitionerId: z.uuid(),
  ...hours,
  version: z.string().max(64),
  key: Key,
});

export const HoursOut = z.object({
  weekly: z.array(WeeklyWindow),
  overrides: z.array(z.object({ date: Day, windows: z.array(DayWindow) })),
  leaveCount: z.int(),
  /** says what was read; saving over something newer is refused */
  version: z.string(),
});

export const HoursPreviewOut = z.array(
  z.object({ date: Day, count: z.int(), was: z.int(), times: z.array(z.string()) }),
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

const name = z
  .string()
  .max(200)
  .transform((raw) =>
    raw
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .replace(/ {2,}/g, " ")
      .trim(),
  )
  .pipe(z.string().min(1, "Enter a name").max(80, "Use at most 80 letters"));

/** A service and its buffers together stay under a day: reads rely on it. */
export const ServiceSaveIn = z.strictObject({
  id: z.uuid().optional(),
  name,
  minutes: z.int().min(5).max(720),
  bufferBefore: z.int().min(0).max(240),
  bufferAfter: z.int().min(0).max(240),
  intervalMinutes: z.int().min(5).max(720),
  noticeMinutes: z
    .int()
    .min(0)
    .max(60 * 24 * 60),
  horizonDays: z.int().min(1).max(365),
  priceCents: z.int().min(0).max(100_000_00),
  active: z.boolean(),
  practitionerIds: z.array(z.uuid()).max(100),
  key: Key,
});

export const ServiceOut = z.object({
  id: z.uuid(),
  name: z.string(),
  minutes: z.int(),
  bufferBefore: z.int(),
  bufferAfter: z.int(),
  intervalMinutes: z.int(),
  noticeMinutes: z.int(),
  horizonDays: z.int(),
  priceCents: z.int(),
  active: z.boolean(),
  practitionerIds: z.array(z.uuid()),
});

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
export type Service = z.output<typeof ServiceOut>;
export type ServiceSaveInput = z.output<typeof ServiceSaveIn>;
