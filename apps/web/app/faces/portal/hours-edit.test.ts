import { describe, expect, test } from "vitest";
import type { HoursDraft } from "./hours-draft.ts";
import { editDraft, focusAfter, keepHours } from "./hours-edit.ts";

describe("the editor's buttons", () => {
  const start: HoursDraft = {
    atAnyHour: null,
    weekly: [[{ from: "08:00", to: "12:00" }], [], [], [], [], [], []],
    timetables: [],
    overrides: [{ date: "2026-12-16", windows: [] }],
    limits: { dayCount: "", dayMinutes: "", weekCount: "", weekMinutes: "" },
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

  test("begin a timetable as the usual week, change it alone, and take it away", () => {
    const added = editDraft(start, "add-table");
    expect(added.timetables).toEqual([{ from: "", until: "", weekly: start.weekly }]);
    const changed = ["in-table.0.add.2", "in-table.0.remove.0.0"].reduce(editDraft, added);
    expect(changed.timetables[0]?.weekly.map((windows) => windows.length)).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(editDraft(added, "in-table.0.copy").timetables[0]?.weekly.map((windows) => windows.length)).toEqual([
      1, 1, 1, 1, 1, 0, 0,
    ]);
    expect(changed.weekly).toBe(start.weekly);
    expect(editDraft(changed, "remove-table.0").timetables).toEqual([]);
    const full = Array.from({ length: 21 }, () => "add-table").reduce(editDraft, start);
    expect(full.timetables).toHaveLength(20);
  });

  test("give a room that keeps hours the usual week to start from, unless it has one", () => {
    const empty = { ...start, atAnyHour: true, weekly: start.weekly.map(() => []) };
    expect(keepHours(empty, false).weekly.map((windows) => windows.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(keepHours(start, false).weekly).toBe(start.weekly);
    expect(keepHours(start, true)).toEqual({ ...start, atAnyHour: true });
  });

  test.each([
    ["add.0", "w-0-1-from"],
    ["remove.0.0", "edit-add-0"],
    ["copy", null],
    ["add-table", "t-0-from"],
    ["add-date", "o-1-date"],
    ["add-in.0", "o-0-0-from"],
    ["remove-in.0.0", "edit-add-in-0"],
    ["remove-date.0", "edit-add-date"],
  ])("%s leads the hand to %j", (edit, id) => {
    expect(focusAfter(editDraft(start, edit), edit)).toBe(id);
  });

  test("lead the hand on inside a timetable, too", () => {
    const added = editDraft(start, "add-table");
    const after = (edit: string) => focusAfter(editDraft(added, edit), edit);
    expect(after("in-table.0.add.0")).toBe("t-0-w-0-1-from");
    expect(after("in-table.0.remove.0.0")).toBe("edit-in-table-0-add-0");
    expect(after("in-table.0.copy")).toBe(null);
    expect(after("remove-table.0")).toBe("edit-add-table");
  });
});
