import { data, redirect } from "react-router";
import { field, textOf } from "../../lib/form.ts";
import { attempt } from "../../lib/refusal.server.ts";
import type { Caller } from "../../lib/trpc.server.ts";
import type { Problem } from "./hours-draft.ts";
import { windowsOf } from "./waitlist-words.ts";

/** Who wants to wait, as typed. */
export type WaitTyped = {
  serviceId: string;
  who: string;
  name: string;
  phone: string;
  email: string;
  parts: string[];
  notBefore: string;
  notAfter: string;
  urgency: string;
};
export type WaitAnswer = { problem?: string; problems?: Problem[]; typed?: WaitTyped };

function read(form: FormData): WaitTyped {
  return {
    serviceId: textOf(form, "serviceId"),
    who: textOf(form, "who"),
    name: field(form, "name"),
    phone: field(form, "phone"),
    email: field(form, "email"),
    parts: form.getAll("parts").filter((part) => typeof part === "string"),
    notBefore: textOf(form, "notBefore"),
    notAfter: textOf(form, "notAfter"),
    urgency: textOf(form, "urgency"),
  };
}

function problemsOf({ name, phone, email, notBefore, notAfter }: WaitTyped): Problem[] {
  const problems: Problem[] = [];
  if (name === "") problems.push({ id: "wait-name", text: "Enter the patient's name" });
  if (phone === "" && email === "")
    problems.push({ id: "wait-phone", text: "Enter a cell number or an email address" });
  if (notBefore !== "" && notAfter !== "" && notAfter < notBefore)
    problems.push({ id: "wait-notAfter", text: "Choose a last day after the first" });
  return problems;
}

const orAbsent = (text: string): string | undefined => (text === "" ? undefined : text);

/** Puts a person on the list. */
export async function addToWaitlist(staff: Caller["staff"], form: FormData, here: string) {
  const typed = read(form);
  const problems = problemsOf(typed);
  if (problems.length > 0) return data({ problems, typed } satisfies WaitAnswer, { status: 422 });
  const urgency = ([0, 1, 2, 3] as const).find((one) => String(one) === typed.urgency) ?? 0;
  const added = await attempt(() =>
    staff.waitlist.add({
      serviceId: typed.serviceId,
      who: typed.who,
      name: typed.name,
      phone: orAbsent(typed.phone),
      email: orAbsent(typed.email),
      canCome: windowsOf(typed.parts),
      notBefore: orAbsent(typed.notBefore),
      notAfter: orAbsent(typed.notAfter),
      urgency,
      key: textOf(form, "key"),
    }),
  );
  if (!added.ok) return data({ problem: added.code, typed } satisfies WaitAnswer, { status: 409 });
  throw redirect(here);
}
