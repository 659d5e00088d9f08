import { expireHold, type Handlers, noticeHandlers, waitlistHandlers, type WorkerServices } from "@pulsecal/api/worker";

/** Every effect of the catalog has a handler here; a missing or surplus one does not compile. */
export const handlers: Handlers<WorkerServices> = {
  ...noticeHandlers,
  ...waitlistHandlers,
  expire_hold: expireHold,
};
