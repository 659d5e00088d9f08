import { dayOf } from "@pulsecal/core";
import type { FieldError } from "@pulsecal/ui/site";
import { alternativesIn, attempt, type Refused } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import { type Details, detailsInput } from "./details-form.ts";
import type { NearTime } from "./near-time.ts";

/** What an action leaves for the page. `code` is `extended`, `fields` or a refusal of the API. */
export type DetailsOutcome = {
  details: Details;
  formKey: string;
  /** the near time picked in place of a lapsed one */
  chosen: string;
  code: string;
  errors?: FieldError[];
  near?: NearTime[];
  expiresAt?: Date;
};

type Partly = Omit<DetailsOutcome, "details" | "formKey" | "chosen">;
type Done = { to: string };

/** Turns the hold into a booking. */
export async function confirmHold(
  caller: Caller,
  token: string,
  details: Details,
  key: string,
): Promise<Partly | Done> {
  const result = await attempt(() => caller.public.booking.confirm({ token, ...detailsInput(details), key }));
  return result.ok ? { to: `/b/${token}` } : problemOf(result);
}

/** Five minutes more. */
export async function extendHold(caller: Caller, token: string): Promise<Partly> {
  const result = await attempt(() => caller.public.booking.extendHold({ token }));
  return result.ok ? { code: "extended", expiresAt: result.value.expiresAt } : problemOf(result);
}

/** The hold lapsed and a near time was chosen instead: it is booked at once, with the text that was kept. */
export async function takeOther(
  caller: Caller,
  token: string,
  near: NearTime,
  details: Details,
  key: string,
): Promise<Partly | Done> {
  const old = await attempt(() => caller.patient.booking.get({ token }));
  if (!old.ok) return problemOf(old);
  const choice = { serviceId: old.value.service.id, who: near.practitionerId, start: near.start, key };
  const result = await attempt(() => caller.public.booking.book({ ...choice, ...detailsInput(details) }));
  return result.ok ? { to: `/b/${result.value.token}` } : problemOf(result);
}

/** The three free times nearest to a hold that lapsed, with the same doctor. */
export async function nearestFree(caller: Caller, booking: HeldTime): Promise<NearTime[]> {
  const { service, practitioner, clinic } = booking;
  const from = dayOf(booking.start.getTime(), clinic.zone);
  const page = await attempt(() => caller.public.booking.times({ serviceId: service.id, who: practitioner.id, from }));
  if (!page.ok) return [];
  const distance = ({ start }: NearTime) => Math.abs(start.getTime() - booking.start.getTime());
  return page.value.days
    .flatMap((day) => day.times)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 3)
    .sort((a, b) => a.start.getTime() - b.start.getTime());
}

type HeldTime = { start: Date; service: { id: string }; practitioner: { id: string }; clinic: { zone: string } };

function problemOf(refused: Refused): Partly {
  if (refused.code === "invalid") return { code: "fields", errors: fieldErrors(refused.detail["fields"]) };
  return { code: refused.code, near: alternativesIn(refused.detail) };
}

const WORDS: Record<string, string> = {
  name: "Enter your name",
  phone: "Enter a cell number, like 082 123 4567",
  email: "Enter an email address, like name@example.com",
  reason: "Shorten the reason",
};

/** The API names the field; the words are this page's. */
function fieldErrors(fields: unknown): FieldError[] {
  const names = Array.isArray(fields) ? fields.map((each) => String(each?.path ?? "")) : [];
  const known = names.filter((name) => name in WORDS);
  const id = known[0] ?? "name";
  return [{ id, text: WORDS[id] ?? "Check your details" }];
}
