import { router } from "../../trpc/init.ts";
import { publicProcedure } from "../../trpc/procedures.ts";
import { answerSlug } from "./check-slug.ts";
import { findClinics } from "./find-clinics.ts";
import { signUpClinic } from "./sign-up.ts";
import { CheckSlugInput, CheckSlugOutput, FindInput, FindOutput, SignUpInput, SignUpOutput } from "./tenancy.schema.ts";

const onApex = publicProcedure("apex");

export const publicDirectoryRouter = router({
  find: onApex
    .input(FindInput)
    .output(FindOutput)
    .query(({ ctx, input }) => findClinics(ctx, input)),
});

export const publicSignUpRouter = router({
  checkSlug: onApex
    .input(CheckSlugInput)
    .output(CheckSlugOutput)
    .query(async ({ ctx, input }) => {
      await ctx.s.limits.take(["searchAddress", ctx.ip]);
      return answerSlug(ctx.s.db, input.slug, input.name);
    }),
  start: onApex
    .input(SignUpInput)
    .output(SignUpOutput)
    .mutation(({ ctx, input }) => signUpClinic(ctx, input)),
});
