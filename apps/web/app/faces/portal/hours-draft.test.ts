import { describe, expect, test } from "vitest";
import { checkDraft, draftFromForm, draftOf, endsNextDay, type HoursDraft, sameDraft } from "./hours-draft.ts";

const none = { dayCount: null, dayMinutes: null, weekCount: null, weekMinutes: null };
const untyped = { dayCount: "", dayMinutes: "", weekCount: "", weekMinutes: "" };
const week = (monday: { from: string; to: string }[]): HoursDraft => ({
  atAnyHour: null,
  weekly: [monday, [], [], [], [], [], []],
  timetables: [],
  overrides: [],
  limits: untyped,
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
      timetables: [
        { from: "2026-12-07", until: null, weekly: [{ weekday: 3 as const, from: 600, to: 660 }] },
        { from: null, until: "2026-11-30", weekly: [] },
      ],
      limits: { ...none, dayCount: 12 },
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
    expect(checked.ok && checked.rules).toMatchObject({ timetables: rules.timetables, limits: rules.limits });
  });

  test("that close before they open close on the next day", () => {
    expect(endsNextDay({ from: "18:00", to: "02:00" })).toBe(true);
    expect(endsNextDay({ from: "08:00", to: "17:00" })).toBe(false);
    expect(problemsOf(week([{ from: "18:00", to: "2" }]))).toEqual([]);
  });

  test("left empty count as not there", () => {
    const checked = checkDraft(week([{ from: "", to: " " }]));
    expect(checked).toEqual({ ok: true, rules: { weekly: [], timetables: [], overrides: [], limits: none } });
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
      ["t.0.from", "2026-12-01"],
      ["t.0.until", ""],
      ["t.0.w.6.0.from", "9"],
      ["t.0.w.6.0.to", "12"],
      ["limit.weekCount", "forty"],
    ]) {
      form.set(name ?? "", value ?? "");
    }
    const draft = draftFromForm(form);
    expect(draft.weekly[0]).toEqual([
      { from: "8", to: "nonsense" },
      { from: "", to: "" },
    ]);
    expect(draft.overrides).toEqual([{ date: "2026-12-16", windows: [{ from: "09:00", to: "10:00" }] }]);
    const sunday = [{ from: "9", to: "12" }];
    expect(draft.timetables).toEqual([{ from: "2026-12-01", until: "", weekly: [[], [], [], [], [], [], sunday] }]);
    expect(draft.limits).toEqual({ ...untyped, weekCount: "forty" });
    expect(draft.atAnyHour).toBe(null);
  });
});

describe("timetables and limits in a form", () => {
  const table = (change: Partial<HoursDraft["timetables"][number]>): HoursDraft => ({
    ...week([]),
    timetables: [{ from: "2026-12-01", until: "2027-01-15", weekly: [[], [], [], [], [], [], []], ...change }],
  });

  test.each([
    [{ from: "", until: "" }, "t-0-from", "Timetable 1: choose its first day"],
    [{ until: "2026-11-30" }, "t-0-until", "Timetable 1: the last day is before the first"],
    [
      { weekly: [[], [{ from: "9", to: "" }], [], [], [], [], []] },
      "t-0-w-1-0-to",
      "Timetable 1, Tuesday: enter a closing time, like 17:00",
    ],
  ])("%j points at %s", (change, id, text) => {
    expect(problemsOf(table(change))).toEqual([{ id, text }]);
  });

  test("may be open at one end, and may close the whole week", () => {
    expect(problemsOf(table({ from: "" }))).toEqual([]);
    expect(problemsOf(table({ until: "" }))).toEqual([]);
  });

  test("limits are whole numbers within bounds, or empty", () => {
    const limits = { dayCount: "0", dayMinutes: "1441", weekCount: "ten", weekMinutes: " " };
    expect(problemsOf({ ...week([]), limits })).toEqual([
      { id: "limit-dayMinutes", text: "Minutes a day: enter a number from 0 to 1440, or leave it empty" },
      { id: "limit-weekCount", text: "Visits a week: enter a number from 0 to 7000, or leave it empty" },
    ]);
  });
});

describe("a room's hours in a form", () => {
  const hours = { weekly: [{ weekday: 1 as const, from: 480, to: 720 }], timetables: [], overrides: [] };

  test("are none while it is there at any hour, whatever was typed before", () => {
    expect(draftOf({ ...hours, weekly: [] }, "room").atAnyHour).toBe(true);
    const own = draftOf(hours, "room");
    expect(own.atAnyHour).toBe(false);
    const always = { ...own, atAnyHour: true };
    expect(checkDraft(always)).toMatchObject({ ok: true, rules: { weekly: [] } });
    expect(sameDraft(always, draftOf({ ...hours, weekly: [] }, "room"))).toBe(true);
  });

  test("of its own are on some day at least", () => {
    expect(problemsOf({ ...week([]), atAnyHour: false })).toEqual([
      { id: "there", text: "Enter hours on at least one day, or choose “At any hour”" },
    ]);
  });

  test("are read from a post by the choice that was made", () => {
    const form = new FormData();
    form.set("there", "own");
    expect(draftFromForm(form).atAnyHour).toBe(false);
    form.set("there", "always");
    expect(draftFromForm(form).atAnyHour).toBe(true);
  });
});
