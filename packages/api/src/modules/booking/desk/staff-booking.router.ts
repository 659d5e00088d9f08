import { z } from "zod";
import { router } from "../../../trpc/init.ts";
import { staffProcedure } from "../../../trpc/procedures.ts";
import { staffAnswersProcedure } from "../../intake/index.ts";
import { bookForPatient } from "../take/book-time.ts";
import {
  BookIn,
  BookingIn,
  CancelByStaffIn,
  DayIn,
  DayMoveIn,
  DayMoveOut,
  DayPlanIn,
  DayPlanOut,
  SqueezeInIn,
  StaffBookingOut,
  StaffMoveIn,
  TodayOut,
  TransitionIn,
  WeekIn,
} from "../booking.schema.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import { dayPlan, moveDay } from "./move-day.ts";
import { moveByStaff } from "../change/move-booking.ts";
import { squeezeIn } from "./squeeze-in.ts";
import { staffBooking, staffDay, staffToday, staffWeek } from "./staff-day.ts";
import { transitionBooking } from "../change/transition-booking.ts";

export const staffBookingRouter = router({
  day: staffProcedure("booking.read")
    .input(DayIn)
    .output(z.array(StaffBookingOut))
    .query(({ ctx, input }) => staffDay(ctx, input.date)),
  week: staffProcedure("booking.read")
    .input(WeekIn)
    .output(z.array(StaffBookingOut))
    .query(({ ctx, input }) => staffWeek(ctx, input)),
  get: staffProcedure("booking.read")
    .input(BookingIn)
    .output(StaffBookingOut)
    .query(({ ctx, input }) => staffBooking(ctx, input.bookingId)),
  answers: staffAnswersProcedure,
  book: staffProcedure("booking.write")
    .input(BookIn)
    .output(StaffBookingOut)
    .mutation(({ ctx, input }) => bookForPatient(ctx, input)),
  move: staffProcedure("booking.write")
    .input(StaffMoveIn)
    .output(StaffBookingOut)
    .mutation(async ({ ctx, input }) => staffBooking(ctx, (await moveByStaff(ctx, input)).id)),
  transition: staffProcedure("booking.write")
    .input(TransitionIn)
    .output(StaffBookingOut)
    .mutation(async ({ ctx, input }) => staffBooking(ctx, (await transitionBooking(ctx, input)).id)),
  squeezeIn: staffProcedure("booking.squeeze_in")
    .input(SqueezeInIn)
    .output(StaffBookingOut)
    .mutation(async ({ ctx, input }) => staffBooking(ctx, (await squeezeIn(ctx, input)).bookingId)),
  cancel: staffProcedure("booking.cancel")
    .input(CancelByStaffIn)
    .output(StaffBookingOut)
    .mutation(async ({ ctx, input }) => staffBooking(ctx, (await cancelBooking(ctx, "staff", input)).id)),
});

/** A practitioner's day that cannot take place: new times proposed, then moved. */
export const staffDaysRouter = router({
  plan: staffProcedure("booking.write")
    .input(DayPlanIn)
    .output(DayPlanOut)
    .query(({ ctx, input }) => dayPlan(ctx, input)),
  move: staffProcedure("booking.write")
    .input(DayMoveIn)
    .output(DayMoveOut)
    .mutation(({ ctx, input }) => moveDay(ctx, input)),
});

export const staffTodayRouter = router({
  today: staffProcedure("booking.read")
    .output(TodayOut)
    .query(({ ctx }) => staffToday(ctx)),
});
