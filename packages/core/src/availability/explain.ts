import { DAY_MINUTES, dateString, MINUTE_MS } from "../time/calendar.ts";
import { offsetAt } from "../time/zone.ts";
import { assign } from "./assign.ts";
import { busyStarts, feasibleStarts, joinable, openStarts, spanStarts, type Visit } from "./feasible.ts";
import { optionsOf, sessionName } from "./find-times.ts";
import { holds, type IntervalSet } from "./intervals.ts";
import {
  allowedStarts,
  gridOf,
  onGrid,
  openingsOf,
  resourceById,
  resourceLimits,
  type Setting,
  serviceLimits,
  settingOf,
  visitOf,
} from "./setting.ts";
import type { Block, Busy, Question, ResourceCalendar, Span } from "./types.ts";

/** Every rule that blocks a start (epoch milliseconds). Empty if and only if the start is offered. */
export function explain(question: Question, start: number): Block[] {
  const minute = Math.floor(start / MINUTE_MS);
  const setting = settingOf(question, minute, minute + 1);
  const counts = setting.needs.map((need) => need.count);
  const general = [...generalBlocks(question, start), ...clockBlocks(setting, start)];
  const limits = limitBlocks(serviceLimits(setting), minute);
  const judged = setting.needs.flatMap((need, index) =>
    need.of.map((id) => judge(setting, index, resourceById(question, id), minute)),
  );
  const complete = (use: (j: Judged) => boolean) => assign(counts, optionsOf(counts, judged, use)) !== null;
  const sessions = new Set(judged.map((j) => j.session).filter((session) => session !== null));
  if ([...sessions].some((session) => complete((j) => j.session === session))) return general;
  if (complete((j) => j.blocks.length === 0)) return [...general, ...limits];
  const own = judged.flatMap((j) => j.blocks);
  return distinct([...general, ...limits, ...(own.length > 0 ? own : [{ why: "not_enough" as const }])]);
}

/** One resource as an answer to one need: what blocks it, and the session it could be joined in. */
type Judged = { need: number; id: string; blocks: Block[]; session: string | null };

/** Rules that concern no single resource. */
function generalBlocks(question: Question, start: number): Block[] {
  const { service, now } = question;
  const blocks: Block[] = [];
  if (start < now) blocks.push({ why: "past", to: now });
  const earliest = now + Math.max(0, service.noticeMinutes ?? 0) * MINUTE_MS;
  if (earliest > now && start < earliest) blocks.push({ why: "notice", to: earliest });
  const { horizon } = allowedStarts(question);
  if (start >= horizon.to * MINUTE_MS) blocks.push({ why: "horizon", from: horizon.to * MINUTE_MS });
  if (start < horizon.from * MINUTE_MS) blocks.push({ why: "horizon", to: horizon.from * MINUTE_MS });
  if ((question.seatsWanted ?? 1) > (service.seats ?? 1)) blocks.push({ why: "seats" });
  return blocks;
}

function limitBlocks(limits: { day: IntervalSet; week: IntervalSet }, minute: number): Block[] {
  const blocks: Block[] = [];
  if (holds(limits.day, minute)) blocks.push({ why: "day_limit" });
  if (holds(limits.week, minute)) blocks.push({ why: "week_limit" });
  return blocks;
}

/** On the clinic's clock the grid is the same for everyone. */
function clockBlocks(setting: Setting, start: number): Block[] {
  const { alignment, intervalMinutes } = setting.question.service;
  if (start % MINUTE_MS !== 0) return [{ why: "off_grid" }];
  if (alignment && alignment.kind !== "clock") return [];
  return onGrid(gridOf(setting, [], []), intervalMinutes, start / MINUTE_MS) ? [] : [{ why: "off_grid" }];
}

function judge(setting: Setting, need: number, resource: ResourceCalendar, minute: number): Judged {
  const { question } = setting;
  const asked = setting.needs[need] as Setting["needs"][number];
  const visit = visitOf(question, asked);
  const declared = openingsOf(setting, resource);
  const { free, sessions } = feasibleStarts(declared, resource, question.closures ?? [], visit);
  const session = sessions.find((s) => s.start === minute);
  const aligned = !asked.leads || isAligned(setting, declared, session ? [minute, minute + 1] : free, minute);
  const blocks: Block[] = [
    ...hoursBlocks(setting, resource, declared, visit, minute),
    ...occupiedBlocks(question, resource, visit, minute),
    ...limitBlocks(resourceLimits(setting, resource), minute),
  ];
  if (!aligned) blocks.push({ why: "off_grid" });
  return {
    need,
    id: resource.id,
    blocks: blocks.map((b) => ({ ...b, resource: resource.id })),
    session: session && aligned ? sessionName(resource.id, session) : null,
  };
}

/** Grids that hang on a resource; where it has none at this minute (closed, busy) there is nothing to miss. */
function isAligned(setting: Setting, declared: IntervalSet, feasible: IntervalSet, minute: number): boolean {
  const { alignment, intervalMinutes } = setting.question.service;
  if (!alignment || alignment.kind === "clock") return true;
  const grid = gridOf(setting, declared, feasible);
  return onGrid(grid, intervalMinutes, minute) || !onGrid(grid, 1, minute);
}

function hoursBlocks(
  setting: Setting,
  resource: ResourceCalendar,
  declared: IntervalSet,
  visit: Visit,
  minute: number,
): Block[] {
  if (holds(openStarts(declared, visit.minutes), minute)) return [];
  const day = Math.floor((minute + offsetAt(setting.question.zone, minute)) / DAY_MINUTES);
  const overridden = resource.rules?.overrides.some((o) => o.date === dateString(day)) ?? false;
  return [{ why: setting.holidays.has(day) && !overridden ? "holiday" : "closed" }];
}

function occupiedBlocks(question: Question, resource: ResourceCalendar, visit: Visit, minute: number): Block[] {
  const blocks: Block[] = [];
  const meets = (span: Span, starts: Span) => span.to > span.from && minute >= starts.from && minute < starts.to;
  for (const busy of resource.busy) {
    if (!meets(busy, busyStarts(busy, visit))) continue;
    const full = visit.join !== null && isSessionAt(busy, visit, minute) && !joinable(busy, visit);
    const from = busy.from - (busy.before ?? 0) * MINUTE_MS;
    const to = busy.to + (busy.after ?? 0) * MINUTE_MS;
    blocks.push({ why: full ? "seats" : "busy", from, to });
  }
  for (const span of resource.leave) {
    if (meets(span, spanStarts(span, visit))) blocks.push({ why: "leave", from: span.from, to: span.to });
  }
  for (const span of question.closures ?? []) {
    if (meets(span, spanStarts(span, visit))) blocks.push({ why: "closure", from: span.from, to: span.to });
  }
  return blocks;
}

/** A session of this service at exactly this start, whether it has seats left or not. */
function isSessionAt(busy: Busy, visit: Visit, minute: number): boolean {
  return busy.seats !== undefined && busy.service === visit.join?.service && busy.from === minute * MINUTE_MS;
}

function distinct(blocks: readonly Block[]): Block[] {
  const seen = new Map<string, Block>();
  for (const b of blocks) seen.set(`${b.why} ${b.resource ?? ""} ${b.from ?? ""} ${b.to ?? ""}`, b);
  return [...seen.values()];
}
