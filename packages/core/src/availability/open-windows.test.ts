import { expect, test } from "vitest";
import { openState } from "./open-state.ts";
import { openWindows } from "./open-windows.ts";

const at = (text: string) => Date.parse(`${text}+02:00`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const zone = "Africa/Johannesburg";
const week = (from: number, to: number) => ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from, to }));

test("windows of a week are cut at the window's edges, run past midnight and join where they touch", () => {
  const rules = { weekly: [...week(480, 720), ...week(720, 780), ...week(1320, 120)], overrides: [] };
  const window = span("2026-11-24T00:00", "2026-11-25T00:00");
  expect(openWindows({ zone, rules, holidays: [], window })).toEqual([
    span("2026-11-24T00:00", "2026-11-24T02:00"),
    span("2026-11-24T08:00", "2026-11-24T13:00"),
    span("2026-11-24T22:00", "2026-11-25T00:00"),
  ]);
});

test("a holiday has no weekly windows, an override for it holds", () => {
  const overrides = [{ date: "2026-12-16", windows: [{ from: 600, to: 660 }] }];
  const rules = { weekly: week(480, 720), overrides };
  const window = span("2026-12-16T00:00", "2026-12-17T00:00");
  const holidays = ["2026-12-16"];
  expect(openWindows({ zone, rules: { ...rules, overrides: [] }, holidays, window })).toEqual([]);
  expect(openWindows({ zone, rules, holidays, window })).toEqual([span("2026-12-16T10:00", "2026-12-16T11:00")]);
});

test("the doors are shut on a public holiday and in a closure, and the next opening lies behind them", () => {
  const rules = [{ weekly: week(480, 720), overrides: [] }];
  const holidays = ["2026-12-16"];
  const closures = [span("2026-12-17T09:00", "2026-12-17T11:00")];
  const state = (time: string) => openState({ zone, now: at(time), rules, holidays, closures });
  expect(state("2026-12-16T09:00")).toEqual({ open: false, until: null, next: at("2026-12-17T08:00") });
  expect(state("2026-12-17T08:30")).toEqual({ open: true, until: at("2026-12-17T09:00"), next: null });
  expect(state("2026-12-17T10:00")).toEqual({ open: false, until: null, next: at("2026-12-17T11:00") });
});
