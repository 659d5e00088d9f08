import { describe, expect, test } from "vitest";
import {
  checkDraft,
  draftFromForm,
  draftOf,
  editDraft,
  endsNextDay,
  type HoursDraft,
  sameDraft,
} from "./hours-draft.ts";

const week = (monday: { from: string; to: string }[]): HoursDraft => ({
  weekly: [monday, [], [], [], [], [], []],
  overrides: [],
});
const problemsOf = (draft: HoursDraft) => {
  const checked = checkDraft(draft);
  return checked.ok ? [] : checked.problems;
};

describe("hours in a form", () => {
  test("survive the way there and back", () => {
    const rules = {
      weekly: [
        { weekday: 1 as const, from: 780, to: 1020 },
        { weekday: 1 as const, from: 480, to: 720 },
        { weekday: 2 as const, from: 1080, to: 120 },
      ],
      overrides: [
        { date: "2026-12-16", windows: [] },
        { date: "2026-12-01", windows: [{ from: 540, to: 600 }] },
      ],
    };
    const draft = draftOf(rules);
    expect(draft.weekly[0]).toEqual([
      { from: "08:00", to: "12:00" },
      { from: "13:00", to: "17:00" },
    ]);
    expect(draft.overrides.map((one) => one.date)).toEqual(["2026-12-01", "2026-12-16"]);
    const checked = checkDraft(draft);
    expect(checked.ok && checked.rules.weekly).toHaveLength(3);
    expect(checked.ok && sameDraft(draftOf(checked.rules), draft)).toBe(true);
  });

  test("that close before they open close on the next day", () => {
    expect(endsNextDay({ from: "18:00", to: "02:00" })).toBe(true);
    expect(endsNextDay({ from: "08:00", to: "17:00" })).toBe(false);
    expect(problemsOf(week([{ from: "18:00", to: "2" }]))).toEqual([]);
  });

  test("left empty count as not there", () => {
    const checked = checkDraft(week([{ from: "", to: " " }]));
    expect(checked).toEqual({ ok: true, rules: { weekly: [], overrides: [] } });
  });

  test.each([
    [[{ from: "x", to: "17:00" }], "w-0-0-from", "Monday: enter an opening time, like 08:00"],
    [[{ from: "08:00", to: "" }], "w-0-0-to", "Monday: enter a closing time, like 17:00"],
    [[{ from: "24:00", to: "02:00" }], "w-0-0-from", "Monday: enter an opening time, like 08:00"],
    [
      [{ from: "08:00", to: "8" }],
      "w-0-0-to",
      "Monday: opening and closing are the same. For a whole day write 00:00 and 24:00",
    ],
    [
      [
        { from: "08:00", to: "12:00" },
        { from: "11:30", to: "15:00" },
      ],
      "w-0-1-from",
      "Monday: 11:30 to 15:00 overlaps 08:00 to 12:00",
    ],
    [
      [
        { from: "20:00", to: "02:00" },
        { from: "22:00", to: "23:00" },
      ],
      "w-0-1-from",
      "Monday: 22:00 to 23:00 overlaps 20:00 to 02:00",
    ],
  ])("%j points at %s", (windows, id, text) => {
    expect(problemsOf(week(windows))).toEqual([{ id, text }]);
  });

  test("name a date that is missing or there twice", () => {
    const overrides = [
      { date: "", windows: [] },
      { date: "2026-12-16", windows: [] },
      { date: "2026-12-16", windows: [] },
    ];
    expect(problemsOf({ ...week([]), overrides }).map((problem) => problem.id)).toEqual(["o-0-date", "o-2-date"]);
  });

  test("are read from a posted form as they were typed", () => {
    const form = new FormData();
    for (const [name, value] of [
      ["w.0.0.from", "8"],
      ["w.0.0.to", "nonsense"],
      ["w.0.1.from", ""],
      ["w.0.1.to", ""],
      ["o.0.date", "2026-12-16"],
      ["o.0.0.from", "09:00"],
      ["o.0.0.to", "10:00"],
    ]) {
      form.set(name ?? "", value ?? "");
    }
    const draft = draftFromForm(form);
    expect(draft.weekly[0]).toEqual([
      { from: "8", to: "nonsense" },
      { from: "", to: "" },
    ]);
    expect(draft.overrides).toEqual([{ date: "2026-12-16", windows: [{ from: "09:00", to: "10:00" }] }]);
  });
});

describe("the editor's buttons", () => {
  const start: HoursDraft = {
    weekly: [[{ from: "08:00", to: "12:00" }], [], [], [], [], [], []],
    overrides: [{ date: "2026-12-16", windows: [] }],
  };

  test("add and remove hours of a day", () => {
    expect(editDraft(start, "add.0").weekly[0]).toHaveLength(2);
    expect(editDraft(start, "add.2").weekly[2]).toEqual([{ from: "08:00", to: "17:00" }]);
    expect(editDraft(start, "remove.0.0").weekly[0]).toEqual([]);
  });

  test("copy Monday to the other weekdays and leave the weekend alone", () => {
    const copied = editDraft(start, "copy").weekly;
    expect(copied.map((windows) => windows.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  test("add and remove dates and their hours", () => {
    expect(editDraft(start, "add-date").overrides).toHaveLength(2);
    expect(editDraft(start, "remove-date.0").overrides).toEqual([]);
    const open = editDraft(start, "add-in.0");
    expect(open.overrides[0]?.windows).toEqual([{ from: "08:00", to: "17:00" }]);
    expect(editDraft(open, "remove-in.0.0").overrides[0]?.windows).toEqual([]);
  });

  test("stop at eight hours a day and ignore words they do not know", () => {
    const full = Array.from({ length: 9 }, () => "add.0").reduce(editDraft, start);
    expect(full.weekly[0]).toHaveLength(8);
    expect(editDraft(start, "explode.1")).toBe(start);
  });
});
