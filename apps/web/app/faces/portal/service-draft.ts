import { addDays } from "@pulsecal/core";
import { textOf } from "../../lib/form.ts";
import type { ServiceView } from "./types.ts";
import type { Problem } from "./hours-draft.ts";
import { checkLimits, draftOfLimits } from "./limits-draft.ts";

/** Rooms, devices or people a service needs besides the doctor: `count` different ones out of `of`. */
export type NeedDraft = { count: string; of: string[]; minutes: string; bufferBefore: string; bufferAfter: string };

/** The fields that are typed or chosen as text. */
const texts = [
  "name",
  "minutes",
  "otherMinutes",
  "price",
  "bufferBefore",
  "bufferAfter",
  "intervalMinutes",
  "alignment",
  "alignmentOffset",
  "noticeMinutes",
  "horizonKind",
  "horizonDays",
  "horizonFrom",
  "horizonUntil",
  "seats",
  "dayCount",
  "dayMinutes",
  "weekCount",
  "weekMinutes",
] as const;
export type ServiceText = (typeof texts)[number];

/** A service as it stands in the form: text, so that nothing typed is ever lost. */
export type ServiceDraft = Record<ServiceText, string> & {
  active: boolean;
  needsApproval: boolean;
  practitionerIds: string[];
  needs: NeedDraft[];
};
export type ServiceRules = Omit<ServiceView, "id" | "version" | "needs"> & {
  needs: Omit<ServiceView["needs"][number], "id">[];
};

/** Enough for any service, and a bound on what a form may carry. */
const mostNeeds = 10;
/** What one visit takes besides its doctor, all needs together. */
const mostNeeded = 30;
const furthestDays = 731;
export const emptyNeed: NeedDraft = { count: "1", of: [], minutes: "", bufferBefore: "", bufferAfter: "" };

/** "450" or "450.50" from whole cents, as one types it. */
export const priceText = (cents: number): string =>
  cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2);

