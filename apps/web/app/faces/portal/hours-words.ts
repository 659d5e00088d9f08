import { dayStart, formatDay } from "@pulsecal/core";

type Dates = { from: string; until: string };

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** Whether a timetable is over, holds or is still to come; null while it has no dates. */
export function stageOf({ from, until }: Dates, today: string): "over" | "now" | "ahead" | null {
  if (!isDate(from) && !isDate(until)) return null;
  if (isDate(until) && until < today) return "over";
  return isDate(from) && from > today ? "ahead" : "now";
}

/** "Tue 1 Dec to Fri 15 Jan 2027", "from Tue 1 Dec", "to Fri 15 Jan 2027"; its name while it has no dates. */
export function timetableText({ from, until }: Dates, o: { name: string; today: string; zone: string }): string {
  const day = (date: string) => {
    const text = formatDay(dayStart(date, o.zone), o.zone);
    return date.slice(0, 4) === o.today.slice(0, 4) ? text : `${text} ${date.slice(0, 4)}`;
  };
  if (isDate(from)) return isDate(until) ? `${day(from)} to ${day(until)}` : `From ${day(from)}`;
  return isDate(until) ? `To ${day(until)}` : o.name;
}
