import {
  patientBookingRouter,
  publicBookingRouter,
  publicLiveRouter,
  staffBookingRouter,
  staffLiveRouter,
  staffTodayRouter,
} from "./modules/booking/index.ts";
import { publicAccountRouter } from "./modules/identity/account.router.ts";
import { staffMeProcedure } from "./modules/identity/staff-me.router.ts";
import { platformRouter } from "./modules/platform/index.ts";
import {
  publicClinicRouter,
  staffHoursRouter,
  staffPractitionersRouter,
  staffServicesRouter,
} from "./modules/scheduling/index.ts";
import { publicDirectoryRouter, publicSignUpRouter } from "./modules/tenancy/tenancy.router.ts";
import { router } from "./trpc/init.ts";

/** Every procedure, split by who may call it: the first name of a path is its audience. */
export const appRouter = router({
  public: router({
    clinic: publicClinicRouter,
    booking: publicBookingRouter,
    live: publicLiveRouter,
    directory: publicDirectoryRouter,
    signUp: publicSignUpRouter,
    account: publicAccountRouter,
  }),
  patient: router({
    booking: patientBookingRouter,
  }),
  staff: router({
    me: staffMeProcedure,
    today: staffTodayRouter.today,
    bookings: staffBookingRouter,
    practitioners: staffPractitionersRouter,
    hours: staffHoursRouter,
    services: staffServicesRouter,
    live: staffLiveRouter,
  }),
  platform: platformRouter,
});

export type AppRouter = typeof appRouter;
