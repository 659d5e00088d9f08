import { z } from "zod";
import { router } from "../../trpc/init.ts";
import { staffProcedure } from "../../trpc/procedures.ts";
import { bookForPatient } from "./book-time.ts";
import { BookIn, BookingIn, CancelByStaffIn, DayIn, StaffBookingOut, TodayOut } from "./booking.schema.ts";
import { cancelBooking } from "./cancel-booking.ts";
import { staffBooking, staffDay, staffToday } from "./staff-day.ts";

export const staffBookingRouter = router({
  day: staffProcedure("booking.read")
    .input(DayIn)
    .output(z.array(StaffBookingOut))
    .query(({ ctx, input }) => staffDay(ctx, input.date)),
  get: staffProcedure("booking.read")
    .input(BookingIn)
    .output(StaffBookingOut)
    .query(({ ctx, input }) => staffBooking(ctx, input.bookingId)),
  book: staffProcedure("booking.write")
    .input(BookIn)
    .output(StaffBookingOut)
    .mutation(({ ctx, input }) => bookForPatient(ctx, input)),
  cancel: staffProcedure("booking.cancel")
    .input(CancelByStaffIn)
    .output(StaffBookingOut)
    .mutation(async ({ ctx, input }) => staffBooking(ctx, (await cancelBooking(ctx, "staff", input)).id)),
});

export const staffTodayRouter = router({
  today: staffProcedure("booking.read")
    .output(TodayOut)
    .query(({ ctx }) => staffToday(ctx)),
});
