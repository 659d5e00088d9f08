import { parseDate } from "../time/calendar.ts";
import { dayStart, wallTime } from "../time/days.ts";

/** What is wrong with a case, and where: `field` is a path like resources[0].hours[2].to. */
export class CaseError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** A value of the case and the path that leads to it. */
export type Value = { at: string; is: unknown };

const fail = (value: Value, message: string): never => {
  throw new CaseError(value.at, message);
};

/** The fields of an object; a field that is not known is a typing mistake and refused. */
export function fields<Name extends string>(value: Value, known: readonly Name[]): Record<Name, Value> {
  if (typeof value.is !== "object" || value.is === null || Array.isArray(value.is)) fail(value, "must be an object");
  const object = value.is as Record<string, unknown>;
  const path = (name: string) => (value.at === "" ? name : `${value.at}.${name}`);
  for (const name of Object.keys(object)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new CaseError(path(name.slice(0, 60)), `is not known here; known are ${known.join(", ")}`);
    }
  }
  const found = Object.create(null) as Record<Name, Value>;
  for (const name of known)
    found[name] = { at: path(name), is: Object.hasOwn(object, name) ? object[name] : undefined };
  return found;
}

/** A list of at most `max` values; missing is empty. */
export function list<T>(value: Value, max: number, read: (item: Value) => T): T[] {
  if (value.is === undefined) return [];
  if (!Array.isArray(value.is)) fail(value, "must be a list");
  const items = value.is as unknown[];
  if (items.length > max) fail(value, `has ${items.length} entries; at most ${max}`);
  return items.map((is, i) => read({ at: `${value.at}[${i}]`, is }));
}

/** The value read, or a default where it is missing. */
export function optional<T, D>(value: Value, read: (value: Value) => T, otherwise: D): T | D {
  return value.is === undefined || value.is === null ? otherwise : read(value);
}

/** A whole number within bounds. */
export function whole(value: Value, min: number, max: number): number {
  if (typeof value.is !== "number" || !Number.isInteger(value.is)) fail(value, "must be a whole number");
  const n = value.is as number;
  if (n < min || n > max) fail(value, `must be from ${min} to ${max}, not ${n}`);
  return n;
}

/** A short text. */
export function text(value: Value): string {
  if (typeof value.is !== "string" || value.is === "" || value.is.length > 100)
    fail(value, "must be a text of 1 to 100 characters");
  return value.is as string;
}

export function yesNo(value: Value): boolean {
  if (typeof value.is !== "boolean") fail(value, "must be true or false");
  return value.is as boolean;
}

/** One of a few words. */
export function word<W extends string>(value: Value, words: readonly W[]): W {
  const found = words.find((w) => w === value.is);
  return found ?? fail(value, `must be one of ${words.join(", ")}`);
}

/** Years the zone tables cover with room on both sides. */
const FIRST_DATE = "1980-01-01";
const LAST_DATE = "2199-01-01";

/** "YYYY-MM-DD" */
export function date(value: Value): string {
  if (typeof value.is !== "string" || parseDate(value.is) === null) fail(value, 'must be a date like "2026-11-24"');
  const found = value.is as string;
  if (found < FIRST_DATE || found > LAST_DATE) fail(value, `must lie between ${FIRST_DATE} and ${LAST_DATE}`);
  return found;
}

/** Minutes of the day: 0..1440 or "HH:MM" up to "24:00". */
export function minuteOfDay(value: Value): number {
  if (typeof value.is === "number") return whole(value, 0, 1440);
  const m = typeof value.is === "string" ? /^(\d{1,2}):(\d{2})$/.exec(value.is) : null;
  const minute = m ? Number(m[1]) * 60 + Number(m[2]) : Number.NaN;
  if (!m || Number(m[2]) > 59 || minute > 1440) fail(value, 'must be a time of day like "08:30", or minutes 0 to 1440');
  return minute;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * An instant: "2026-11-24T10:00:00+02:00" or "...Z"; without an offset it is the clinic's clock; a bare date is its
 * first instant; a number is epoch milliseconds.
 */
export function instant(value: Value, zone: string): number {
  const found = typeof value.is === "number" ? value.is : fromText(value, zone);
  const min = Date.UTC(1980, 0, 1);
  const max = Date.UTC(2199, 0, 1);
  if (!Number.isInteger(found) || found < min || found > max) fail(value, "must lie between the years 1980 and 2199");
  return found;
}

function fromText(value: Value, zone: string): number {
  const what = 'must be an instant like "2026-11-24T10:00:00+02:00"';
  if (typeof value.is !== "string") return fail(value, what);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value.is)) return dayStart(date(value), zone);
  const m = INSTANT.exec(value.is);
  if (!m) return fail(value, what);
  const [, day = "", hour, minute, second, offset] = m;
  date({ at: value.at, is: day });
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) fail(value, what);
  if (offset) return Date.parse(value.is);
  return wallTime(day, Number(hour) * 60 + Number(minute), zone).instant + Number(second ?? 0) * 1000;
}

/** A stretch of time that ends after it begins. */
export function span(from: Value, to: Value, zone: string): { from: number; to: number } {
  const found = { from: instant(from, zone), to: instant(to, zone) };
  if (found.to <= found.from) fail(to, "must be after `from`");
  return found;
}
