import { router } from "../../trpc/init.ts";
import { publicClinicProcedure, publicProcedure } from "../../trpc/procedures.ts";
import {
  Nothing,
  ResendInput,
  SignInInput,
  SignInOutput,
  VerifyEmailInput,
  VerifyEmailOutput,
} from "./identity.schema.ts";
import { signIn, signOut } from "./sign-in.ts";
import { resendVerification, verifyEmail } from "./verify-email.ts";

const onSignInHosts = publicProcedure("clinic", "console");

export const publicAccountRouter = router({
  signIn: onSignInHosts
    .input(SignInInput)
    .output(SignInOutput)
    .mutation(({ ctx, input }) => signIn(ctx, input)),
  signOut: onSignInHosts
    .input(Nothing.optional())
    .output(Nothing)
    .mutation(({ ctx }) => signOut(ctx)),
  verifyEmail: publicClinicProcedure
    .input(VerifyEmailInput)
    .output(VerifyEmailOutput)
    .mutation(({ ctx, input }) => verifyEmail(ctx, input)),
  resendVerification: publicClinicProcedure
    .input(ResendInput)
    .output(Nothing)
    .mutation(({ ctx, input }) => resendVerification(ctx, input)),
});
