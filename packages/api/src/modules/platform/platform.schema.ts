import { z } from "zod";

export const PlatformMe = z.strictObject({ name: z.string(), email: z.string(), role: z.string() });

const ClinicStatus = z.enum(["practice", "live", "suspended", "closed"]);

const FeedItem = z.strictObject({
  at: z.date(),
  type: z.string(),
  clinicId: z.string(),
  slug: z.string(),
  name: z.string(),
});

export const Overview = z.strictObject({
  waiting: z.number(),
  oldestWaiting: z.date().nullable(),
  live: z.number(),
  practice: z.number(),
  bookingsLastHour: z.number(),
  stuckEvents: z.number(),
  feed: z.array(FeedItem),
  /** the place the numbers were read at; live events continue from here */
  cursor: z.string(),
});

export const ListInput = z.strictObject({ status: ClinicStatus.optional() }).optional();
export const ClinicLine = z.strictObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  status: z.string(),
  createdAt: z.date(),
  approvedAt: z.date().nullable(),
  ownerVerified: z.boolean(),
});
export type ClinicLine = z.output<typeof ClinicLine>;

export const ApproveInput = z.strictObject({ clinicId: z.uuid(), key: z.string().min(8).max(255) });
export const LiveInput = z.strictObject({ lastEventId: z.string().max(200).optional() }).optional();
