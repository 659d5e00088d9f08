import { Temporal } from "temporal-polyfill";
import type { Busy, DayWindow, Limit, Need, Question, ResourceCalendar, Rules, Span } from "../types.ts";

/**
 * The slow, obvious engine the fast one is compared with. It looks at every minute on its own, asks Temporal for every
 * wall time, walks every minute of a visit, tries every assignment. It shares nothing with the engine but its types.
 */
const MINUTE = 60_000;

/** Answers that are asked for again and again, so that "slow" stays bearable. */
function remember<K, V>(known: Map<K, V>, key: K, ask: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(key, answer);
  return answer;
}

const locals = new Map<string, { date: Temporal.PlainDate; minute: number }>();

function local(instant: number, zone: string): { date: Temporal.PlainDate; minute: number } {
  if (locals.size > 200_000) locals.clear();
  return remember(locals, `${zone} ${Math.floor(instant / MINUTE)}`, () => {
    const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
    return { date: at.toPlainDate(), minute: at.hour * 60 + at.minute };
  });
}

const dateOf = (instant: number, zone: string) => local(instant, zone).date;

function wall(date: Temporal.PlainDate, minute: number, zone: string): number {
  const day = date.add({ days: Math.floor(minute / 1440) });
  const time = { hour: Math.floor((minute % 1440) / 60), minute: minute % 60 };
  return day.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

function windowsOn(date: Temporal.PlainDate, rules: Rules, holidays: readonly string[]): readonly DayWindow[] {
  const text = date.toString();
  const override = rules.overrides.findLast((o) => o.date === text);
  if (override) return override.windows;
  if (holidays.includes(text)) return [];
  let best = { from: "", weekly: rules.weekly };
  for (const table of rules.timetables ?? []) {
    const begun = table.from === null || table.from <= text;
    const running = table.until === null || text <= table.until;
    if (begun && running && (table.from ?? "") >= best.from) best = { from: table.from ?? "", weekly: table.weekly };
  }
  return best.weekly.filter((w) => w.weekday === date.dayOfWeek);
}

type Memory = {
  windows: Map<string, Span[]>;
  free: Map<string, Map<number, boolean>>;
  anchors: Map<string, number | null>;
};
const memories = new WeakMap<Question, Memory>();

function memoryOf(q: Question): Memory {
  const memory = memories.get(q) ?? { windows: new Map(), free: new Map(), anchors: new Map() };
  memories.set(q, memory);
  return memory;
}

/** The windows of the dates around an instant, as instants. */
function windowsAround(q: Question, resource: ResourceCalendar, instant: number): Span[] {
  const utcDay = Math.floor(instant / (1440 * MINUTE));
  return remember(memoryOf(q).windows, `${resource.id} ${utcDay}`, () => {
    const spans: Span[] = [];
    for (let day = -3; day <= 2; day++) {
      const date = new Temporal.PlainDate(1970, 1, 1).add({ days: utcDay + day });
      const windows = resource.rules ? windowsOn(date, resource.rules, q.holidays ?? []) : [{ from: 0, to: 1440 }];
      for (const w of windows) {
        const to = w.to <= w.from ? w.to + 1440 : w.to;
        spans.push({ from: wall(date, w.from, q.zone), to: wall(date, to, q.zone) });
      }
    }
    return spans;
  });
}

const within = (instant: number, span: Span) => instant >= span.from && instant < span.to;
const overlap = (a: Span, b: Span) => a.from < a.to && b.from < b.to && a.from < b.to && b.from < a.to;

type Shape = { minutes: number; before: number; after: number };

function shapeOf(q: Question, need: Need): Shape {
  return {
    minutes: need.minutes ?? q.service.minutes,
    before: need.bufferBefore ?? q.service.bufferBefore ?? 0,
    after: need.bufferAfter ?? q.service.bufferAfter ?? 0,
  };
}

function clashes(q: Question, start: number, shape: Shape, busy: Busy): boolean {
  const core = { from: start, to: start + shape.minutes * MINUTE };
  const wide = { from: core.from - shape.before * MINUTE, to: core.to + shape.after * MINUTE };
  if (busy.to <= busy.from) return false;
  const theirs = { from: busy.from - (busy.before ?? 0) * MINUTE, to: busy.to + (busy.after ?? 0) * MINUTE };
  if (q.shareBuffers) return overlap(wide, busy) || overlap(core, theirs);
  return overlap(wide, theirs);
}

/** Open, not on leave, not occupied (but for the busy stretch `except`). */
function isFree(q: Question, resource: ResourceCalendar, start: number, shape: Shape, except?: Busy): boolean {
  const ask = () => {
    for (let t = start; t < start + shape.minutes * MINUTE; t += MINUTE) {
      if (!windowsAround(q, resource, t).some((w) => within(t, w))) return false;
    }
    const core = { from: start, to: start + shape.minutes * MINUTE };
    if ([...resource.leave, ...(q.closures ?? [])].some((s) => overlap(core, s))) return false;
    return !resource.busy.some((b) => b !== except && clashes(q, start, shape, b));
  };
  if (except) return ask();
  return remember(
    remember(memoryOf(q).free, nameOf(resource, shape), () => new Map()),
    start,
    ask,
  );
}

const nameOf = (resource: ResourceCalendar, shape: Shape) =>
  `${resource.id} ${shape.minutes} ${shape.before} ${shape.after}`;

/** The first minute of the free run that a minute of a window stands in. */
function anchorOf(q: Question, resource: ResourceCalendar, shape: Shape, window: Span, start: number): number | null {
  const { anchors } = memoryOf(q);
  const name = `${nameOf(resource, shape)} ${window.from} ${window.to}`;
  if (!anchors.has(`${name} ${start}`)) {
    let anchor: number | null = null;
    for (let t = window.from; t < window.to; t += MINUTE) {
      if (!isFree(q, resource, t, shape)) anchor = null;
      else anchor ??= t;
      anchors.set(`${name} ${t}`, anchor);
    }
  }
  return anchors.get(`${name} ${start}`) ?? null;
}

function isAligned(q: Question, resource: ResourceCalendar, start: number, shape: Shape, joins: boolean): boolean {
  const { alignment, intervalMinutes } = q.service;
  const kind = alignment?.kind ?? "clock";
  if (kind === "clock") {
    const offset = alignment?.kind === "clock" ? (alignment.offset ?? 0) : 0;
    const off = local(start, q.zone).minute - offset;
    return ((off % intervalMinutes) + intervalMinutes) % intervalMinutes === 0;
  }
  const windows = windowsAround(q, resource, start).filter((w) => within(start, w));
  if (kind === "opening") return windows.some((w) => ((start - w.from) / MINUTE) % intervalMinutes === 0);
  if (joins) return true;
  return windows.some((w) => {
    const anchor = anchorOf(q, resource, shape, w, start);
    return anchor !== null && ((start - anchor) / MINUTE) % intervalMinutes === 0;
  });
}

function underLimit(
  q: Question,
  busy: readonly Busy[],
  limit: Limit | undefined,
  same: (instant: number) => boolean,
): boolean {
  if (!limit) return true;
  const mine = busy.filter((b) => b.counts !== false && b.to > b.from);
  const once = mine.filter((b, i) => b.booking === undefined || mine.findIndex((o) => o.booking === b.booking) === i);
  const there = once.filter((b) => same(b.from));
  const adds = q.adds ?? { count: 1, minutes: q.service.minutes };
  const minutes = there.reduce((sum, b) => sum + (b.to - b.from) / MINUTE, 0);
  if (limit.count !== undefined && there.length + adds.count > limit.count) return false;
  return limit.minutes === undefined || minutes + adds.minutes <= limit.minutes;
}

function withinLimits(
  q: Question,
  holder: { limits?: Question["service"]["limits"] },
  busy: readonly Busy[],
  start: number,
): boolean {
  const date = dateOf(start, q.zone);
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const sameDay = (t: number) => dateOf(t, q.zone).equals(date);
  const sameWeek = (t: number) => {
    const other = dateOf(t, q.zone);
    return other.subtract({ days: other.dayOfWeek - 1 }).equals(monday);
  };
  return underLimit(q, busy, holder.limits?.perDay, sameDay) && underLimit(q, busy, holder.limits?.perWeek, sameWeek);
}

function withinHorizon(q: Question, start: number): boolean {
  const { horizon } = q.service;
  if (!horizon) return true;
  const date = dateOf(start, q.zone).toString();
  const today = dateOf(q.now, q.zone);
  if ("from" in horizon) return date >= horizon.from && date <= horizon.to;
  if ("days" in horizon) return date <= today.add({ days: horizon.days }).toString();
  let last = today;
  for (let left = horizon.workingDays; left > 0; ) {
    last = last.add({ days: 1 });
    if (last.dayOfWeek <= 5 && !(q.holidays ?? []).includes(last.toString())) left -= 1;
  }
  return date <= last.toString();
}

/** Every way to give each place of each need a resource of its own. */
function someAssignment(needs: readonly Need[], good: (need: number, id: string) => boolean): boolean {
  const places = needs.flatMap((need, i) => Array.from({ length: need.count }, () => ({ i, of: need.of })));
  const place = (n: number, used: readonly string[]): boolean => {
    const here = places[n];
    if (!here) return true;
    return here.of.some((id) => !used.includes(id) && good(here.i, id) && place(n + 1, [...used, id]));
  };
  return place(0, []);
}

/** Whether a start is offered. */
export function isOffered(q: Question, start: number): boolean {
  const { service } = q;
  const wanted = q.seatsWanted ?? 1;
  if (start % MINUTE !== 0 || wanted > (service.seats ?? 1)) return false;
  if (start < q.now || start < q.now + (service.noticeMinutes ?? 0) * MINUTE || !withinHorizon(q, start)) return false;
  const needs = q.needs ?? [{ count: 1, of: q.resources.map((r) => r.id) }];
  const byId = (id: string) => q.resources.find((r) => r.id === id) as ResourceCalendar;
  const some = needs.some((need, i) => need.leads ?? i === 0);
  const leads = (need: number) => (some ? (needs[need]?.leads ?? need === 0) : need === 0);
  const shapes = needs.map((need) => shapeOf(q, need));
  const session = (need: number, resource: ResourceCalendar) =>
    resource.busy.find(
      (b) =>
        (service.seats ?? 1) > 1 &&
        b.seats !== undefined &&
        b.service === service.id &&
        b.from === start &&
        b.to === start + (shapes[need] as Shape).minutes * MINUTE &&
        b.seats.taken + wanted <= b.seats.of,
    );
  const joinable = (need: number, id: string, name: string) => {
    const resource = byId(id);
    const own = session(need, resource);
    if (!own || (own.booking ?? `of ${id}`) !== name) return false;
    const shape = shapes[need] as Shape;
    return isFree(q, resource, start, shape, own) && (!leads(need) || isAligned(q, resource, start, shape, true));
  };
  const here = (r: ResourceCalendar) => r.busy.filter((b) => b.seats && b.from === start);
  const names = q.resources.flatMap((r) => here(r).map((b) => b.booking ?? `of ${r.id}`));
  if ([...new Set(names)].some((name) => someAssignment(needs, (need, id) => joinable(need, id, name)))) return true;

  const ofService = q.resources.flatMap((r) =>
    r.busy.filter((b) => b.service === undefined || service.id === undefined || b.service === service.id),
  );
  if (!withinLimits(q, service, ofService, start)) return false;
  return someAssignment(needs, (need, id) => {
    const resource = byId(id);
    const shape = shapes[need] as Shape;
    if (!isFree(q, resource, start, shape) || !withinLimits(q, resource, resource.busy, start)) return false;
    return !leads(need) || isAligned(q, resource, start, shape, false);
  });
}

/** Every offered start in the window. */
export function referenceTimes(q: Question, window: Span): number[] {
  const starts: number[] = [];
  for (let t = Math.ceil(window.from / MINUTE) * MINUTE; t < window.to; t += MINUTE)
    if (isOffered(q, t)) starts.push(t);
  return starts;
}
