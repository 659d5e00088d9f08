import { z } from "zod";
import { Key } from "../scheduling/index.ts";

/** 132 bits, base64url: what a booking's link carries */
const Token = z
  .string()
  .length(22)
  .regex(/^[A-Za-z0-9_-]+$/);

export const FeedCreateIn = z.strictObject({ practitionerId: z.uuid(), key: Key });
/** `all` ends everybody's addresses of this calendar and asks for "clinic.write" */
export const FeedRevokeIn = z.strictObject({ practitionerId: z.uuid(), all: z.boolean().default(false), key: Key });

/** One practitioner's calendar, as the asking member stands to it. */
export const StaffFeedOut = z.object({
  practitionerId: z.uuid(),
  practitionerName: z.string(),
  /** the asking member's own address; null when they have none */
  address: z.string().nullable(),
  createdAt: z.date().nullable(),
  /** addresses of other members that still work */
  others: z.int(),
});

export const PatientFeedIn = z.strictObject({ token: Token });
export const PatientFeedChangeIn = z.strictObject({ token: Token, key: Key });
export const PatientFeedOut = z.object({ address: z.string().nullable() });

export type FeedCreateInput = z.output<typeof FeedCreateIn>;
export type FeedRevokeInput = z.output<typeof FeedRevokeIn>;
export type StaffFeed = z.output<typeof StaffFeedOut>;
export type PatientFeedChange = z.output<typeof PatientFeedChangeIn>;
