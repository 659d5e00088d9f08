import { MAX_WINDOW_DAYS } from "../availability/setting.ts";
import type {
  Alignment,
  Busy,
  DayWindow,
  Horizon,
  Limit,
  Limits,
  Need,
  Question,
  ResourceCalendar,
  ServiceSpec,
  Span,
  Timetable,
  WeeklyWindow,
} from "../availability/types.ts";
import { DAY_MINUTES, MINUTE_MS } from "../time/calendar.ts";
import { isZone } from "../time/zone.ts";
import {
  CaseError,
  date,
  fields,
  instant,
  list,
  minuteOfDay,
  optional,
  span,
  text,
  type Value,
  whole,
  word,
  yesNo,
} from "./read.ts";

/** What a case asks. */
export type Ask =
  | { kind: "times"; lengths: number[] | null }
  | { kind: "windows" }
  | { kind: "explain"; at: number[] }
  | { kind: "series"; dates: string[]; minute: number }
  | { kind: "family"; mode: "back_to_back" | "parallel"; members: { minutes: number }[] };

export type Case = { question: Question; window: Span | null; ask: Ask };

const BOUNDS = { resources: 200, hours: 400, dates: 1000, busy: 20_000, spans: 2000, needs: 10, explain: 500 };
const MAX_MINUTES = 20_160;

/** Reads a case; throws CaseError with the field that is wrong. The shape stands in packages/core/README.md. */
export function readCase(json: unknown): Case {
  const f = fields({ at: "", is: json }, [
    "now",
    "zone",
    "window",
    "resources",
    "service",
    "needs",
    "holidays",
    "closures",
    "buffers",
    "seats",
    "ask",
    "at",
    "series",
    "family",
  ]);
  const zone = text(f.zone);
  if (!isZone(zone)) throw new CaseError(f.zone.at, `is not a time zone: ${zone}`);
  const resources = list(f.resources, BOUNDS.resources, (v) => readResource(v, zone));
  if (resources.length === 0) throw new CaseError(f.resources.at, "must name at least one resource");
  const ids = resources.map((r) => r.id);
  const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i);
  if (twice >= 0) throw new CaseError(`resources[${twice}].id`, `stands twice: ${ids[twice]}`);
  const { service, lengths } = readService(f.service);
  const ask = readAsk(f, zone, lengths);
  const question: Question = {
    zone,
    now: instant(f.now, zone),
    service,
    resources,
    needs: optional(f.needs, (v) => readNeeds(v, ids), undefined),
    holidays: list(f.holidays, BOUNDS.dates, date),
    closures: list(f.closures, BOUNDS.spans, (v) => readSpan(v, zone)),
    shareBuffers: optional(f.buffers, (v) => word(v, ["add", "share"]), "add") === "share",
    seatsWanted: optional(f.seats, (v) => whole(v, 1, 1000), 1),
  };
  return { question, window: readWindow(f.window, zone, ask), ask };
}

function readWindow(value: Value, zone: string, ask: Ask): Span | null {
  const needed = ask.kind !== "explain" && ask.kind !== "series";
  if (value.is === undefined && !needed) return null;
  const f = fields(value, ["from", "to"]);
  const window = span(f.from, f.to, zone);
  if (window.to - window.from > MAX_WINDOW_DAYS * DAY_MINUTES * MINUTE_MS) {
    throw new CaseError(value.at, `is longer than ${MAX_WINDOW_DAYS} days`);
  }
  return window;
}

function readSpan(value: Value, zone: string): Span {
  const f = fields(value, ["from", "to"]);
  return span(f.from, f.to, zone);
}

