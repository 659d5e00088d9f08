import {
  type DraftTimetable,
  type DraftWeek,
  type DraftWindow,
  type HoursDraft,
  most,
  weekdays,
} from "./hours-draft.ts";

const emptyWindow: DraftWindow = { from: "", to: "" };
const usual: DraftWindow = { from: "08:00", to: "17:00" };

/**
 * Applies one of the editor's buttons; without JavaScript the same words are posted. Of the week: "add.<day>",
 * "remove.<day>.<n>", "copy". Of timetable n: "add-table", "remove-table.<n>", "in-table.<n>." before a word of the week.
 * Of dates: "add-date", "remove-date.<n>", "add-in.<n>", "remove-in.<n>.<m>". An unknown word changes nothing.
 */
export function editDraft(draft: HoursDraft, edit: string): HoursDraft {
  const [word = "", ...rest] = edit.split(".");
  const [first = -1, second = -1] = rest.map(Number);
  const inDate = (change: (windows: DraftWindow[]) => DraftWindow[]): HoursDraft => ({
    ...draft,
    overrides: draft.overrides.map((one, n) => (n === first ? { ...one, windows: change(one.windows) } : one)),
  });
  switch (word) {
    case "add-table":
      return draft.timetables.length >= most.timetables
        ? draft
        : { ...draft, timetables: [...draft.timetables, newTimetable(draft.weekly)] };
    case "remove-table":
      return { ...draft, timetables: draft.timetables.filter((_, n) => n !== first) };
    case "in-table":
      return {
        ...draft,
        timetables: draft.timetables.map((table, n) =>
          n === first ? { ...table, weekly: editWeek(table.weekly, rest.slice(1)) } : table,
        ),
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
    default: {
      const weekly = editWeek(draft.weekly, [word, ...rest]);
      return weekly === draft.weekly ? draft : { ...draft, weekly };
    }
  }
}

function editWeek(week: DraftWeek, [word, a = "-1", b = "-1"]: string[]): DraftWeek {
  const [first, second] = [Number(a), Number(b)];
  const inDay = (change: (windows: DraftWindow[]) => DraftWindow[]): DraftWeek =>
    week.map((windows, day) => (day === first ? change(windows) : windows));
  switch (word) {
    case "add":
      return inDay(withOneMore);
    case "remove":
      return inDay((windows) => windows.filter((_, n) => n !== second));
    case "copy":
      return week.map((windows, day) => (day >= 1 && day <= 4 ? [...(week[0] ?? [])] : windows));
    default:
      return week;
  }
}

/** Most timetables are the usual week with a change or two. */
const newTimetable = (weekly: DraftWeek): DraftTimetable => ({
  from: "",
  until: "",
  weekly: weekly.map((windows) => windows.map((window) => ({ ...window }))),
});

function withOneMore(windows: DraftWindow[]): DraftWindow[] {
  if (windows.length >= most.windows) return windows;
  return [...windows, windows.length === 0 ? usual : emptyWindow];
}

/** A room that was there at any hour and now keeps hours starts with the usual week, if it has none yet. */
export function keepHours(draft: HoursDraft, atAnyHour: boolean): HoursDraft {
  const isEmpty = draft.weekly.every((windows) => windows.length === 0) && draft.timetables.length === 0;
  if (atAnyHour || !isEmpty) return { ...draft, atAnyHour };
  return { ...draft, atAnyHour, weekly: weekdays.map((_, day) => (day < 5 ? [usual] : [])) };
}

/** The id of an editor's button. */
export const editId = (edit: string): string => `edit-${edit.replaceAll(".", "-")}`;

/**
 * Where the hand goes on after a button: into what was added, or to the button that adds where something was taken away.
 * `draft` is what the button made; null: it stays.
 */
export function focusAfter(draft: HoursDraft, edit: string): string | null {
  const [word = "", a = "", b = ""] = edit.split(".");
  const last = (list: readonly unknown[] | undefined) => Math.max(0, (list?.length ?? 0) - 1);
  switch (word) {
    case "add":
      return `w-${a}-${last(draft.weekly[Number(a)])}-from`;
    case "remove":
      return editId(`add.${a}`);
    case "add-table":
      return `t-${last(draft.timetables)}-from`;
    case "in-table": {
      const inside = edit.slice(`in-table.${a}.`.length);
      if (b === "remove") return editId(`in-table.${a}.add.${inside.split(".")[1] ?? ""}`);
      const weekly = draft.timetables[Number(a)]?.weekly ?? [];
      return b === "add" ? `t-${a}-${focusAfter({ ...draft, weekly }, inside) ?? ""}` : null;
    }
    case "add-date":
      return `o-${last(draft.overrides)}-date`;
    case "add-in":
      return `o-${a}-${last(draft.overrides[Number(a)]?.windows)}-from`;
    case "remove-in":
      return editId(`add-in.${a}`);
    case "remove-table":
      return editId("add-table");
    case "remove-date":
      return editId("add-date");
    default:
      return null;
  }
}
