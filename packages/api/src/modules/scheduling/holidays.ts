import Holidays from "date-holidays";

const dayMs = 24 * 60 * 60_000;

export type Holiday = { date: string; name: string };

const known = new Map<string, readonly Holiday[]>();

/** The public holidays of a country in some years, both included: YYYY-MM-DD, ascending. None without a country. */
export function publicHolidays(country: string | null, firstYear: number, lastYear: number): Holiday[] {
  const found: Holiday[] = [];
  if (country === null) return found;
  for (let year = firstYear; year <= lastYear; year++) found.push(...holidaysOf(country, year));
  return found;
}

/** The countries whose public holidays are known: ISO 3166 code and English name, by name. */
export function holidayCountries(): { code: string; name: string }[] {
  const countries = Object.entries(new Holidays().getCountries("en"));
  return countries
    .filter(([code]) => /^[A-Z]{2}$/.test(code))
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Computed once per country and year: the moon's and Easter's dates take milliseconds. */
function holidaysOf(country: string, year: number): readonly Holiday[] {
  const name = `${country} ${year}`;
  const before = known.get(name);
  if (before) return before;
  const byDate = new Map<string, Holiday>();
  for (const holiday of new Holidays(country, { languages: ["en"] }).getHolidays(year)) {
    if (holiday.type !== "public") continue;
    // `date` is the clock of the country itself; a holiday of several days has its length in the two instants
    const first = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`);
    const days = Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / dayMs));
    for (let day = 0; day < days; day++) {
      const date = new Date(first + day * dayMs).toISOString().slice(0, 10);
      if (!byDate.has(date)) byDate.set(date, { date, name: holiday.name });
    }
  }
  const found = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  known.set(name, found);
  return found;
}
