import { z } from "zod";
import { Day, Key, line } from "./scheduling.schema.ts";

const Buffer = z.int().min(0).max(240);
const Length = z.int().min(5).max(720);

/** The most there may be in a day and an ISO week, of a service or with a resource. null: no limit; absent: as it is */
export const limitFields = {
  dayCount: z.int().min(0).max(1000).nullable().optional(),
  dayMinutes: z.int().min(0).max(1440).nullable().optional(),
  weekCount: z.int().min(0).max(7000).nullable().optional(),
  weekMinutes: z.int().min(0).max(10_080).nullable().optional(),
};

/** `count` different ones out of `of`: a room, a device, "any one of these three nurses". null: as the service has it */
const NeedIn = z.strictObject({
  count: z.int().min(1).max(10).default(1),
  of: z.array(z.uuid()).min(1).max(50),
  minutes: Length.nullable().default(null),
  bufferBefore: Buffer.nullable().default(null),
  bufferAfter: Buffer.nullable().default(null),
});

/** Absent: as it is, and of a new service as most services have it. */
const rules = {
  otherMinutes: z.array(Length).max(8).optional(),
  alignment: z.enum(["clock", "opening", "packed"]).optional(),
  /** minutes after each full step of the clock */
  alignmentOffset: z.int().min(0).max(1439).optional(),
  /** what horizonDays counts; `range` goes by the two dates */
  horizonKind: z.enum(["days", "working_days", "range"]).optional(),
  horizonFrom: Day.nullable().optional(),
  horizonUntil: Day.nullable().optional(),
  /** people one session takes; more than 1 is a group session */
  seats: z.int().min(1).max(500).optional(),
  ...limitFields,
  needsApproval: z.boolean().optional(),
};

/** A service and its buffers together stay under a day: reads rely on it. */
export const ServiceSaveIn = z.strictObject({
  id: z.uuid().optional(),
  name: line(80, "Enter a name"),
  minutes: Length,
  bufferBefore: Buffer,
  bufferAfter: Buffer,
  intervalMinutes: Length,
  noticeMinutes: z
    .int()
    .min(0)
    .max(60 * 24 * 60),
  horizonDays: z.int().min(1).max(365),
  priceCents: z.int().min(0).max(100_000_00),
  active: z.boolean(),
  practitionerIds: z.array(z.uuid()).max(100),
  ...rules,
  needs: z.array(NeedIn).max(10).optional(),
  /** what was read; saving over something newer is refused. Absent: over whatever there is */
  version: z.string().max(64).optional(),
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
  otherMinutes: z.array(z.int()),
  alignment: z.enum(["clock", "opening", "packed"]),
  alignmentOffset: z.int(),
  horizonKind: z.enum(["days", "working_days", "range"]),
  horizonFrom: Day.nullable(),
  horizonUntil: Day.nullable(),
  seats: z.int(),
  dayCount: z.int().nullable(),
  dayMinutes: z.int().nullable(),
  weekCount: z.int().nullable(),
  weekMinutes: z.int().nullable(),
  needsApproval: z.boolean(),
  needs: z.array(
    z.object({
      id: z.uuid(),
      count: z.int(),
      of: z.array(z.uuid()),
      minutes: z.int().nullable(),
      bufferBefore: z.int().nullable(),
      bufferAfter: z.int().nullable(),
    }),
  ),
  /** says what was read */
  version: z.string(),
});

export type Service = z.output<typeof ServiceOut>;
export type ServiceSaveInput = z.output<typeof ServiceSaveIn>;
