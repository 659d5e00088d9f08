import { z } from "zod";
import { checkEmail, checkPhone, type Checked } from "./contact.ts";

const checked = (check: (raw: string) => Checked) =>
  z
    .string()
    .max(320)
    .transform((raw, context) => {
      if (raw.trim() === "") return undefined;
      const result = check(raw);
      if (result.ok) return result.value;
      context.addIssue({ code: "custom", message: result.message });
      return z.NEVER;
    })
    .optional();

/** One line of text a person typed: trimmed, no control characters. */
const line = (max: number, empty: string) =>
  z
    .string()
    .max(max * 2)
    // control characters would break mail headers and screens
    .transform((raw) =>
      raw
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .replace(/ {2,}/g, " ")
        .trim(),
    )
    .pipe(z.string().min(1, empty).max(max, `Use at most ${max} letters`));

/** What a guest tells about themselves when booking. */
export const patientFields = {
  name: line(120, "Enter your name"),
  email: checked(checkEmail),
  phone: checked(checkPhone),
  reason: z
    .string()
    .max(1000, "Use at most 1000 letters")
    // PostgreSQL has no text with NUL in it
    .transform((raw) => raw.replaceAll("\0", "").trim())
    .transform((raw) => (raw === "" ? undefined : raw))
    .optional(),
};

/** One way to reach the person is enough, none is not. */
export function hasContact(input: { email?: string | undefined; phone?: string | undefined }): boolean {
  return input.email !== undefined || input.phone !== undefined;
}

export const contactMissing = { message: "Enter a cell number or an email address", path: ["phone"] };