function readResource(value: Value, zone: string): ResourceCalendar {
  const f = fields(value, ["id", "hours", "overrides", "timetables", "busy", "leave", "limits", "overnight"]);
  const overnight = optional(f.overnight, yesNo, true);
  const overrides = list(f.overrides, BOUNDS.dates, (v) => {
    const o = fields(v, ["date", "windows"]);
    return { date: date(o.date), windows: list(o.windows, 48, (w) => readDayWindow(w, overnight)) };
  });
  const days = overrides.map((o) => o.date);
  const twice = days.findIndex((day, i) => days.indexOf(day) !== i);
  if (twice >= 0) throw new CaseError(`${f.overrides.at}[${twice}].date`, `stands twice: ${days[twice]}`);
  const timetables = list(f.timetables, 50, (v) => readTimetable(v, overnight));
  const weekly = list(f.hours, BOUNDS.hours, (v) => readWeekly(v, overnight)).flat();
  const always = f.hours.is === undefined && timetables.length === 0 && overrides.length === 0;
  return {
    id: text(f.id),
    rules: always ? null : { weekly, overrides, timetables },
    busy: list(f.busy, BOUNDS.busy, (v) => readBusy(v, zone)),
    leave: list(f.leave, BOUNDS.spans, (v) => readSpan(v, zone)),
    limits: optional(f.limits, readLimits, undefined),
  };
}

function readTimetable(value: Value, overnight: boolean): Timetable {
  const f = fields(value, ["from", "until", "hours"]);
  const from = optional(f.from, date, null);
  const until = optional(f.until, date, null);
  if (from !== null && until !== null && until < from) throw new CaseError(f.until.at, "must not be before `from`");
  return { from, until, weekly: list(f.hours, BOUNDS.hours, (v) => readWeekly(v, overnight)).flat() };
}

function dayWindowOf(from: Value, to: Value, overnight: boolean): DayWindow {
  const window = { from: minuteOfDay(from), to: minuteOfDay(to) };
  if (window.from === 1440) throw new CaseError(from.at, "must be before 24:00");
  if (!overnight && window.to <= window.from) {
    throw new CaseError(to.at, "must be after `from`, because `overnight` is false");
  }
  return window;
}

function readDayWindow(value: Value, overnight: boolean): DayWindow {
  const f = fields(value, ["from", "to"]);
  return dayWindowOf(f.from, f.to, overnight);
}

function readWeekly(value: Value, overnight: boolean): WeeklyWindow[] {
  const f = fields(value, ["weekday", "from", "to"]);
  const weekday = (v: Value) => whole(v, 1, 7) as WeeklyWindow["weekday"];
  const days = Array.isArray(f.weekday.is) ? list(f.weekday, 7, weekday) : [weekday(f.weekday)];
  const window = dayWindowOf(f.from, f.to, overnight);
  return days.map((day) => ({ weekday: day, ...window }));
}

const buffer = (value: Value) => optional(value, (v) => whole(v, 0, 1440), 0);

function readBusy(value: Value, zone: string): Busy {
  const f = fields(value, ["from", "to", "bufferBefore", "bufferAfter", "booking", "service", "counts", "seats"]);
  return {
    ...span(f.from, f.to, zone),
    before: buffer(f.bufferBefore),
    after: buffer(f.bufferAfter),
    booking: optional(f.booking, text, undefined),
    service: optional(f.service, text, undefined),
    counts: optional(f.counts, yesNo, undefined),
    seats: optional(f.seats, readSeats, undefined),
  };
}

function readSeats(value: Value): { of: number; taken: number } {
  const f = fields(value, ["of", "taken"]);
  const of = whole(f.of, 1, 1000);
  return { of, taken: whole(f.taken, 0, of) };
}

function readLimits(value: Value): Limits {
  const f = fields(value, ["perDay", "perWeek"]);
  return { perDay: optional(f.perDay, readLimit, undefined), perWeek: optional(f.perWeek, readLimit, undefined) };
}

function readLimit(value: Value): Limit {
  const f = fields(value, ["count", "minutes"]);
  return {
    count: optional(f.count, (v) => whole(v, 0, 100_000), undefined),
    minutes: optional(f.minutes, (v) => whole(v, 0, 100_000), undefined),
  };
}

