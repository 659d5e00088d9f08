import { z } from "zod";
import { defineJob } from "../../jobs/define-job.ts";

const ofBooking = z.object({ bookingId: z.uuid() });
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
  payload: ofBooking,
  attempts,
});
export const reminderJob = defineJob({ name: "reminder", on: "booking.reminder_due", payload: ofBooking, attempts });
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
