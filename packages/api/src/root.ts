import {
  patientBookingRouter,
  patientLiveBookingProcedure,
  publicBookingRouter,
  publicLiveRouter,
  staffBookingRouter,
  staffDaysRouter,
  staffLeaveRouter,
  staffLiveRouter,
  staffSeriesRouter,
  staffTodayRouter,
} from "./modules/booking/index.ts";
import { patientFeedsRouter, staffFeedsRouter } from "./modules/feeds/index.ts";
import { publicAccountRouter } from "./modules/identity/account.router.ts";
import { staffMeProcedure } from "./modules/identity/staff-me.router.ts";
import { staffQuestionsRouter } from "./modules/intake/index.ts";
import { platformRouter } from "./modules/platform/index.ts";
import {
  publicClinicRouter,
  staffClinicRulesRouter,
  staffClosuresRouter,
  staffHoursRouter,
  staffPractitionersRouter,
  staffRoomsRouter,
  staffServicesRouter,
  staffTimesRouter,
} from "./modules/scheduling/index.ts";
import { publicDirectoryRouter, publicSignUpRouter } from "./modules/tenancy/tenancy.router.ts";
import {
  patientLiveEntryProcedure,
  patientWaitlistRouter,
  publicWaitlistRouter,
  staffWaitlistRouter,
} from "./modules/waitlist/index.ts";
import { router } from "./trpc/init.ts";

/** Every procedure, split by who may call it: the first name of a path is its audience. */
export const appRouter = router({
  public: router({
    clinic: publicClinicRouter,
    booking: publicBookingRouter,
    waitlist: publicWaitlistRouter,
    live: publicLiveRouter,
    directory: publicDirectoryRouter,
    signUp: publicSignUpRouter,
    account: publicAccountRouter,
  }),
  patient: router({
    booking: patientBookingRouter,
    feeds: patientFeedsRouter,
    waitlist: patientWaitlistRouter,
    live: router({ booking: patientLiveBookingProcedure, waitlist: patientLiveEntryProcedure }),
  }),
  staff: router({
    me: staffMeProcedure,
    today: staffTodayRouter.today,
    bookings: staffBookingRouter,
    days: staffDaysRouter,
    practitioners: staffPractitionersRouter,
    times: staffTimesRouter,
    leave: staffLeaveRouter,
    rooms: staffRoomsRouter,
    closures: staffClosuresRouter,
    clinicRules: staffClinicRulesRouter,
    hours: staffHoursRouter,
    services: staffServicesRouter,
    questions: staffQuestionsRouter,
    series: staffSeriesRouter,
    feeds: staffFeedsRouter,
    waitlist: staffWaitlistRouter,
    live: staffLiveRouter,
  }),
  platform: platformRouter,
});

export type AppRouter = typeof appRouter;
