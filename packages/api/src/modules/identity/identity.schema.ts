import { z } from "zod";
import { passwordLength } from "./passwords.ts";

/** Addresses are compared in one spelling. */
export const Email = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase().normalize("NFC"))
  .pipe(z.email("Enter an email address, like thandi@example.co.za"));

/** Bounded here so that a huge one never reaches argon2; its strength is judged by the use case. */
export const Password = z
  .string()
  .min(1)
  .max(passwordLength.max * 2);

export const SignInInput = z.strictObject({ email: Email, password: Password });
export const SignInOutput = z.strictObject({ name: z.string() });
export const VerifyEmailInput = z.strictObject({ token: z.string().min(20).max(200) });
export const VerifyEmailOutput = z.strictObject({ email: z.string(), slug: z.string().nullable() });
export const ResendInput = z.strictObject({ email: Email });
export const Nothing = z.strictObject({});

export const StaffMe = z.strictObject({
  name: z.string(),
  email: z.string(),
  role: z.string(),
  clinic: z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), status: z.string(), zone: z.string() }),
});