function readService(value: Value): { service: ServiceSpec; lengths: number[] | null } {
  const f = fields(value, [
    "id",
    "duration",
    "interval",
    "alignment",
    "bufferBefore",
    "bufferAfter",
    "notice",
    "horizon",
    "limits",
    "seats",
  ]);
  const minutes = (v: Value) => whole(v, 1, MAX_MINUTES);
  const lengths = Array.isArray(f.duration.is) ? list(f.duration, 20, minutes) : null;
  if (lengths?.length === 0) throw new CaseError(f.duration.at, "must hold at least one length");
  const length = lengths?.[0] ?? minutes(f.duration);
  const service: ServiceSpec = {
    id: optional(f.id, text, undefined),
    minutes: length,
    intervalMinutes: optional(f.interval, (v) => whole(v, 1, 1440), Math.min(length, 1440)),
    alignment: optional(f.alignment, readAlignment, undefined),
    bufferBefore: buffer(f.bufferBefore),
    bufferAfter: buffer(f.bufferAfter),
    noticeMinutes: optional(f.notice, (v) => whole(v, 0, 525_600), 0),
    horizon: optional(f.horizon, readHorizon, undefined),
    limits: optional(f.limits, readLimits, undefined),
    seats: optional(f.seats, (v) => whole(v, 1, 1000), 1),
  };
  return { service, lengths };
}

function readAlignment(value: Value): Alignment {
  const kinds = ["clock", "opening", "packed"] as const;
  if (typeof value.is === "string") return { kind: word(value, kinds) };
  const f = fields(value, ["kind", "offset"]);
  const kind = word(f.kind, kinds);
  if (kind !== "clock") {
    if (f.offset.is !== undefined) throw new CaseError(f.offset.at, "belongs to kind clock only");
    return { kind };
  }
  return { kind, offset: optional(f.offset, (v) => whole(v, 0, 1439), 0) };
}

function readHorizon(value: Value): Horizon {
  if (typeof value.is === "number") return { days: whole(value, 0, 3660) };
  const f = fields(value, ["days", "workingDays", "from", "to"]);
  if (f.days.is !== undefined) return { days: whole(f.days, 0, 3660) };
  if (f.workingDays.is !== undefined) return { workingDays: whole(f.workingDays, 0, 1000) };
  const range = { from: date(f.from), to: date(f.to) };
  if (range.to < range.from) throw new CaseError(f.to.at, "must not be before `from`");
  return range;
}

function readNeeds(value: Value, ids: readonly string[]): Need[] {
  const needs = list(value, BOUNDS.needs, (v): Need => {
    const f = fields(v, ["count", "of", "minutes", "bufferBefore", "bufferAfter", "leads"]);
    const of = list(f.of, BOUNDS.resources, (item) => {
      const id = text(item);
      if (!ids.includes(id)) throw new CaseError(item.at, `names no resource: ${id}`);
      return id;
    });
    if (of.length === 0) throw new CaseError(f.of.at, "must name at least one resource");
    return {
      count: optional(f.count, (c) => whole(c, 1, 20), 1),
      of: [...new Set(of)],
      minutes: optional(f.minutes, (m) => whole(m, 1, MAX_MINUTES), undefined),
      bufferBefore: optional(f.bufferBefore, (b) => whole(b, 0, 1440), undefined),
      bufferAfter: optional(f.bufferAfter, (b) => whole(b, 0, 1440), undefined),
      leads: optional(f.leads, yesNo, undefined),
    };
  });
  if (needs.length === 0) throw new CaseError(value.at, "must hold at least one need");
  return needs;
}

type AskFields = Record<"ask" | "at" | "series" | "family", Value>;

function readAsk(f: AskFields, zone: string, lengths: number[] | null): Ask {
  const kinds = ["times", "windows", "explain", "series", "family"] as const;
  const kind: Ask["kind"] = optional(f.ask, (v) => word(v, kinds), "times");
  switch (kind) {
    case "times":
      return { kind, lengths };
    case "windows":
      return { kind };
    case "explain":
      return { kind, at: readInstants(f.at, zone) };
    case "series": {
      const s = fields(f.series, ["dates", "time"]);
      const dates = list(s.dates, 104, date);
      if (dates.length === 0) throw new CaseError(s.dates.at, "must hold at least one date");
      return { kind, dates, minute: minuteOfDay(s.time) };
    }
    case "family": {
      const s = fields(f.family, ["mode", "durations"]);
      const members = list(s.durations, 10, (v) => ({ minutes: whole(v, 1, 1440) }));
      if (members.length === 0) throw new CaseError(s.durations.at, "must hold at least one length");
      return { kind, mode: word(s.mode, ["back_to_back", "parallel"]), members };
    }
  }
}

function readInstants(value: Value, zone: string): number[] {
  if (!Array.isArray(value.is)) return [instant(value, zone)];
  return list(value, BOUNDS.explain, (v) => instant(v, zone));
}
