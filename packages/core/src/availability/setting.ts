import { DAY_MINUTES, dateString, MINUTE_MS, weekdayOf } from "../time/calendar.ts";
import { offsetAt, type ZoneSpan, zoneSpans } from "../time/zone.ts";
import { type Adds, type Days, daysBetween, earliestStart, horizonDays, limitedStarts, midnight } from "./bounds.ts";
import type { Visit } from "./feasible.ts";
import { clockGrid, type Grid, openingGrid, packedGrid } from "./grid.ts";
import { declaredWindows, holidaySet, windowsByDay } from "./hours.ts";
import { at, type IntervalSet, subtract } from "./intervals.ts";
import type { Busy, Need, Question, ResourceCalendar } from "./types.ts";

/** No answer needs more; a longer question is a mistake or an attack. */
export const MAX_WINDOW_DAYS = 400;
/** Longest visit, two weeks: a bound so that the days looked at stay few. */
const MAX_VISIT_MINUTES = 20_160;

/** Everything about a question that does not depend on one resource, for starts in [from, to). Minutes since 1970. */
export type Setting = {
  question: Question;
  needs: readonly LedNeed[];
  from: number;
  to: number;
  spans: ZoneSpan[];
  holidays: ReadonlySet<number>;
  firstDay: number;
  lastDay: number;
  /** whole weeks around the window; made when a limit asks for it */
  weeks: () => Days;
};

/** The first start notice allows, and the range the horizon allows. Minutes since 1970. */
export function allowedStarts(question: Question): { notice: number; horizon: { from: number; to: number } } {
  const { service, now, zone } = question;
  const notice = earliestStart(now, service.noticeMinutes ?? 0);
  const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  if (!service.horizon) return { notice, horizon: always };
  const { first, last } = bookableDays(question);
  const from = first === Number.NEGATIVE_INFINITY ? first : dayBegin(first, zone);
  return { notice, horizon: { from, to: dayBegin(last + 1, zone) } };
}

function bookableDays({ service, now, zone, holidays }: Question): { first: number; last: number } {
  const nowMinute = Math.floor(now / MINUTE_MS);
  const today = Math.floor((nowMinute + offsetAt(zone, nowMinute)) / DAY_MINUTES);
  return horizonDays(service.horizon, today, holidaySet(holidays));
}

/** The last date the horizon allows a start on, YYYY-MM-DD; null where there is no horizon. */
export function lastBookableDay(question: Question): string | null {
  const { last } = bookableDays(question);
  return last === Number.POSITIVE_INFINITY ? null : dateString(last);
}

/** The first minute of a date in a zone. */
export function dayBegin(day: number, zone: string): number {
  const noon = day * DAY_MINUTES;
  return midnight(day, zoneSpans(zone, noon - 2 * DAY_MINUTES, noon + 2 * DAY_MINUTES));
}

type LedNeed = Need & { leads: boolean };

/** The needs of a question, at least one of them leading; without any, one of its resources is needed. */
export function needsOf(question: Question): readonly LedNeed[] {
  const asked = question.needs ?? [];
  const needs = asked.length > 0 ? asked : [{ count: 1, of: question.resources.map((r) => r.id) }];
  const led = needs.map((need: Need, i) => ({ ...need, leads: need.leads ?? i === 0 }));
  return led.some((need) => need.leads) ? led : led.map((need, i) => ({ ...need, leads: i === 0 }));
}

