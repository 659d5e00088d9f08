import { router } from "../../trpc/init.ts";
import { staffProcedure } from "../../trpc/procedures.ts";
import { explainTime } from "./explain-time.ts";
import { freeTimesForStaff } from "./free-times.ts";
import { staffCalendar } from "./staff-calendar.ts";
import { CalendarIn, CalendarOut, ExplainIn, ExplainOut, FreeIn, FreeOut } from "./times.schema.ts";

export const staffTimesRouter = router({
  explain: staffProcedure("hours.read")
    .input(ExplainIn)
    .output(ExplainOut)
    .query(({ ctx, input }) => explainTime(ctx, input)),
  free: staffProcedure("hours.read")
    .input(FreeIn)
    .output(FreeOut)
    .query(({ ctx, input }) => freeTimesForStaff(ctx, input)),
  calendar: staffProcedure("hours.read")
    .input(CalendarIn)
    .output(CalendarOut)
    .query(({ ctx, input }) => staffCalendar(ctx, input)),
});
