import type { Busy, DateOverride, Horizon, Limit, Limits, Rules, Span, Timetable } from "@pulsecal/core";
import {
  type Availability,
  type Bookable,
  isLimited,
  type NeededResource,
  type OfferedService,
  type ServiceNeed,
} from "./availability.ts";
import { publicHolidays } from "./holidays.ts";
import { roomRules } from "./room-rules.ts";
import type { StoredAnswer } from "./stored-answers.ts";

/** The most there may be: a day's bookings and minutes, a week's bookings and minutes. */
type LimitsJson = [number | null, number | null, number | null, number | null];
/** From and to, epoch milliseconds. */
type SpanJson = [number, number];
/** Of a group session: its service, its seats, how many of them are taken. */
type SessionJson = [service: string, seats: number, taken: number];
/** The visit without its buffers, its buffers in minutes, its name, its service where that matters, its session. */
type BusyJson = [number, number, number, number, string, string | null, SessionJson | null];

type ServiceJson = {
  id: string;
  name: string;
  minutes: number;
  bufferBefore: number;
  bufferAfter: number;
  intervalMinutes: number;
  noticeMinutes: number;
  horizonDays: number;
  priceCents: number;
  otherMinutes: number[];
  alignment: OfferedService["alignment"];
  alignmentOffset: number;
  horizonKind: "days" | "working_days" | "range";
  horizonFrom: string | null;
  horizonUntil: string | null;
  seats: number;
  limits: LimitsJson;
  needsApproval: boolean;
  asks: boolean;
  needs: NeedJson[];
  practitionerIds: string[];
  /** whoever has a booking of it that stands counts as one who gives it */
  standing: string | null;
  counted: [string, number, number][] | null;
};

type NeedJson = {
  id: string;
  count: number;
  minutes: number | null;
  bufferBefore: number | null;
  bufferAfter: number | null;
  of: string[];
};

type CalendarJson = {
  id: string;
  kind: string;
  name: string;
  weekly: Rules["weekly"];
  overrides: DateOverride[];
  timetables: Timetable[];
  leave: SpanJson[];
  busy: BusyJson[] | null;
  limits: LimitsJson;
};

/** What one read of the database brings. */
export type AvailabilityRow = {
  version: string;
  now: number;
  horizon: string;
  name: string;
  slug: string;
  zone: string;
  status: string;
  phone: string | null;
  about: string | null;
  cancelUntilMinutes: number;
  shareBuffers: boolean;
  holidayCountry: string | null;
  /** the stretch that was read, epoch milliseconds */
  readFrom: number;
  readTo: number;
  closures: SpanJson[];
  services: ServiceJson[];
  people: { id: string; name: string; position: number; address: string | null }[];
  calendars: CalendarJson[];
  stored: StoredAnswer<unknown> | null;
};

/** What was read, in the engine's words. */
export function toAvailability(row: AvailabilityRow): Availability {
  const { version, now, horizon, name, slug, zone, status, phone, about, stored } = row;
  const { cancelUntilMinutes, shareBuffers, holidayCountry } = row;
  const calendars = new Map(row.calendars.map((calendar) => [calendar.id, calendar]));
  const practitioners = row.people.flatMap((person) => {
    const calendar = calendars.get(person.id);
    return calendar ? [toBookable(person, calendar)] : [];
  });
  const given = new Set(practitioners.map((person) => person.id));
  const holidays = publicHolidays(holidayCountry, ...yearsOf(row)).map((holiday) => holiday.date);
  return {
    version,
    now,
    horizon,
    clinic: { name, slug, zone, status, phone, about, cancelUntilMinutes, shareBuffers, holidayCountry },
    services: row.services.map((service) => toService(service, { practitioners, given, calendars, shareBuffers })),
    practitioners,
    resources: row.calendars
      .filter((calendar) => !given.has(calendar.id))
      .map((calendar) => toNeeded(calendar, holidays)),
    closures: row.closures.map(toSpan),
    holidays,
    stored,
  };
}

/** The years whose holidays matter: those of the stretch, and those that a horizon of working days counts over. */
function yearsOf({ now, readFrom, readTo, services }: AvailabilityRow): [number, number] {
  const dayMs = 24 * 60 * 60_000;
  const ahead = services.map((s) => (s.horizonKind === "working_days" ? now + (s.horizonDays * 2 + 14) * dayMs : now));
  const year = (instant: number) => new Date(instant).getUTCFullYear();
  return [year(Math.min(now, readFrom) - 3 * dayMs), year(Math.max(readTo, ...ahead) + 3 * dayMs)];
}