/** Prepares a question for starts in [from, to). Throws RangeError for what no clinic asks. */
export function settingOf(question: Question, from: number, to: number): Setting {
  const { service, zone } = question;
  const needs = needsOf(question);
  let longest = service.minutes;
  for (const need of needs) if (need.minutes !== undefined && need.minutes > longest) longest = need.minutes;
  if (!(service.minutes >= 1) || longest > MAX_VISIT_MINUTES) throw new RangeError("minutes out of range");
  if (!(service.intervalMinutes >= 1)) throw new RangeError("intervalMinutes out of range");
  if (to - from > MAX_WINDOW_DAYS * DAY_MINUTES) throw new RangeError(`window longer than ${MAX_WINDOW_DAYS} days`);
  // two days either side: windows run into the next day, weeks and zones reach over edges
  const spans = zoneSpans(zone, from - 10 * DAY_MINUTES, to + longest + 10 * DAY_MINUTES);
  const firstDay = Math.floor((from + offsetAt(zone, from)) / DAY_MINUTES) - 2;
  const lastDay = Math.floor((to + longest + offsetAt(zone, to + longest)) / DAY_MINUTES) + 1;
  let weeks: Days | undefined;
  return {
    question,
    needs,
    from,
    to,
    spans,
    holidays: holidaySet(question.holidays),
    firstDay,
    lastDay,
    weeks: () => {
      weeks ??= daysBetween(firstDay - weekdayOf(firstDay) + 1, lastDay + 7 - weekdayOf(lastDay), spans);
      return weeks;
    },
  };
}

/** The windows of a resource as declared; one that is always there opens anew at each midnight. */
export function openingsOf(setting: Setting, resource: ResourceCalendar): IntervalSet {
  if (resource.rules) {
    const windowsOf = windowsByDay(resource.rules, setting.holidays);
    return declaredWindows(windowsOf, setting.spans, setting.firstDay, setting.lastDay);
  }
  const declared: IntervalSet = [];
  for (let day = setting.firstDay; day <= setting.lastDay; day++) {
    declared.push(midnight(day, setting.spans), midnight(day + 1, setting.spans));
  }
  return declared;
}

/** The visit one resource would have, by its need. */
export function visitOf(question: Question, need: Need): Visit {
  const { service } = question;
  return {
    minutes: need.minutes ?? service.minutes,
    bufferBefore: need.bufferBefore ?? service.bufferBefore ?? 0,
    bufferAfter: need.bufferAfter ?? service.bufferAfter ?? 0,
    shareBuffers: question.shareBuffers ?? false,
    join: (service.seats ?? 1) > 1 ? { service: service.id, seats: question.seatsWanted ?? 1 } : null,
  };
}

/** The grid of a leading resource. */
export function gridOf(setting: Setting, declared: IntervalSet, feasible: IntervalSet): Grid {
  const { alignment, intervalMinutes } = setting.question.service;
  if (alignment?.kind === "opening") return openingGrid(declared);
  if (alignment?.kind === "packed") return packedGrid(feasible, declared);
  return clockGrid(setting.spans, setting.from, setting.to, intervalMinutes, alignment?.offset ?? 0);
}

function addsOf(question: Question): Adds {
  return question.adds ?? { count: 1, minutes: question.service.minutes };
}

type Limited = { day: IntervalSet; week: IntervalSet };

/** Starts the service's own limits block, counted over all resources in question. */
export function serviceLimits(setting: Setting): Limited {
  const { question } = setting;
  const { id, limits } = question.service;
  const counted = (b: Busy) => b.service === undefined || id === undefined || b.service === id;
  return limitedStarts(limits, { resources: question.resources, counted }, addsOf(question), setting.weeks);
}

/** Starts a resource's limits block. */
export function resourceLimits(setting: Setting, resource: ResourceCalendar): Limited {
  const own = { resources: [resource], counted: () => true };
  return limitedStarts(resource.limits, own, addsOf(setting.question), setting.weeks);
}

/** A set without the starts that limits block. */
export function withinLimits(set: IntervalSet, limits: Limited): IntervalSet {
  if (limits.day.length === 0 && limits.week.length === 0) return set;
  return subtract(subtract(set, limits.day), limits.week);
}

/** The resource with an id; a need may only name resources that are there. */
export function resourceById(question: Question, id: string): ResourceCalendar {
  const found = question.resources.find((r) => r.id === id);
  if (!found) throw new RangeError(`no such resource: ${id}`);
  return found;
}

/** Whether a start is one of a grid's. */
export function onGrid(grid: Grid, interval: number, start: number): boolean {
  for (let g = 0; g < grid.length; g += 3) {
    if (start >= at(grid, g) && start < at(grid, g + 1) && (start - at(grid, g + 2)) % interval === 0) return true;
  }
  return false;
}
