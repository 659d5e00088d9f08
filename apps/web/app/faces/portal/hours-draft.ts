import type { DayWindow, Rules } from "@pulsecal/core";
import { formatMinutes, parseMinutes } from "@pulsecal/ui/app";
import { textOf } from "../../lib/form.ts";

/** Hours as they stand in the form: text, so that nothing typed is ever lost. */
export type DraftWindow = { from: string; to: string };
export type HoursDraft = {
  /** Seven lists, Monday first. */
  weekly: DraftWindow[][];
  overrides: { date: string; windows: DraftWindow[] }[];
};
export type Problem = { id: string; text: string };

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const emptyWindow: DraftWindow = { from: "", to: "" };
const usual: DraftWindow = { from: "08:00", to: "17:00" };
// Enough for any clinic, and a bound on what a form may carry.
const most = { windows: 8, dates: 100 };

const typedAs = (window: DayWindow): DraftWindow => ({
  from: formatMinutes(window.from),
  to: formatMinutes(window.to),
});

/** The saved rules as a form. */
export function draftOf(rules: Rules): HoursDraft {
  return {
    weekly: weekdays.map((_, day) =>
      rules.weekly
        .filter((window) => window.weekday === day + 1)
        .toSorted((a, b) => a.from - b.from)
        .map(typedAs),
    ),
    overrides: rules.overrides
      .toSorted((a, b) => a.date.localeCompare(b.date))
      .map(({ date, windows }) => ({ date, windows: windows.map(typedAs) })),
  };
}

/** Reads the form's fields: `w.<day>.<n>.from` and `o.<n>.date`, `o.<n>.<m>.from`. */
export function draftFromForm(form: FormData): HoursDraft {
  const text = (name: string) => (form.has(name) ? textOf(form, name).slice(0, 20) : null);
  const windowsAt = (prefix: string): DraftWindow[] => {
    const windows: DraftWindow[] = [];
    for (let n = 0; n < most.windows; n++) {
      const from = text(`${prefix}.${n}.from`);
      const to = text(`${prefix}.${n}.to`);
      if (from === null || to === null) break;
      windows.push({ from, to });
    }
    return windows;
  };
  const overrides: HoursDraft["overrides"] = [];
  for (let n = 0; n < most.dates; n++) {
    const date = text(`o.${n}.date`);
    if (date === null) break;
    overrides.push({ date, windows: windowsAt(`o.${n}`) });
  }
  return { weekly: weekdays.map((_, day) => windowsAt(`w.${day}`)), overrides };
}

/**
 * Applies one of the editor's buttons ("add.<day>", "remove.<day>.<n>", "copy", "add-date", "remove-date.<n>", "add-in.<n>",
 * "remove-in.<n>.<m>"); without JavaScript the same words are posted. An unknown word changes nothing.
 */
export function editDraft(draft: HoursDraft, edit: string): HoursDraft {
  const [word, a = "-1", b = "-1"] = edit.split(".");
  const [first, second] = [Number(a), Number(b)];
  const inDay = (change: (windows: DraftWindow[]) => DraftWindow[]): HoursDraft => ({
    ...draft,
    weekly: draft.weekly.map((windows, day) => (day === first ? change(windows) : windows)),
  });
  const inDate = (change: (windows: DraftWindow[]) => DraftWindow[]): HoursDraft => ({
    ...draft,
    overrides: draft.overrides.map((one, n) => (n === first ? { ...one, windows: change(one.windows) } : one)),
  });
  switch (word) {
    case "add":
      return inDay(withOneMore);
    case "remove":
      return inDay((windows) => windows.filter((_, n) => n !== second));
    case "copy":
      return {
        ...draft,
        weekly: draft.weekly.map((windows, day) => (day >= 1 && day <= 4 ? [...(draft.weekly[0] ?? [])] : windows)),
      };
    case "add-date":
      return draft.overrides.length >= most.dates
        ? draft
        : { ...draft, overrides: [...draft.overrides, { date: "", windows: [] }] };
    case "remove-date":
      return { ...draft, overrides: draft.overrides.filter((_, n) => n !== first) };
    case "add-in":
      return inDate(withOneMore);
    case "remove-in":
      return inDate((windows) => windows.filter((_, n) => n !== second));
    default:
      return draft;
  }
}

function withOneMore(windows: DraftWindow[]): DraftWindow[] {
  if (windows.length >= most.windows) return windows;
  return [...windows, windows.length === 0 ? usual : emptyWindow];
}

type Checked = { ok: true; rules: Rules } | { ok: false; problems: Problem[] };

/** Turns the form into rules, or says what to change and where. Rows left empty count as not there. */
export function checkDraft(draft: HoursDraft): Checked {
  const problems: Problem[] = [];
  const weekly: Rules["weekly"] = draft.weekly.flatMap((windows, day) =>
    checkWindows(windows, weekdays[day] ?? "", `w-${day}`, problems).map((window) => ({
      ...window,
      weekday: (day + 1) as Rules["weekly"][number]["weekday"],
    })),
  );
  const seen = new Set<string>();
  const overrides: Rules["overrides"] = draft.overrides.map(({ date, windows }, n) => {
    const id = `o-${n}-date`;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) problems.push({ id, text: "Choose the date that is different" });
    else if (seen.has(date)) problems.push({ id, text: "This date is in the list twice. Keep one of them" });
    seen.add(date);
    return { date, windows: checkWindows(windows, `Date ${n + 1}`, `o-${n}`, problems) };
  });
  return problems.length === 0 ? { ok: true, rules: { weekly, overrides } } : { ok: false, problems };
}

function checkWindows(windows: DraftWindow[], name: string, id: string, problems: Problem[]): DayWindow[] {
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

/** Whether two drafts say the same. */
export const sameDraft = (a: HoursDraft, b: HoursDraft): boolean => JSON.stringify(a) === JSON.stringify(b);
