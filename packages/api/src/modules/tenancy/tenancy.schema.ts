import { z } from "zod";
import { Email, Password } from "../identity/index.ts";

/** One line of text as people type it; control characters have no place in a name. */
const Line = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => text.normalize("NFC").replace(/\s+/gu, " ").trim())
    .refine((text) => text.length > 0, "This cannot be empty")
    .refine((text) => !/\p{Cc}/u.test(text), "Please use plain text");

const Slug = z.string().max(100);

export const CheckSlugInput = z.strictObject({ slug: Slug, name: z.string().max(120).optional() });
export const CheckSlugOutput = z.strictObject({
  free: z.boolean(),
  why: z.enum(["too_short", "too_long", "characters", "reserved", "taken"]).optional(),
  ideas: z.array(z.string()).max(3),
});

export const SignUpInput = z.strictObject({
  clinicName: Line(120),
  slug: Slug,
  name: Line(120),
  email: Email,
  password: Password,
  practitioner: z.strictObject({ name: Line(120), registrationNumber: Line(40).optional() }).optional(),
  key: z.string().min(8).max(255),
});
export type SignUp = z.output<typeof SignUpInput>;
export const SignUpOutput = z.strictObject({ slug: z.string() });

export const FindInput = z.strictObject({ q: z.string().max(80).optional() }).optional();
export const FindOutput = z.array(z.strictObject({ slug: z.string(), name: z.string() })).max(50);
