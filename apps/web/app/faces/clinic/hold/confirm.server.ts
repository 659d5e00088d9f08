import { dayOf } from "@pulsecal/core";
import type { FieldError } from "@pulsecal/ui/site";
import { alternativesIn, attempt, type Refused } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import { type Details, detailsInput } from "./details-form.ts";
import type { Question } from "./question-form.ts";
import type { NearTime } from "./near-time.ts";

/** What an action leaves for the page. `code` is `extended`, `fields` or a refusal of the API. */
export type DetailsOutcome = {
  details: Details;
  formKey: string;
  code: string;
  errors?: FieldError[];
  near?: NearTime[];
  /** the time that could not be had, when it is not the held one */
  lost?: Date;
  expiresAt?: Date;
};

type Partly = Omit<DetailsOutcome, "details" | "formKey">;
type Done = { to: string };

/** Turns the hold into a booking. */
export async function confirmHold(
  caller: Caller,
  token: string,
  details: Details,
  key: string,
): Promise<Partly | Done> {
  const result = await attempt(() => caller.public.booking.confirm({ token, ...detailsInput(details), key }));
  return result.ok ? { to: pageOf(token, result.value.warnings) } : problemOf(result);
}

/** A booking's page; it says so when the same person has another booking at that time. */
function pageOf(token: string, warnings: readonly string[]): string {
  return `/b/${token}${warnings.includes("own_clash") ? "?clash" : ""}`;
}

/** Five minutes more. */
export async function extendHold(caller: Caller, token: string): Promise<Partly> {
  const result = await attempt(() => caller.public.booking.extendHold({ token }));
  return result.ok ? { code: "extended", expiresAt: result.value.expiresAt } : problemOf(result);
}

/** The hold lapsed and a near time was pressed instead: it is booked at once, with the text that was kept. */
export async function takeOther(
  caller: Caller,
  token: string,
  near: NearTime,
  details: Details,
  key: string,
): Promise<Partly | Done> {
  const old = await attempt(() => caller.patient.booking.get({ token }));
  if (!old.ok) return problemOf(old);
  const { service, minutes } = old.value;
  const choice = { serviceId: service.id, who: near.practitionerId, start: near.start, minutes, key };
  const result = await attempt(() => caller.public.booking.book({ ...choice, ...detailsInput(details) }));
  if (!result.ok) return { ...problemOf(result), lost: near.start };
  return { to: pageOf(result.value.token, result.value.warnings) };
}

/** The three free times nearest to a hold that lapsed, with the same doctor. */
export async function nearestFree(caller: Caller, booking: HeldTime): Promise<NearTime[]> {
  const { service, practitioner, clinic } = booking;
  const from = dayOf(booking.start.getTime(), clinic.zone);
  const asked = { serviceId: service.id, who: practitioner.id, from, minutes: booking.minutes };
  const page = await attempt(() => caller.public.booking.times(asked));
  if (!page.ok) return [];
  const distance = ({ start }: NearTime) => Math.abs(start.getTime() - booking.start.getTime());
  return page.value.days
    .flatMap((day) => day.times)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 3)
    .sort((a, b) => a.start.getTime() - b.start.getTime())
    .map(({ start, practitionerId }) => ({ start, practitionerId }));
}

type HeldTime = {
  start: Date;
  minutes: number;
  service: { id: string };
  practitioner: { id: string };
  clinic: { zone: string };
};

/** What the clinic asks of whoever books this service. */
export async function questionsOf(caller: Caller, serviceId: string): Promise<Question[]> {
  const asked = await attempt(() => caller.public.booking.questions({ serviceId }));
  return asked.ok ? asked.value.questions : [];
}

function problemOf(refused: Refused): Partly {
  if (refused.code === "invalid") return { code: "fields", errors: fieldErrors(refused.detail["fields"]) };
  return { code: refused.code, near: alternativesIn(refused.detail) };
}

const WORDS: Record<string, string> = {
  name: "Enter your name",
  phone: "Enter a cell number, like 082 123 4567",
  email: "Enter an email address, like name@example.com",
  reason: "Shorten the reason",
  dependant: "Enter the name of who is coming",
};

/** The API names the field; the words are this page's, but for a clinic's own questions. */
export function fieldErrors(fields: unknown): FieldError[] {
  const named = Array.isArray(fields) ? fields : [];
  const errors = named.flatMap((each): FieldError[] => {
    const id = String(each?.path ?? "");
    if (/^(people\.\d+\.)?answers\./.test(id)) return [{ id, text: String(each?.message ?? "Check this answer") }];
    return id in WORDS ? [{ id, text: WORDS[id] ?? "" }] : [];
  });
  return errors.length > 0 ? errors : [{ id: "name", text: "Check your details" }];
}
