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
  LiveBookingIn,
  MoveIn,
  MoveTimesIn,
  TimesOut,
  TokenIn,
} from "./booking.schema.ts";
import { viewOf } from "./booking-view.ts";
import { cancelBooking } from "./change/cancel-booking.ts";
import { watchBooking } from "./change/watch-changes.ts";
import { keepBooking } from "./change/keep-booking.ts";
import { moveByPatient } from "./change/move-booking.ts";
import { moveTimesOf } from "./times/offered-times.ts";

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
    .mutation(async ({ ctx, input }) => {
      const admitted = ctx.s.limits.take(["bookAddress", `${ctx.clinicId}|${ctx.ip}`]);
      return viewOf(ctx, await moveByPatient(ctx, input, { admitted }));
    }),
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

export const patientLiveBookingProcedure = patientProcedure
  .input(LiveBookingIn)
  .subscription(({ ctx, input, signal }) => watchBooking(ctx, input, signal ?? new AbortController().signal));
