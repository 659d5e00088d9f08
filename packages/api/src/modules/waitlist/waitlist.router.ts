import { mailboxBudget } from "../../trpc/mailbox-budget.ts";
import { router } from "../../trpc/init.ts";
import { patientProcedure, publicClinicProcedure, staffProcedure } from "../../trpc/procedures.ts";
import { acceptOffer, declineOffer, leaveWaitlist } from "./answer-offer.ts";
import { addEntry, entryOnLink, joinWaitlist } from "./join-waitlist.ts";
import { offerByHand } from "./offer-by-hand.ts";
import { staffWaitlist } from "./staff-waitlist.ts";
import {
  AcceptIn,
  AcceptOut,
  AddIn,
  AddOut,
  AnswerIn,
  EntryChangeIn,
  EntryIn,
  EntryTokenIn,
  EntryView,
  JoinIn,
  JoinOut,
  LiveEntryIn,
  OfferIn,
  WaitlistOut,
} from "./waitlist.schema.ts";
import { watchEntry } from "./watch-entry.ts";

export const publicWaitlistRouter = router({
  join: publicClinicProcedure
    .input(JoinIn)
    .use(mailboxBudget)
    .output(JoinOut)
    .mutation(({ ctx, input }) => {
      const admitted = ctx.s.limits.take(["bookAddress", `${ctx.clinicId}|${ctx.ip}`]);
      return joinWaitlist(ctx, input, { admitted });
    }),
});

export const patientWaitlistRouter = router({
  get: patientProcedure
    .input(EntryTokenIn)
    .output(EntryView)
    .query(({ ctx, input }) => entryOnLink(ctx, input.token)),
  accept: patientProcedure
    .input(AcceptIn)
    .output(AcceptOut)
    .mutation(({ ctx, input }) => acceptOffer(ctx, input)),
  decline: patientProcedure
    .input(EntryChangeIn)
    .output(EntryView)
    .mutation(({ ctx, input }) => declineOffer(ctx, input).then(() => entryOnLink(ctx, input.token))),
  withdraw: patientProcedure
    .input(EntryChangeIn)
    .output(EntryView)
    .mutation(({ ctx, input }) => leaveWaitlist(ctx, input).then(() => entryOnLink(ctx, input.token))),
});

export const patientLiveEntryProcedure = patientProcedure
  .input(LiveEntryIn)
  .subscription(({ ctx, input, signal }) => watchEntry(ctx, input, signal ?? new AbortController().signal));

export const staffWaitlistRouter = router({
  list: staffProcedure("waitlist.read")
    .output(WaitlistOut)
    .query(({ ctx }) => staffWaitlist(ctx)),
  add: staffProcedure("waitlist.write")
    .input(AddIn)
    .output(AddOut)
    .mutation(async ({ ctx, input }) => ({ entryId: await addEntry(ctx, "staff.waitlist.add", input) })),
  offer: staffProcedure("waitlist.write")
    .input(OfferIn)
    .output(WaitlistOut)
    .mutation(({ ctx, input }) => offerByHand(ctx, input).then(() => staffWaitlist(ctx))),
  /** what somebody said on the phone */
  answer: staffProcedure("waitlist.write")
    .input(AnswerIn)
    .output(WaitlistOut)
    .mutation(async ({ ctx, input: { answer, ...input } }) => {
      await (answer === "accept" ? acceptOffer(ctx, input) : declineOffer(ctx, input));
      return staffWaitlist(ctx);
    }),
  withdraw: staffProcedure("waitlist.write")
    .input(EntryIn)
    .output(WaitlistOut)
    .mutation(({ ctx, input }) => leaveWaitlist(ctx, input).then(() => staffWaitlist(ctx))),
});
