import { z } from "zod";
import { router } from "../../trpc/init.ts";
import { patientProcedure, staffProcedure } from "../../trpc/procedures.ts";
import {
  FeedCreateIn,
  FeedRevokeIn,
  PatientFeedChangeIn,
  PatientFeedIn,
  PatientFeedOut,
  StaffFeedOut,
} from "./feeds.schema.ts";
import { createPatientFeed, getPatientFeed, revokePatientFeed } from "./patient-feeds.ts";
import { createFeed, listFeeds, revokeFeed } from "./staff-feeds.ts";

/** Whoever reads the agenda may have it in their calendar: an address tells less than the agenda does. */
export const staffFeedsRouter = router({
  list: staffProcedure("booking.read")
    .output(z.array(StaffFeedOut))
    .query(({ ctx }) => listFeeds(ctx)),
  create: staffProcedure("booking.read")
    .input(FeedCreateIn)
    .output(StaffFeedOut)
    .mutation(({ ctx, input }) => createFeed(ctx, input)),
  revoke: staffProcedure("booking.read")
    .input(FeedRevokeIn)
    .output(StaffFeedOut)
    .mutation(({ ctx, input }) => revokeFeed(ctx, input)),
});

export const patientFeedsRouter = router({
  get: patientProcedure
    .input(PatientFeedIn)
    .output(PatientFeedOut)
    .query(({ ctx, input }) => getPatientFeed(ctx, input.token)),
  create: patientProcedure
    .input(PatientFeedChangeIn)
    .output(PatientFeedOut)
    .mutation(({ ctx, input }) => createPatientFeed(ctx, input)),
  revoke: patientProcedure
    .input(PatientFeedChangeIn)
    .output(PatientFeedOut)
    .mutation(({ ctx, input }) => revokePatientFeed(ctx, input)),
});
