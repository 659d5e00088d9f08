import { inTenant } from "../../infra/in-tx.ts";
import { router } from "../../trpc/init.ts";
import { patientProcedure } from "../../trpc/procedures.ts";
import { bookingCalendar } from "./booking-calendar.ts";
import { pointedBooking } from "./booking-on-link.ts";
import {
  BookingView,
  CalendarOut,
  CancelByLinkIn,
  KeepIn,
  MoveIn,
  MoveTimesIn,
  TimesOut,
  TokenIn,
} from "./booking.schema.ts";
import { viewOf } from "./booking-view.ts";
import { cancelBooking } from "./cancel-booking.ts";
import { keepBooking } from "./keep-booking.ts";
import { moveByPatient } from "./move-booking.ts";
import { moveTimesOf } from "./offered-times.ts";

export const patientBookingRouter = router({
  get: patientProcedure
    .input(TokenIn)
    .output(BookingView)
    .query(async ({ ctx, input }) => viewOf(ctx, await inTenant(ctx, (db) => pointedBooking(db, ctx.clinicId, input)))),
  cancel: patientProcedure
    .input(CancelByLinkIn)
    .output(BookingView)
    .mutation(async ({ ctx, input }) => viewOf(ctx, await cancelBooking(ctx, "patient", input))),
  moveTimes: patientProcedure
    .input(MoveTimesIn)
    .output(TimesOut)
    .query(({ ctx, input }) => moveTimesOf(ctx, input)),
  move: patientProcedure
    .input(MoveIn)
    .output(BookingView)
    .mutation(async ({ ctx, input }) => viewOf(ctx, await moveByPatient(ctx, input))),
  keep: patientProcedure
    .input(KeepIn)
    .output(BookingView)
    .mutation(async ({ ctx, input }) => viewOf(ctx, await keepBooking(ctx, input))),
  calendar: patientProcedure
    .input(TokenIn)
    .output(CalendarOut)
    .query(async ({ ctx, input }) =>
      bookingCalendar(ctx, await inTenant(ctx, (db) => pointedBooking(db, ctx.clinicId, input)), input.token),
    ),
});
