import { z } from "zod";
import { Day, HoursOut, hoursFields, Instant, Key, line } from "./scheduling.schema.ts";
import { limitFields } from "./service.schema.ts";

export const RemoveIn = z.strictObject({ id: z.uuid(), key: Key });
export const RemovedOut = z.object({ removed: z.literal(true) });

export const ClosureSaveIn = z
  .strictObject({
    id: z.uuid().optional(),
    startsAt: Instant,
    endsAt: Instant,
    /** staff read it */
    label: line(100, "Enter what the clinic is shut for"),
    key: Key,
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, { path: ["endsAt"], message: "Choose an end after the start" });
export const ClosureOut = z.object({ id: z.uuid(), startsAt: z.date(), endsAt: z.date(), label: z.string() });

export const RoomSaveIn = z.strictObject({
  id: z.uuid().optional(),
  kind: z.enum(["room", "device"]),
  name: line(80, "Enter a name"),
  active: z.boolean(),
  ...limitFields,
  key: Key,
});
export const RoomOut = z.object({
  id: z.uuid(),
  kind: z.enum(["room", "device"]),
  name: z.string(),
  active: z.boolean(),
  dayCount: z.int().nullable(),
  dayMinutes: z.int().nullable(),
  weekCount: z.int().nullable(),
  weekMinutes: z.int().nullable(),
  /** names of the services that need it */
  services: z.array(z.string()),
  /** it has hours of its own; otherwise it is there at any hour */
  ownHours: z.boolean(),
});

export const RoomHoursIn = z.strictObject({ roomId: z.uuid() });
export const RoomHoursPreviewIn = z.strictObject({ roomId: z.uuid(), ...hoursFields, from: Day });
/** No weekly hours and no timetables: there at any hour, but for the dates that differ. */
export const RoomHoursSaveIn = z.strictObject({
  roomId: z.uuid(),
  ...hoursFields,
  version: z.string().max(64),
  key: Key,
});
export const RoomHoursOut = HoursOut.omit({ limits: true, leaveCount: true });

const Country = z.string().regex(/^[A-Z]{2}$/);
const rules = {
  /** null: public holidays are days like others */
  holidayCountry: Country.nullable(),
  /** buffers of two neighbours may lie over each other */
  shareBuffers: z.boolean(),
  /** visits a day that may be squeezed in with one practitioner */
  squeezeInCap: z.int().min(0).max(50),
  /** until so long before the start a patient may cancel or move, minutes */
  cancelUntilMinutes: z
    .int()
    .min(0)
    .max(60 * 24 * 60),
};

export const ClinicRulesSaveIn = z.strictObject({ ...rules, version: z.string().max(64), key: Key });
export const ClinicRulesOut = z.object({
  ...rules,
  /** says what was read; saving over something newer is refused */
  version: z.string(),
  /** whose public holidays are known */
  countries: z.array(z.object({ code: Country, name: z.string() })),
});

export type RemoveInput = z.output<typeof RemoveIn>;
export type ClosureSaveInput = z.output<typeof ClosureSaveIn>;
export type RoomSaveInput = z.output<typeof RoomSaveIn>;
export type Room = z.output<typeof RoomOut>;
export type RoomHours = z.output<typeof RoomHoursOut>;
export type RoomHoursPreviewInput = z.output<typeof RoomHoursPreviewIn>;
export type RoomHoursSaveInput = z.output<typeof RoomHoursSaveIn>;
export type ClinicRulesSaveInput = z.output<typeof ClinicRulesSaveIn>;
export type ClinicRules = z.output<typeof ClinicRulesOut>;
