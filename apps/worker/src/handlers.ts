import { expireHold, type Handlers, noticeHandlers, type WorkerServices } from "@pulsecal/api/worker";

/** Every effect of the catalog has a handler here; a missing or surplus one does not compile. */
export const handlers: Handlers<WorkerServices> = {
  confirmation: noticeHandlers.confirmation,
  cancellation: noticeHandlers.cancellation,
  reminder: noticeHandlers.reminder,
  verify_email: noticeHandlers.verify_email,
  clinic_approved: noticeHandlers.clinic_approved,
  expire_hold: expireHold,
};
