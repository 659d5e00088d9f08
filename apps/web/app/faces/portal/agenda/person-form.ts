import { field } from "../../../lib/form.ts";

/** Whom a booking is for, as typed at the desk; `why` is the reason to book over a rule. */
export type PersonTyped = { name: string; phone: string; email: string; reason: string; why: string };

export const nobodyTyped: PersonTyped = { name: "", phone: "", email: "", reason: "", why: "" };

/** Reads the form as it was typed. */
export const readPerson = (form: FormData): PersonTyped => ({
  name: field(form, "name"),
  phone: field(form, "phone"),
  email: field(form, "email"),
  reason: field(form, "reason"),
  why: field(form, "why"),
});

/** What can be put right before the server is asked. A squeeze-in needs no contact, but a reason. */
export function personProblems(typed: PersonTyped, intent: "book" | "squeeze"): { id: string; text: string }[] {
  const problems: { id: string; text: string }[] = [];
  if (typed.name === "") problems.push({ id: "person-name", text: "Enter the patient's name" });
  if (intent === "book" && typed.phone === "" && typed.email === "")
    problems.push({ id: "person-phone", text: "Enter a cell number or an email address" });
  if (typed.phone !== "" && typed.phone.replace(/\D/g, "").length < 9)
    problems.push({ id: "person-phone", text: "Enter a cell number, like 082 123 4567" });
  if (typed.email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email))
    problems.push({ id: "person-email", text: "Enter an email address, like name@example.com" });
  if (intent === "squeeze" && typed.why.length < 3)
    problems.push({ id: "person-why", text: "Say in a few words why this is booked anyway" });
  return problems;
}

/** The person as the API takes them: what was left empty is absent. */
export const personInput = ({ name, phone, email, reason }: PersonTyped) => ({
  name,
  phone: phone === "" ? undefined : phone,
  email: email === "" ? undefined : email,
  reason: reason === "" ? undefined : reason,
});
