import type { FieldError } from "@pulsecal/ui/site";
import { field } from "../../../lib/form.ts";
import { type Answers, answersInput, readAnswers } from "./question-form.ts";

export type Details = {
  name: string;
  phone: string;
  email: string;
  reason: string;
  /** who is coming, when it is not the person who books */
  dependant: string;
  answers: Answers;
};

export const emptyDetails: Details = { name: "", phone: "", email: "", reason: "", dependant: "", answers: {} };

/** What was typed, as it was typed: it goes back into the page whatever happens. */
export function readDetails(form: FormData): Details {
  return {
    name: field(form, "name"),
    phone: field(form, "phone"),
    email: field(form, "email"),
    reason: field(form, "reason"),
    dependant: field(form, "dependant"),
    answers: readAnswers(form),
  };
}

/** What a person can put right before the API is asked. The API decides; this only words it by field. */
export function detailsErrors(details: Details): FieldError[] {
  const errors: FieldError[] = [];
  if (details.name === "") errors.push({ id: "name", text: "Enter your name" });
  if (details.phone === "" && details.email === "")
    errors.push({ id: "phone", text: "Enter a cell number or an email, so the clinic can reach you" });
  if (details.phone !== "" && !isPhone(details.phone))
    errors.push({ id: "phone", text: "Enter a cell number, like 082 123 4567" });
  if (details.email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(details.email))
    errors.push({ id: "email", text: "Enter an email address, like name@example.com" });
  return errors;
}

/** The details as the API takes them: what was left empty is absent. */
export function detailsInput(details: Details) {
  return {
    name: details.name,
    phone: details.phone || undefined,
    email: details.email || undefined,
    reason: details.reason || undefined,
    dependant: details.dependant ? { name: details.dependant } : undefined,
    answers: answersInput(details.answers),
  };
}

function isPhone(text: string): boolean {
  return /^\+?[\d\s().-]+$/.test(text) && text.replace(/\D/g, "").length >= 9;
}
