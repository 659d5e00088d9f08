import { mailboxBudget } from "../../../trpc/mailbox-budget.ts";
import { router } from "../../../trpc/init.ts";
import { publicClinicProcedure } from "../../../trpc/procedures.ts";
import { confirmFamily } from "./confirm-family.ts";
import { proposeTimes } from "./propose-family.ts";
import {
  FamilyConfirmIn,
  FamilyConfirmOut,
  FamilyProposeIn,
  FamilyProposeOut,
  FamilyTakeIn,
  FamilyTakeOut,
} from "./sets.schema.ts";
import { takeFamily } from "./take-family.ts";

export const publicFamilyRouter = router({
  propose: publicClinicProcedure
    .input(FamilyProposeIn)
    .output(FamilyProposeOut)
    .query(({ ctx, input }) => proposeTimes(ctx, input)),
  take: publicClinicProcedure
    .input(FamilyTakeIn)
    .output(FamilyTakeOut)
    .mutation(async ({ ctx, input }) => {
      // Budgeted like any taking of times, so that nobody can keep a doctor's whole day from others.
      await ctx.s.limits.take(["bookAddress", `${ctx.clinicId}|${ctx.ip}`]);
      return takeFamily(ctx, input);
    }),
  confirm: publicClinicProcedure
    .input(FamilyConfirmIn)
    .use(mailboxBudget)
    .output(FamilyConfirmOut)
    .mutation(({ ctx, input }) => confirmFamily(ctx, input)),
});
