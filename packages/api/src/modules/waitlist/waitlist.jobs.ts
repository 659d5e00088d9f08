import { z } from "zod";
import { defineJob } from "../../jobs/define-job.ts";

/** A time that somebody has left: for a move the place it left, otherwise the booking's own. */
const left = z.object({
  bookingId: z.uuid(),
  startsAt: z.iso.datetime(),
  resourceIds: z.array(z.uuid()),
  fromStartsAt: z.iso.datetime().optional(),
  fromResourceIds: z.array(z.uuid()).optional(),
  byClinic: z.boolean().optional(),
});
const attempts = 8;

/** A freed time goes to those who wait for it. */
export const openGapJob = defineJob({
  name: "open_gap",
  on: ["booking.cancelled", "booking.expired", "booking.declined", "booking.moved"],
  payload: left,
  attempts,
});

const span = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });

/** Rules changed so that there may be new times: leave or a closure ended earlier, hours became longer. */
export const openSpanJob = defineJob({
  name: "open_span",
  on: ["leave.changed", "closure.changed", "hours.changed"],
  payload: span.partial().extend({ resourceId: z.uuid().optional(), opened: z.array(span).optional() }),
  attempts,
});

/** An offer was answered or has run out, or its time has come: whose turn is it now? */
export const waitlistTurnJob = defineJob({
  name: "waitlist_turn",
  on: "waitlist.offer_due",
  payload: z.object({ gapId: z.uuid() }),
  attempts,
});

/** Somebody new waits: a time that nobody took may suit them. */
export const waitlistMatchJob = defineJob({
  name: "waitlist_match",
  on: "waitlist.joined",
  payload: z.object({ entryId: z.uuid() }),
  attempts,
});
