import { civilOf, DAY_MINUTES, MINUTE_MS } from "./calendar.ts";

/** A stretch of time with one distance to UTC. Minutes since 1970 UTC, half-open; local = instant + offset. */
export type ZoneSpan = { from: number; to: number; offset: number };

type Zone = { format: Intl.DateTimeFormat; years: Map<number, ZoneSpan[]> };

/** Before 1975 some zones were off by seconds; minutes inside would then be wrong. */
const FIRST_YEAR = 1975;
const LAST_YEAR = 2200;
/** Zone names come from clinics, so the cache has an end; the oldest entry leaves first. */
const MAX_ZONES = 128;
const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const zone: Zone = { format, years: new Map() };
  if (zones.size >= MAX_ZONES) {
    for (const oldest of zones.keys()) {
      zones.delete(oldest);
      break;
    }
  }
  zones.set(name, zone);
  return zone;
}

/** Whether the runtime knows the time zone. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Asks Intl; only used while a year's table is built. */
function askOffset(format: Intl.DateTimeFormat, instant: number): number {
  const m = /^(\d\d)\/(\d\d)\/(\d+), (\d\d):(\d\d)$/.exec(format.format(instant * MINUTE_MS));
  if (!m) throw new RangeError("unexpected date format");
  const local = Date.UTC(Number(m[3]), Number(m[1]) - 1, Number(m[2]), Number(m[4]), Number(m[5])) / MINUTE_MS;
  return local - instant;
}

const yearStart = (year: number): number => Date.UTC(year, 0, 1) / MINUTE_MS;

/** One probe a day, then bisection to the minute: about a millisecond, once per zone and year. */
function buildYear(format: Intl.DateTimeFormat, year: number): ZoneSpan[] {
  const from = yearStart(year);
  const to = yearStart(year + 1);
  const spans: ZoneSpan[] = [];
  let spanFrom = from;
  let offset = askOffset(format, from);
  for (let probe = from; probe < to; ) {
    const next = Math.min(probe + DAY_MINUTES, to);
    if (askOffset(format, next) === offset) {
      probe = next;
      continue;
    }
    let low = probe;
    let high = next;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (askOffset(format, middle) === offset) low = middle;
      else high = middle;
    }
    if (high === to) break;
    spans.push({ from: spanFrom, to: high, offset });
    spanFrom = high;
    offset = askOffset(format, high);
    probe = high;
  }
  spans.push({ from: spanFrom, to, offset });
  return spans;
}

function yearSpans(zone: Zone, year: number): ZoneSpan[] {
  const known = zone.years.get(year);
  if (known) return known;
  if (year < FIRST_YEAR || year > LAST_YEAR)
    throw new RangeError(`year ${year} is outside ${FIRST_YEAR} to ${LAST_YEAR}`);
  const built = buildYear(zone.format, year);
  zone.years.set(year, built);
  return built;
}

const yearOf = (instant: number): number => civilOf(Math.floor(instant / DAY_MINUTES)).year;

/** The stretches of constant offset that cover [from, to], in order and touching. Throws RangeError for an unknown zone. */
export function zoneSpans(name: string, from: number, to: number): ZoneSpan[] {
  const zone = zoneOf(name);
  const first = yearOf(from);
  const last = yearOf(Math.max(from, to));
  if (last - first > 50) throw new RangeError("more than fifty years at once");
  const spans: ZoneSpan[] = [];
  for (let year = first; year <= last; year++) {
    for (const span of yearSpans(zone, year)) {
      if (span.to <= from || span.from > to) continue;
      const before = spans.at(-1);
      if (before && before.offset === span.offset) before.to = span.to;
      else spans.push({ ...span });
    }
  }
  return spans;
}

/** Minutes to add to an instant (minutes since 1970 UTC) for the zone's wall clock. */
export function offsetAt(name: string, instant: number): number {
  for (const span of yearSpans(zoneOf(name), yearOf(instant))) if (instant < span.to) return span.offset;
  throw new RangeError(`no offset for ${instant}`);
}

/**
 * The instant of a wall-clock minute, given spans around it: a time in a gap moves later by the gap's length, a
 * repeated time takes the first (Temporal "compatible"). `existed` is false for a time in a gap.
 */
export function fromWall(spans: readonly ZoneSpan[], wall: number): { instant: number; existed: boolean } {
  let before: ZoneSpan | undefined;
  for (const span of spans) {
    if (wall < span.to + span.offset) {
      if (wall >= span.from + span.offset || !before) return { instant: wall - span.offset, existed: true };
      return { instant: wall - before.offset, existed: false };
    }
    before = span;
  }
  if (!before) throw new RangeError("no spans");
  return { instant: wall - before.offset, existed: true };
}
