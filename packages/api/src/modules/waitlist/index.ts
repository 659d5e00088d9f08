export {
  patientLiveEntryProcedure,
  patientWaitlistRouter,
  publicWaitlistRouter,
  staffWaitlistRouter,
} from "./waitlist.router.ts";
export { waitlistHandlers } from "./waitlist-handlers.ts";
export { waitlistToken } from "./waitlist-token.ts";
