import { passwordProblem } from "@pulsecal/api";
import type { FieldError } from "@pulsecal/ui/site";
import type { SignUpState } from "./sign-up-state.server.ts";

const WORDS: Record<NonNullable<ReturnType<typeof passwordProblem>>, string> = {
  too_short: "Make the password at least 15 characters long",
  too_long: "Make the password shorter than 256 characters",
  common: "This password is on the lists that people try first. Choose a stranger one",
  about_you: "Leave your name, email and clinic out of the password",
};

/** What is wrong with a new password, in words; the API has the last say when the clinic is made. */
export function passwordError(
  password: string,
  about: Pick<SignUpState, "clinicName" | "slug" | "name" | "email">,
): FieldError | null {
  const problem = passwordProblem(password, [about.email, about.name, about.clinicName, about.slug]);
  return problem ? { id: "password", text: WORDS[problem] } : null;
}
