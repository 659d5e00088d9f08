import { z } from "zod";
import { AnyDay, Day, Instant } from "./scheduling.schema.ts";

/** Staff may give a visit any length. */
const Minutes = z.int().min(5).max(720);

export const ExplainIn = z.strictObject({
  serviceId: z.uuid(),
  practitionerId: z.uuid(),
  start: Instant,
  minutes: Minutes.optional(),
  /** a booking that is to be moved there: it does not stand in its own way, and what binds only patients is left out */
  bookingId: z.uuid().optional(),
});

const Time = z.object({ start: z.date(), practitionerId: z.uuid(), left: z.int().optional() });

export const ExplainOut = z.object({
  offered: z.boolean(),
  /** every rule that blocks the time, never who booked; empty if and only if it is offered */
  blocks: z.array(
    z.object({
      why: z.enum([
        "past",
        "notice",
        "horizon",
        "off_grid",
        "closed",
        "holiday",
        "closure",
        "leave",
        "busy",
        "seats",
        "day_limit",
        "week_limit",
        "not_enough",
      ]),
      text: z.string(),
      resourceId: z.uuid().optional(),
      from: z.date().optional(),
      to: z.date().optional(),
    }),
  ),
  /** the next offered time from there on, with the same practitioner where there is one */
  firstFree: Time.nullable(),
});

export const FreeIn = z.strictObject({
  serviceId: z.uuid(),
  who: z.union([z.literal("any"), z.uuid()]),
  from: Day,
  days: z.int().min(1).max(14).default(7),
  minutes: Minutes.optional(),
  bookingId: z.uuid().optional(),
});

export const FreeOut = z.object({ zone: z.string(), days: z.array(z.object({ date: AnyDay, times: z.array(Time) })) });

export const CalendarIn = z.strictObject({ from: Day, days: z.int().min(1).max(7) });

const Stretch = z.object({ from: z.date(), to: z.date() });

export const CalendarOut = z.object({
  zone: z.string(),
  practitioners: z.array(z.object({ id: z.uuid(), open: z.array(Stretch) })),
  leave: z.array(
    Stretch.extend({
      id: z.uuid(),
      practitionerId: z.uuid(),
      kind: z.enum(["leave", "block"]),
      label: z.string().nullable(),
    }),
  ),
  closures: z.array(Stretch.extend({ id: z.uuid(), label: z.string() })),
  holidays: z.array(z.object({ date: AnyDay, name: z.string() })),
});

export type ExplainInput = z.output<typeof ExplainIn>;
export type Explained = z.output<typeof ExplainOut>;
export type FreeInput = z.output<typeof FreeIn>;
export type CalendarInput = z.output<typeof CalendarIn>;