/** Whole cents from "450", "R450", "1 250,50"; null when it is no amount. */
export function priceCents(text: string): number | null {
  const match = /^R?(\d{1,6})(?:[.,](\d{1,2}))?$/i.exec(text.replaceAll(/\s/g, ""));
  if (match === null) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

/** What a new service starts as: a usual visit of twenty minutes. */
const usual: Record<ServiceText, string> = {
  name: "",
  minutes: "20",
  otherMinutes: "",
  price: "",
  bufferBefore: "0",
  bufferAfter: "0",
  intervalMinutes: "20",
  alignment: "clock",
  alignmentOffset: "0",
  noticeMinutes: "60",
  horizonKind: "days",
  horizonDays: "60",
  horizonFrom: "",
  horizonUntil: "",
  seats: "1",
  dayCount: "",
  dayMinutes: "",
  weekCount: "",
  weekMinutes: "",
};
const orEmpty = (value: number | string | null): string => (value === null ? "" : String(value));

/** A saved service as a form; without one, the usual new visit with every doctor. */
export function draftOfService(service: ServiceView | undefined, allPractitionerIds: string[]): ServiceDraft {
  if (service === undefined) {
    return { ...usual, active: true, needsApproval: false, practitionerIds: allPractitionerIds, needs: [] };
  }
  return {
    name: service.name,
    minutes: String(service.minutes),
    otherMinutes: service.otherMinutes.join(", "),
    price: priceText(service.priceCents),
    bufferBefore: String(service.bufferBefore),
    bufferAfter: String(service.bufferAfter),
    intervalMinutes: String(service.intervalMinutes),
    alignment: service.alignment,
    alignmentOffset: String(service.alignmentOffset),
    noticeMinutes: String(service.noticeMinutes),
    horizonKind: service.horizonKind,
    horizonDays: String(service.horizonDays),
    horizonFrom: orEmpty(service.horizonFrom),
    horizonUntil: orEmpty(service.horizonUntil),
    seats: String(service.seats),
    ...draftOfLimits(service),
    active: service.active,
    needsApproval: service.needsApproval,
    practitionerIds: service.practitionerIds,
    needs: service.needs.map((need) => ({
      count: String(need.count),
      of: need.of,
      minutes: orEmpty(need.minutes),
      bufferBefore: orEmpty(need.bufferBefore),
      bufferAfter: orEmpty(need.bufferAfter),
    })),
  };
}

/** Reads the posted form as it was typed; `need.<n>.of` has a value for each tick. */
export function serviceFromForm(form: FormData): ServiceDraft {
  const text = (name: string) => textOf(form, name).slice(0, 200);
  const all = (name: string) => form.getAll(name).filter((id) => typeof id === "string");
  const needs: NeedDraft[] = [];
  for (let n = 0; n < mostNeeds; n++) {
    const need = {
      count: text(`need.${n}.count`),
      of: all(`need.${n}.of`),
      minutes: text(`need.${n}.minutes`),
      bufferBefore: text(`need.${n}.bufferBefore`),
      bufferAfter: text(`need.${n}.bufferAfter`),
    };
    // A need of nothing is none: that is how one is taken away.
    if (need.of.length > 0) needs.push(need);
  }
  return {
    ...(Object.fromEntries(texts.map((name) => [name, text(name)])) as Record<ServiceText, string>),
    active: form.get("active") !== null,
    needsApproval: form.get("needsApproval") !== null,
    practitionerIds: all("practitionerIds"),
    needs,
  };
}

const alignments = ["clock", "opening", "packed"] as const;
const horizons = ["days", "working_days", "range"] as const;
const oneOf = <T extends string>(known: readonly T[], text: string): T =>
  known.find((one) => one === text) ?? (known[0] as T); // the lists above are not empty

type Checked = { ok: true; rules: ServiceRules } | { ok: false; problems: Problem[] };

/** Turns the form into a service, or says what to change and where; `today` is the clinic's date. */
export function checkService(draft: ServiceDraft, today: string): Checked {
  const problems: Problem[] = [];
  const say = (id: string, text: string) => problems.push({ id, text });
  const within = (id: string, text: string, [min, max]: readonly [number, number], what: string): number => {
    const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) say(id, `${what}: enter a number from ${min} to ${max}`);
    return value;
  };
  const whole = (id: ServiceText, min: number, max: number, what: string) => within(id, draft[id], [min, max], what);
  const name = draft.name.trim();
  if (name === "") say("name", "Enter a name patients will recognise");
  else if (name.length > 80) say("name", "Use at most 80 letters for the name");
  const minutes = whole("minutes", 5, 720, "Length");
  const price = priceCents(draft.price);
  if (price === null || price > 10_000_000) say("price", "Enter a price in rand, like 450");
  const horizonKind = oneOf(horizons, draft.horizonKind);
  const [from, until] = [draft.horizonFrom, draft.horizonUntil];
  if (horizonKind === "range" && (from === "" || until === "" || until < from))
    say("horizonUntil", "Choose the first and the last day that can be booked");
  else if (horizonKind === "range" && until > addDays(today, furthestDays))
    say("horizonUntil", "Choose a last day within the next two years");
  const range = horizonKind === "range";
  const rules: ServiceRules = {
    name,
    minutes,
    otherMinutes: otherLengths(draft.otherMinutes, say),
    priceCents: price ?? 0,
    bufferBefore: whole("bufferBefore", 0, 240, "Before"),
    bufferAfter: whole("bufferAfter", 0, 240, "After"),
    intervalMinutes: whole("intervalMinutes", 5, 720, "Offer a time every"),
    alignment: oneOf(alignments, draft.alignment),
    alignmentOffset: whole("alignmentOffset", 0, 1439, "Minutes past"),
    noticeMinutes: whole("noticeMinutes", 0, 86_400, "Shortest notice"),
    horizonKind,
    // The number of days is kept while a range of dates holds, so that going back finds it.
    horizonDays: range && draft.horizonDays.trim() === "" ? 60 : whole("horizonDays", 1, 365, "How far ahead"),
    horizonFrom: range ? from : null,
    horizonUntil: range ? until : null,
    seats: whole("seats", 1, 500, "Seats"),
    ...checkLimits(draft, say),
    active: draft.active,
    needsApproval: draft.needsApproval,
    practitionerIds: draft.practitionerIds,
    needs: draft.needs.map((need, n) => {
      const id = `need-${n}`;
      const own = (
        name: "minutes" | "bufferBefore" | "bufferAfter",
        bounds: readonly [number, number],
        what: string,
      ) => (need[name].trim() === "" ? null : within(`${id}-${name}`, need[name], bounds, what));
      const count = within(`${id}-count`, need.count, [1, 10], "How many");
      if (count > need.of.length) say(`${id}-count`, `Tick at least ${count} to choose ${count} from`);
      return {
        count,
        of: need.of,
        minutes: own("minutes", [5, 720], "Needed for"),
        bufferBefore: own("bufferBefore", [0, 240], "Free before"),
        bufferAfter: own("bufferAfter", [0, 240], "Free after"),
      };
    }),
  };
  if (rules.needs.reduce((sum, { count }) => sum + count, 0) > mostNeeded)
    say("need-0-count", `A visit takes at most ${mostNeeded} rooms, devices and people besides its doctor`);
  return problems.length === 0 ? { ok: true, rules } : { ok: false, problems };
}

/** "30, 40" as lengths a patient may choose besides the usual one. */
function otherLengths(text: string, say: (id: string, text: string) => void): number[] {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const lengths = parts.map(Number).filter((length) => Number.isInteger(length) && length >= 5 && length <= 720);
  if (lengths.length < parts.length || lengths.length > 8)
    say("otherMinutes", "Other lengths: enter up to eight numbers of minutes, like 30, 40");
  return lengths;
}

/** A length of time as people say it: "2 hours", "1 day", "45 min". */
export function durationText(minutes: number): string {
  if (minutes === 0) return "none";
  if (minutes % 1440 === 0) return minutes === 1440 ? "1 day" : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
  return `${minutes} min`;
}
