import type { Calendar } from "./agenda/calendar.ts";
import { wallMinutesOf } from "./wall.ts";

/** Minutes of a date, from its midnight on the clinic's clock. */
export type Stretch = { from: number; to: number };

/** A doctor's day: when they work, and for what part of it they are away in spite of that. */
export type DoctorDay = { open: Stretch[]; away: (Stretch & { text: string })[] };

/** One doctor's day out of the clinic's calendar; a closure of the clinic is everybody's. */
export function doctorDay(calendar: Calendar, practitionerId: string, date: string): DoctorDay {
  const stretch = ({ from, to }: { from: Date; to: Date }): Stretch => ({
    from: Math.max(0, wallMinutesOf(+from, date, calendar.zone)),
    to: Math.min(2 * 1440, wallMinutesOf(+to, date, calendar.zone)),
  });
  const own = calendar.practitioners.find(({ id }) => id === practitionerId)?.open ?? [];
  const leave = calendar.leave.filter((one) => one.practitionerId === practitionerId);
  return {
    open: own.map(stretch).toSorted((a, b) => a.from - b.from),
    away: [
      ...leave.map((one) => ({ ...stretch(one), text: one.kind === "block" ? "Blocked time" : "On leave" })),
      ...calendar.closures.map((one) => ({ ...stretch(one), text: "Closed" })),
    ],
  };
}

/** What to say of a doctor who sees nobody: "Free", "Not in", "On leave to 14:00". Minutes of the day. */
export function whereabouts({ open, away }: DoctorDay, minute: number, clock: (minute: number) => string): string {
  const within = ({ from, to }: Stretch) => from <= minute && minute < to;
  if (!open.some(within)) return "Not in";
  const gone = away.find(within);
  if (gone === undefined) return "Free";
  // Leave that outlasts the working day has no end worth telling.
  return open.some(({ to }) => gone.to < to) ? `${gone.text} to ${clock(gone.to)}` : gone.text;
}

/** What is left of a range when the doctor works only in these stretches. */
export function closedStretches(open: readonly Stretch[], range: Stretch): Stretch[] {
  const closed: Stretch[] = [];
  let at = range.from;
  for (const { from, to } of open) {
    if (from > at) closed.push({ from: at, to: Math.min(from, range.to) });
    at = Math.max(at, to);
  }
  if (at < range.to) closed.push({ from: at, to: range.to });
  return closed.filter(({ from, to }) => to > from);
}
