import { textOf } from "../../lib/form.ts";
import type { ServiceView } from "./types.ts";
import type { Problem } from "./hours-draft.ts";

/** A service as it stands in the form: text, so that nothing typed is ever lost. */
export type ServiceDraft = {
  name: string;
  minutes: string;
  price: string;
  bufferBefore: string;
  bufferAfter: string;
  intervalMinutes: string;
  noticeMinutes: string;
  horizonDays: string;
  active: boolean;
  practitionerIds: string[];
};
export type ServiceRules = Omit<ServiceView, "id">;

/** "450" or "450.50" from whole cents, as one types it. */
export const priceText = (cents: number): string =>
  cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2);

/** Whole cents from "450", "R450", "1 250,50"; null when it is no amount. */
export function priceCents(text: string): number | null {
  const match = /^R?(\d{1,6})(?:[.,](\d{1,2}))?$/i.exec(text.replaceAll(/\s/g, ""));
  if (match === null) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

/** A saved service as a form; without one, the usual new visit of twenty minutes with every doctor. */
export function draftOfService(service: ServiceView | undefined, allPractitionerIds: string[]): ServiceDraft {
  if (service === undefined) {
    return {
      name: "",
      minutes: "20",
      price: "",
      bufferBefore: "0",
      bufferAfter: "0",
      intervalMinutes: "20",
      noticeMinutes: "60",
      horizonDays: "60",
      active: true,
      practitionerIds: allPractitionerIds,
    };
  }
  return {
    name: service.name,
    minutes: String(service.minutes),
    price: priceText(service.priceCents),
    bufferBefore: String(service.bufferBefore),
    bufferAfter: String(service.bufferAfter),
    intervalMinutes: String(service.intervalMinutes),
    noticeMinutes: String(service.noticeMinutes),
    horizonDays: String(service.horizonDays),
    active: service.active,
    practitionerIds: service.practitionerIds,
  };
}

/** Reads the posted form as it was typed. */
export function serviceFromForm(form: FormData): ServiceDraft {
  const text = (name: string) => textOf(form, name).slice(0, 200);
  return {
    name: text("name"),
    minutes: text("minutes"),
    price: text("price"),
    bufferBefore: text("bufferBefore"),
    bufferAfter: text("bufferAfter"),
    intervalMinutes: text("intervalMinutes"),
    noticeMinutes: text("noticeMinutes"),
    horizonDays: text("horizonDays"),
    active: form.get("active") !== null,
    practitionerIds: form.getAll("practitionerIds").filter((id) => typeof id === "string"),
  };
}

type Checked = { ok: true; rules: ServiceRules } | { ok: false; problems: Problem[] };

/** Turns the form into a service, or says what to change and where. */
export function checkService(draft: ServiceDraft): Checked {
  const problems: Problem[] = [];
  const whole = (id: keyof ServiceDraft, text: string, min: number, max: number, what: string): number => {
    const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) problems.push({ id, text: `${what}: enter a number from ${min} to ${max}` });
    return value;
  };
  const name = draft.name.trim();
  if (name === "") problems.push({ id: "name", text: "Enter a name patients will recognise" });
  else if (name.length > 80) problems.push({ id: "name", text: "Use at most 80 letters for the name" });
  const minutes = whole("minutes", draft.minutes, 5, 720, "Length");
  const cents = priceCents(draft.price);
  if (cents === null || cents > 10_000_000) problems.push({ id: "price", text: "Enter a price in rand, like 450" });
  const rules = {
    name,
    minutes,
    priceCents: cents ?? 0,
    bufferBefore: whole("bufferBefore", draft.bufferBefore, 0, 240, "Before"),
    bufferAfter: whole("bufferAfter", draft.bufferAfter, 0, 240, "After"),
    intervalMinutes: whole("intervalMinutes", draft.intervalMinutes, 5, 720, "Offer a time every"),
    noticeMinutes: whole("noticeMinutes", draft.noticeMinutes, 0, 86_400, "Shortest notice"),
    horizonDays: whole("horizonDays", draft.horizonDays, 1, 365, "How far ahead"),
    active: draft.active,
    practitionerIds: draft.practitionerIds,
  };
  return problems.length === 0 ? { ok: true, rules } : { ok: false, problems };
}

/** A length of time as people say it: "2 hours", "1 day", "45 min". */
export function durationText(minutes: number): string {
  if (minutes === 0) return "none";
  if (minutes % 1440 === 0) return minutes === 1440 ? "1 day" : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
  return `${minutes} min`;
}
