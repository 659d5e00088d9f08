import { z } from "zod";
import { defineJob } from "../../jobs/define-job.ts";

const ofBooking = z.object({ bookingId: z.uuid() });
const ofMove = ofBooking.extend({
  startsAt: z.iso.datetime(),
  fromStartsAt: z.iso.datetime(),
  fromResourceIds: z.array(z.uuid()),
  /** staff moved it; unless said, the patient did */
  byClinic: z.boolean().optional(),
  /** the clinic approved the old time by hand and has to approve the new one */
  asksAgain: z.boolean().optional(),
});
const ofEntry = z.object({ entryId: z.uuid() });
const attempts = 8;

export const confirmationJob = defineJob({
  name: "confirmation",
  on: "booking.confirmed",
  payload: ofBooking,
  attempts,
});
export const cancellationJob = defineJob({
  name: "cancellation",
  on: "booking.cancelled",
  // one mail tells of a whole series: the first one's, which knows how many there are and when the last would have been
  payload: ofBooking.extend({
    quiet: z.boolean().optional(),
    series: z.object({ count: z.int(), last: z.iso.datetime() }).optional(),
  }),
  attempts,
});
export const reminderJob = defineJob({
  name: "reminder",
  on: "booking.reminder_due",
  // the start it reminds of; a visit that was moved has a reminder of its own for the new one
  payload: ofBooking.extend({ startsAt: z.iso.datetime().optional() }),
  attempts,
});
export const requestedJob = defineJob({ name: "requested", on: "booking.requested", payload: ofBooking, attempts });
export const declinedJob = defineJob({
  name: "declined",
  // a request that nobody answered until its time came is told like a no; a hold that ran out is nobody's news
  on: ["booking.declined", "booking.expired"],
  payload: ofBooking.extend({ from: z.string().optional() }),
  attempts,
});
export const movedJob = defineJob({ name: "moved", on: "booking.moved", payload: ofMove, attempts });
export const movedByClinicJob = defineJob({
  name: "moved_by_clinic",
  on: "booking.moved",
  payload: ofMove,
  attempts,
});
export const waitlistJoinedJob = defineJob({
  name: "waitlist_joined",
  on: "waitlist.joined",
  payload: ofEntry,
  attempts,
});
export const waitlistOfferJob = defineJob({
  name: "waitlist_offer",
  on: "waitlist.offered",
  payload: ofEntry.extend({ gapId: z.uuid() }),
  attempts,
});
export const verifyEmailJob = defineJob({
  name: "verify_email",
  on: "account.verification_requested",
  payload: z.object({ accountId: z.uuid() }),
  attempts,
});
export const clinicApprovedJob = defineJob({
  name: "clinic_approved",
  on: "clinic.approved",
  payload: z.object({}),
  attempts,
});
