import type { DayWindow, Rules, Timetable } from "@pulsecal/core";
import { formatMinutes, parseMinutes } from "@pulsecal/ui/app";
import { textOf } from "../../lib/form.ts";
import { checkLimits, draftOfLimits, eachLimit, type Limits, type LimitsDraft } from "./limits-draft.ts";

/** Hours as they stand in the form: text, so that nothing typed is ever lost. */
export type DraftWindow = { from: string; to: string };
/** Seven lists, Monday first. */
export type DraftWeek = DraftWindow[][];
/** A week that holds from one date to another, both included; an empty date is open-ended. */
export type DraftTimetable = { from: string; until: string; weekly: DraftWeek };
export type HoursDraft = {
  /** Of a room or a device: it is there at any hour, and its week does not count. null: a person. */
  atAnyHour: boolean | null;
  weekly: DraftWeek;
  timetables: DraftTimetable[];
  overrides: { date: string; windows: DraftWindow[] }[];
  /** Of a person; a room's limits stand elsewhere. */
  limits: LimitsDraft;
};
export type Problem = { id: string; text: string };
/** What is saved and previewed. */
export type HoursRules = Rules & { timetables: Timetable[]; limits: Limits };

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
/** Enough for any clinic, and a bound on what a form may carry. */
export const most = { windows: 8, dates: 100, timetables: 20 };
export const noLimits: Limits = eachLimit(() => null);

const typedAs = (window: DayWindow): DraftWindow => ({
  from: formatMinutes(window.from),
  to: formatMinutes(window.to),
});

const draftOfWeek = (weekly: Rules["weekly"]): DraftWeek =>
  weekdays.map((_, day) =>
    weekly
      .filter((window) => window.weekday === day + 1)
      .toSorted((a, b) => a.from - b.from)
      .map(typedAs),
  );

type Saved = Rules & { timetables: Timetable[]; limits?: Limits };

/** The saved rules as a form. */
export function draftOf(rules: Saved, whose: "practitioner" | "room" = "practitioner"): HoursDraft {
  const hasWeek = rules.weekly.length > 0 || rules.timetables.length > 0;
  return {
    atAnyHour: whose === "room" ? !hasWeek : null,
    weekly: draftOfWeek(rules.weekly),
    timetables: rules.timetables.map(({ from, until, weekly }) => ({
      from: from ?? "",
      until: until ?? "",
      weekly: draftOfWeek(weekly),
    })),
    overrides: rules.overrides
      .toSorted((a, b) => a.date.localeCompare(b.date))
      .map(({ date, windows }) => ({ date, windows: windows.map(typedAs) })),
    limits: draftOfLimits(rules.limits ?? noLimits),
  };
}

/**
 * Reads the form's fields: `w.<day>.<n>.from`, `t.<n>.from` and `t.<n>.w.<day>.<m>.from`, `o.<n>.date` and
 * `o.<n>.<m>.from`, `limit.<name>`, and `there` of a room or a device.
 */
export function draftFromForm(form: FormData): HoursDraft {
  const text = (name: string) => (form.has(name) ? textOf(form, name).slice(0, 20) : null);
  const windowsAt = (prefix: string) =>
    upTo(most.windows, (n) => {
      const from = text(`${prefix}.${n}.from`);
      const to = text(`${prefix}.${n}.to`);
      return from === null || to === null ? null : { from, to };
    });
  const weekAt = (prefix: string): DraftWeek => weekdays.map((_, day) => windowsAt(`${prefix}.${day}`));
  const there = text("there");
  return {
    atAnyHour: there === null ? null : there === "always",
    weekly: weekAt("w"),
    timetables: upTo(most.timetables, (n) => {
      const from = text(`t.${n}.from`);
      const until = text(`t.${n}.until`);
      return from === null || until === null ? null : { from, until, weekly: weekAt(`t.${n}.w`) };
    }),
    overrides: upTo(most.dates, (n) => {
      const date = text(`o.${n}.date`);
      return date === null ? null : { date, windows: windowsAt(`o.${n}`) };
    }),
    limits: eachLimit((name) => text(`limit.${name}`) ?? ""),
  };
}

/** What stands at 0, 1, 2 … until nothing does. */
function upTo<T>(end: number, at: (n: number) => T | null): T[] {
  const found: T[] = [];
  for (let n = 0; n < end; n++) {
    const one = at(n);
    if (one === null) break;
    found.push(one);
  }
  return found;
}

type Checked = { ok: true; rules: HoursRules } | { ok: false; problems: Problem[] };

