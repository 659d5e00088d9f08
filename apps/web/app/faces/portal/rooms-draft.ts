import { wallTime } from "@pulsecal/core";
import { parseMinutes } from "@pulsecal/ui/app";
import type { Problem } from "./hours-draft.ts";
import { checkLimits, eachLimit, type Limits } from "./limits-draft.ts";

/** The fields of a form as they were typed. */
export type Typed = Record<string, string>;

type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** Every text field of a posted form, cut to a length no field needs. */
export function typedIn(form: FormData): Typed {
  const typed: Typed = {};
  for (const [name, value] of form) if (typeof value === "string") typed[name] = value.slice(0, 300).trim();
  return typed;
}

const textOf = (typed: Typed, name: string): string => typed[name] ?? "";

function number(typed: Typed, name: string, max: number, say: (id: string, text: string) => void): number {
  const text = textOf(typed, name);
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) say(name, `Enter a number from 0 to ${max}`);
  return value;
}

/** A room or a device; limits left empty are none. */
export function checkRoom(typed: Typed): Checked<{ kind: "room" | "device"; name: string; active: boolean } & Limits> {
  const problems: Problem[] = [];
  const say = (id: string, text: string) => problems.push({ id, text });
  const name = textOf(typed, "name");
  if (name === "") say("name", "Enter a name, like Room 2");
  const value = {
    kind: textOf(typed, "kind") === "device" ? ("device" as const) : ("room" as const),
    name,
    active: typed["active"] !== undefined,
    ...checkLimits(
      eachLimit((limit) => textOf(typed, limit)),
      say,
    ),
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** A stretch given by two dates and times on the clinic's clock; the instant of each, or null where one is missing. */
export function stretchOf(typed: Typed, zone: string): { startsAt: Date; endsAt: Date } | null {
  const at = (date: string, time: string): number | null => {
    const minutes = parseMinutes(time);
    return /^\d{4}-\d{2}-\d{2}$/.test(date) && minutes !== null ? wallTime(date, minutes, zone).instant : null;
  };
  const startsAt = at(textOf(typed, "fromDate"), textOf(typed, "fromTime"));
  const endsAt = at(textOf(typed, "toDate") || textOf(typed, "fromDate"), textOf(typed, "toTime"));
  return startsAt === null || endsAt === null ? null : { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
}

/** Problems of a stretch, by field. */
export function stretchProblems(typed: Typed, zone: string): Problem[] {
  const stretch = stretchOf(typed, zone);
  if (stretch === null) return [{ id: "fromDate", text: "Enter both days and times, like 08:00" }];
  return stretch.startsAt < stretch.endsAt ? [] : [{ id: "toDate", text: "Choose an end after the start" }];
}

/** A time in which the whole clinic is shut. */
export function checkClosure(typed: Typed, zone: string): Checked<{ startsAt: Date; endsAt: Date; label: string }> {
  const problems = stretchProblems(typed, zone);
  const label = textOf(typed, "label");
  if (label === "") problems.push({ id: "label", text: "Say what the clinic is shut for" });
  const stretch = stretchOf(typed, zone);
  return problems.length === 0 && stretch !== null
    ? { ok: true, value: { ...stretch, label } }
    : { ok: false, problems };
}

type RulesValue = {
  holidayCountry: string | null;
  shareBuffers: boolean;
  squeezeInCap: number;
  cancelUntilMinutes: number;
};

/** The clinic's own rules. */
export function checkRules(typed: Typed): Checked<RulesValue> {
  const problems: Problem[] = [];
  const say = (id: string, text: string) => problems.push({ id, text });
  const country = textOf(typed, "holidayCountry");
  const value = {
    holidayCountry: country === "" ? null : country,
    shareBuffers: typed["shareBuffers"] !== undefined,
    squeezeInCap: number(typed, "squeezeInCap", 50, say),
    cancelUntilMinutes: number(typed, "cancelUntilMinutes", 86_400, say),
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}
