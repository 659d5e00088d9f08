import { inTenant } from "../../infra/in-tx.ts";
import { router } from "../../trpc/init.ts";
import { patientProcedure } from "../../trpc/procedures.ts";
import { bookingCalendar } from "./booking-calendar.ts";
import { pointedBooking } from "./booking-on-link.ts";
import { BookingView, CalendarOut, CancelByLinkIn, TokenIn } from "./booking.schema.ts";
import { viewOf } from "./booking-view.ts";
import { cancelBooking } from "./cancel-booking.ts";

export const patientBookingRouter = router({
  get: patientProcedure
    .input(TokenIn)
    .output(BookingView)
    .query(async ({ ctx, input }) => viewOf(await inTenant(ctx, (db) => pointedBooking(db, ctx.clinicId, input)))),
  cancel: patientProcedure
    .input(CancelByLinkIn)
    .output(BookingView)
    .mutation(async ({ ctx, input }) => viewOf(await cancelBooking(ctx, "patient", input))),
  calendar: patientProcedure
    .input(TokenIn)
    .output(CalendarOut)
    .query(async ({ ctx, input }) =>
      bookingCalendar(ctx, await inTenant(ctx, (db) => pointedBooking(db, ctx.clinicId, input)), input.token),
    ),
});