/** Turns the form into rules, or says what to change and where. Rows left empty count as not there. */
export function checkDraft(typed: HoursDraft): Checked {
  const draft = meant(typed);
  const problems: Problem[] = [];
  const weekly = checkWeek(draft.weekly, { name: "", id: "w" }, problems);
  const timetables = draft.timetables.map((table, n) => checkTimetable(table, n, problems));
  if (draft.atAnyHour === false && weekly.length === 0 && timetables.length === 0 && problems.length === 0)
    problems.push({ id: "there", text: "Enter hours on at least one day, or choose “At any hour”" });
  const seen = new Set<string>();
  const overrides: Rules["overrides"] = draft.overrides.map(({ date, windows }, n) => {
    const id = `o-${n}-date`;
    if (!isDate(date)) problems.push({ id, text: "Choose the date that is different" });
    else if (seen.has(date)) problems.push({ id, text: "This date is in the list twice. Keep one of them" });
    seen.add(date);
    return { date, windows: checkWindows(windows, { name: `Date ${n + 1}`, id: `o-${n}` }, problems) };
  });
  const limits = checkLimits(draft.limits, (name, text) => problems.push({ id: `limit-${name}`, text }));
  return problems.length === 0
    ? { ok: true, rules: { weekly, timetables, overrides, limits } }
    : { ok: false, problems };
}

/** A room at any hour has no week, whatever stood in it before. */
const meant = (draft: HoursDraft): HoursDraft =>
  draft.atAnyHour === true ? { ...draft, weekly: weekdays.map(() => []), timetables: [] } : draft;

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

function checkTimetable({ from, until, weekly }: DraftTimetable, n: number, problems: Problem[]): Timetable {
  const [name, id] = [`Timetable ${n + 1}`, `t-${n}`];
  if (!isDate(from) && !isDate(until)) problems.push({ id: `${id}-from`, text: `${name}: choose its first day` });
  else if (isDate(from) && isDate(until) && until < from)
    problems.push({ id: `${id}-until`, text: `${name}: the last day is before the first` });
  return {
    from: isDate(from) ? from : null,
    until: isDate(until) ? until : null,
    weekly: checkWeek(weekly, { name: `${name}, `, id: `${id}-w` }, problems),
  };
}

/** Where windows stand: what people call the place, and the beginning of its fields' ids. */
type Place = { name: string; id: string };

function checkWeek(weekly: DraftWeek, { name, id }: Place, problems: Problem[]): Rules["weekly"] {
  return weekly.flatMap((windows, day) =>
    checkWindows(windows, { name: `${name}${weekdays[day] ?? ""}`, id: `${id}-${day}` }, problems).map((window) => ({
      ...window,
      weekday: (day + 1) as Rules["weekly"][number]["weekday"],
    })),
  );
}

function checkWindows(windows: DraftWindow[], { name, id }: Place, problems: Problem[]): DayWindow[] {
  const good: DayWindow[] = [];
  windows.forEach((window, n) => {
    if (window.from.trim() === "" && window.to.trim() === "") return;
    const from = parseMinutes(window.from);
    const to = parseMinutes(window.to);
    if (from === null || from === 1440)
      problems.push({ id: `${id}-${n}-from`, text: `${name}: enter an opening time, like 08:00` });
    if (to === null) problems.push({ id: `${id}-${n}-to`, text: `${name}: enter a closing time, like 17:00` });
    if (from === null || from === 1440 || to === null) return;
    if (from === to) {
      problems.push({
        id: `${id}-${n}-to`,
        text: `${name}: opening and closing are the same. For a whole day write 00:00 and 24:00`,
      });
      return;
    }
    const clash = good.find((other) => from < endOf(other) && other.from < endOf({ from, to }));
    if (clash !== undefined) {
      problems.push({
        id: `${id}-${n}-from`,
        text: `${name}: ${formatMinutes(from)} to ${formatMinutes(to)} overlaps ${formatMinutes(clash.from)} to ${formatMinutes(clash.to)}`,
      });
      return;
    }
    good.push({ from, to });
  });
  return good.toSorted((a, b) => a.from - b.from);
}

/** The end counted on past midnight: hours that close before they open close on the next day. */
const endOf = (window: DayWindow): number => (window.to <= window.from ? window.to + 1440 : window.to);

/** Whether hours as typed close on the day after. */
export function endsNextDay(window: DraftWindow): boolean {
  const from = parseMinutes(window.from);
  const to = parseMinutes(window.to);
  return from !== null && to !== null && to < from;
}

/** Whether two drafts mean the same. */
export const sameDraft = (a: HoursDraft, b: HoursDraft): boolean =>
  JSON.stringify(meant(a)) === JSON.stringify(meant(b));