type Around = {
  practitioners: readonly Bookable[];
  given: ReadonlySet<string>;
  calendars: ReadonlyMap<string, CalendarJson>;
  shareBuffers: boolean;
};

function toService(json: ServiceJson, around: Around): OfferedService {
  const { id, name, minutes, bufferBefore, bufferAfter, intervalMinutes, noticeMinutes, horizonDays, priceCents } =
    json;
  const { otherMinutes, alignment, alignmentOffset, seats, needsApproval, asks } = json;
  const giving = json.standing === null ? json.practitionerIds : [...json.practitionerIds, json.standing];
  const practitionerIds = [...new Set(giving)].filter((one) => around.given.has(one));
  const people = around.practitioners.filter((person) => practitionerIds.includes(person.id));
  return {
    id,
    name,
    minutes,
    bufferBefore,
    bufferAfter,
    intervalMinutes,
    noticeMinutes,
    horizonDays,
    priceCents,
    practitionerIds,
    otherMinutes,
    alignment,
    alignmentOffset,
    horizon: horizonOf(json),
    seats,
    limits: toLimits(json.limits),
    needsApproval,
    needs: json.needs.map((need) => toNeed(need, around.calendars)),
    asks,
    shareBuffers: around.shareBuffers,
    peopleLimited: people.some(({ limits }) => isLimited(limits)),
    counted: (json.counted ?? []).map(([booking, from, to]) => ({ from, to, booking, service: id })),
  };
}

function horizonOf({ horizonKind, horizonDays, horizonFrom, horizonUntil }: ServiceJson): Horizon {
  if (horizonKind === "working_days") return { workingDays: horizonDays };
  if (horizonKind === "range" && horizonFrom !== null && horizonUntil !== null)
    return { from: horizonFrom, to: horizonUntil };
  return { days: horizonDays };
}

/** A need asks only for what can still be booked; when nothing is left, it cannot be met. */
function toNeed(json: NeedJson, calendars: ReadonlyMap<string, CalendarJson>): ServiceNeed {
  const need: ServiceNeed = { id: json.id, count: json.count, of: json.of.filter((id) => calendars.has(id)) };
  if (json.minutes !== null) need.minutes = json.minutes;
  if (json.bufferBefore !== null) need.bufferBefore = json.bufferBefore;
  if (json.bufferAfter !== null) need.bufferAfter = json.bufferAfter;
  return need;
}

function toBookable(person: AvailabilityRow["people"][number], calendar: CalendarJson): Bookable {
  return { ...person, rules: rulesOf(calendar), ...occupiedOf(calendar) };
}

/** A person without hours is not there at all. */
function toNeeded(calendar: CalendarJson, holidays: readonly string[]): NeededResource {
  const { id, name, kind } = calendar;
  const rules = kind === "practitioner" ? rulesOf(calendar) : roomRules(calendar, holidays);
  return { id, name, rules, ...occupiedOf(calendar) };
}

function rulesOf({ weekly, overrides, timetables }: CalendarJson): Rules {
  return timetables.length > 0 ? { weekly, overrides, timetables } : { weekly, overrides };
}

function occupiedOf({ leave, busy, limits }: CalendarJson): { leave: Span[]; busy: Busy[]; limits: Limits } {
  return { leave: leave.map(toSpan), busy: (busy ?? []).map(toBusy).filter(isTaken), limits: toLimits(limits) };
}

function toSpan([from, to]: SpanJson): Span {
  return { from, to };
}

function toBusy([from, to, before, after, booking, service, session]: BusyJson): Busy {
  const busy: Busy = { from, to, before, after, booking };
  if (session) return { ...busy, service: session[0], seats: { of: session[1], taken: session[2] } };
  if (service !== null) busy.service = service;
  return busy;
}

/** A session whose only seat is read as if it were not there is not there either. */
function isTaken({ seats }: Busy): boolean {
  return seats === undefined || seats.taken > 0;
}

/** Limits as the engine has them; nothing where there is none. */
export function toLimits([dayCount, dayMinutes, weekCount, weekMinutes]: LimitsJson): Limits {
  const limits: Limits = {};
  const perDay = limitOf(dayCount, dayMinutes);
  const perWeek = limitOf(weekCount, weekMinutes);
  if (perDay) limits.perDay = perDay;
  if (perWeek) limits.perWeek = perWeek;
  return limits;
}

function limitOf(count: number | null, minutes: number | null): Limit | null {
  if (count === null && minutes === null) return null;
  return { ...(count !== null && { count }), ...(minutes !== null && { minutes }) };
}
