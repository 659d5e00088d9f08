import { mailboxBudget } from "../../trpc/mailbox-budget.ts";
import { router } from "../../trpc/init.ts";
import { parsedOnce } from "../../trpc/parsed-once.ts";
import { publicClinicProcedure, recalledClinicProcedure } from "../../trpc/procedures.ts";
import { publicQuestionsProcedure } from "../intake/index.ts";
import { bookTime } from "./take/book-time.ts";
import {
  BookIn,
  BookOut,
  CatalogOut,
  ConfirmIn,
  ConfirmOut,
  ExtendOut,
  HoldIn,
  HoldOut,
  LiveTimesIn,
  PressIn,
  ReleaseOut,
  TimesIn,
  TimesOut,
} from "./booking.schema.ts";
import { confirmBooking } from "./take/confirm-booking.ts";
import { extendHold, holdTime, releaseHold } from "./take/hold-time.ts";
import { catalog, offeredTimesOf } from "./times/offered-times.ts";
import { publicFamilyRouter } from "./sets/family.router.ts";
import { watchTimes } from "./times/watch-times.ts";

/**
 * Taking a time is budgeted per address, so that nobody can keep a doctor's whole day from others. The budget is asked
 * while the use case reads; it waits for the answer before it says or writes anything.
 */
const taking = publicClinicProcedure.use(({ ctx, next }) => {
  const admitted = ctx.s.limits.take(["bookAddress", `${ctx.clinicId}|${ctx.ip}`]);
  // An input that is refused before the use case leaves it without anybody who waits.
  admitted.catch(() => undefined);
  return next({ ctx: { admitted } });
});

export const publicBookingRouter = router({
  catalog: publicClinicProcedure.output(CatalogOut).query(({ ctx }) => catalog(ctx)),
  times: recalledClinicProcedure
    .input(TimesIn)
    .output(parsedOnce(TimesOut))
    .query(({ ctx, input }) => offeredTimesOf(ctx, input)),
  questions: publicQuestionsProcedure,
  family: publicFamilyRouter,
  hold: taking
    .input(HoldIn)
    .output(HoldOut)
    .mutation(({ ctx, input }) => holdTime(ctx, input, ctx)),
  // A press keeps a time from others as a hold does.
  extendHold: publicClinicProcedure
    .input(PressIn)
    .output(ExtendOut)
    .mutation(async ({ ctx, input }) => {
      await ctx.s.limits.take(["bookAddress", `${ctx.clinicId}|${ctx.ip}`]);
      return extendHold(ctx, input);
    }),
  releaseHold: publicClinicProcedure
    .input(PressIn)
    .output(ReleaseOut)
    .mutation(({ ctx, input }) => releaseHold(ctx, input)),
  confirm: publicClinicProcedure
    .input(ConfirmIn)
    .use(mailboxBudget)
    .output(ConfirmOut)
    .mutation(({ ctx, input }) => confirmBooking(ctx, input)),
  book: taking
    .input(BookIn)
    .use(mailboxBudget)
    .output(BookOut)
    .mutation(({ ctx, input }) => bookTime(ctx, input, ctx)),
});

export const publicLiveRouter = router({
  times: publicClinicProcedure
    .input(LiveTimesIn)
    .subscription(({ ctx, input, signal }) => watchTimes(ctx, input, signal ?? new AbortController().signal)),
});
