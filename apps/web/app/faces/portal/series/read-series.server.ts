import { attempt } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import type { SeriesDate } from "./choices.ts";
import { checkRule, type RuleTyped } from "./rule.ts";

export type Problem = { id: string; text: string };
type Named = { id: string; name: string };
type Service = Named & { minutes: number; lengths: number[]; practitioners: Named[] };

/** What the page shows: the services that somebody gives, the rule as it stands, and every date with its result. */
export type SeriesPage = {
  services: Service[];
  rule: RuleTyped;
  /** of each visit */
  minutes: number;
  practitioner: string;
  problems: Problem[];
  dates: SeriesDate[];
};

/** Looks at every date of the rule. What the rule names that is not there is replaced by the first that is. */
export async function readSeriesPage(staff: Caller["staff"], typed: RuleTyped, zone: string): Promise<SeriesPage> {
  const [all, practitioners] = await Promise.all([staff.services.list(), staff.practitioners.list()]);
  const services = all
    .filter(({ active }) => active)
    .map(({ id, name, minutes, otherMinutes, practitionerIds }) => ({
      id,
      name,
      minutes,
      lengths: [...new Set([minutes, ...otherMinutes])].toSorted((a, b) => a - b),
      practitioners: practitioners.filter((one) => one.active && practitionerIds.includes(one.id)),
    }))
    .filter((one) => one.practitioners.length > 0);
  const service =
    services.find(({ id }) => id === typed.service) ??
    services.find((one) => one.practitioners.some(({ id }) => id === typed.practitioner)) ??
    services[0];
  const who = service?.practitioners.find(({ id }) => id === typed.practitioner) ?? service?.practitioners[0];
  const length = service?.lengths.find((one) => String(one) === typed.minutes) ?? service?.minutes ?? 0;
  const rule = {
    ...typed,
    service: service?.id ?? "",
    practitioner: who?.id ?? "",
    minutes: length === service?.minutes ? "" : String(length),
  };
  const page = { services, rule, minutes: length, practitioner: who?.name ?? "", problems: [], dates: [] };
  if (service === undefined) return page;
  const checked = checkRule(rule, zone);
  if (!checked.ok) return { ...page, problems: checked.problems };
  const looked = await attempt(() => staff.series.check(checked.input));
  if (looked.ok) return { ...page, dates: looked.value.dates };
  return { ...page, problems: [refusalOf(looked, rule)] };
}

const tooMuch: Record<string, string> = {
  too_many: "A series has at most 52 dates. Choose an earlier last date.",
  too_long: "A series ends within two years. Choose fewer dates.",
  none: "No date fits this rule before the last one. Choose a later last date.",
};

/** The sentence for a rule that the API refuses, at the field that can change it. */
function refusalOf({ code, detail }: { code: string; detail: Record<string, unknown> }, rule: RuleTyped): Problem {
  const fields: { issue?: string }[] = Array.isArray(detail["fields"]) ? detail["fields"] : [];
  const said = fields.map(({ issue = "" }) => tooMuch[issue]).find((text) => text !== undefined);
  if (said !== undefined) return { id: `rule-${rule.ends}`, text: said };
  if (code === "not_found") return { id: "rule-service", text: "This service is not given any more. Choose another." };
  return { id: "rule-service", text: "We could not look at these dates. Change the rule, or try again in a minute." };
}
