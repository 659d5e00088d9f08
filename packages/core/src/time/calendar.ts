/** Minutes in a day of 24 hours. */
export const DAY_MINUTES = 1440;
/** Milliseconds in a minute. */
export const MINUTE_MS = 60_000;

/** Days since 1970-01-01 of a civil date (proleptic Gregorian). Counting years from March puts the leap day last. */
function dayNumberOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** A civil date as parts. */
export type CivilDate = { year: number; month: number; day: number };

/** The civil date of a day number. */
export function civilOf(dayNumber: number): CivilDate {
  const z = dayNumber + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** The digits of a text from one place to another as a number; NaN where one is not a digit. */
function digits(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    n = n * 10 + digit;
  }
  return n;
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The day number of "YYYY-MM-DD", or null when it is not a date of the calendar. Read by hand: it is on the hot path. */
export function parseDate(date: string): number | null {
  if (date.length !== 10 || date[4] !== "-" || date[7] !== "-") return null;
  const year = digits(date, 0, 4);
  const month = digits(date, 5, 7);
  const day = digits(date, 8, 10);
  const longest = DAYS_IN_MONTH[month - 1];
  if (Number.isNaN(year) || longest === undefined || !(day >= 1 && day <= longest)) return null;
  if (month === 2 && day === 29 && !isLeap(year)) return null;
  return dayNumberOf(year, month, day);
}

/** The day number of "YYYY-MM-DD"; throws RangeError when there is no such date. */
export function dayNumber(date: string): number {
  const n = parseDate(date);
  if (n === null) throw new RangeError(`not a date: ${date}`);
  return n;
}

/** "YYYY-MM-DD" of a day number. */
export function dateString(n: number): string {
  const { year, month, day } = civilOf(n);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** ISO weekday of a day number: 1 Monday .. 7 Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(n: number): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return (((((n + 3) % 7) + 7) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

/** The date n days later (earlier when negative). */
export function addDays(date: string, n: number): string {
  return dateString(dayNumber(date) + n);
}
