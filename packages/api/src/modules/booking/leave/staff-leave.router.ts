import { z } from "zod";
import { router } from "../../../trpc/init.ts";
import { staffProcedure } from "../../../trpc/procedures.ts";
import {
  KeptOut,
  LeaveKeepIn,
  LeaveListIn,
  LeaveOut,
  LeavePreviewIn,
  LeaveSaveIn,
  listLeave,
  RemovedOut,
  RemoveIn,
  removeLeave,
} from "../../scheduling/index.ts";
import { StaffBookingOut } from "../booking.schema.ts";
import { affectedByLeave, keepUnderLeave, previewLeave, saveLeaveOver } from "./staff-leave.ts";

const WithBookings = z.object({ leave: LeaveOut, bookings: z.array(StaffBookingOut) });

export const staffLeaveRouter = router({
  list: staffProcedure("hours.read")
    .input(LeaveListIn)
    .output(z.array(LeaveOut))
    .query(({ ctx, input }) => listLeave(ctx, input)),
  preview: staffProcedure("booking.read")
    .input(LeavePreviewIn)
    .output(z.array(StaffBookingOut))
    .query(({ ctx, input }) => previewLeave(ctx, input)),
  affected: staffProcedure("booking.read")
    .output(z.array(WithBookings))
    .query(({ ctx }) => affectedByLeave(ctx)),
  save: staffProcedure("leave.write")
    .input(LeaveSaveIn)
    .output(WithBookings)
    .mutation(({ ctx, input }) => saveLeaveOver(ctx, input)),
  remove: staffProcedure("leave.write")
    .input(RemoveIn)
    .output(RemovedOut)
    .mutation(({ ctx, input }) => removeLeave(ctx, input)),
  keep: staffProcedure("leave.write")
    .input(LeaveKeepIn)
    .output(KeptOut)
    .mutation(({ ctx, input }) => keepUnderLeave(ctx, input)),
});
