import { addDays, dayOf, dayStart, formatDay, formatLongDay, formatTime, wallTime } from "@pulsecal/core";
import type { AgendaBlock, AgendaBooking, AgendaColumn } from "@pulsecal/ui/app";
import { isShown, type Mark } from "../changes.ts";
import type { StaffBooking } from "../types.ts";
import { wallMinutesOf } from "../wall.ts";
import type { Calendar } from "./calendar.ts";

export type Doctor = { id: string; name: string; active: boolean };
export type Shown = { view: "day" | "week"; date: string; zone: string; doctors: Doctor[] };

const hour = 60;
/** A day may run two hours past midnight; what is later belongs to the next. */
const longest = 26 * hour;

/** The dates of the columns: one, or the seven of a week from Monday. */
export const datesOf = ({ view, date }: Pick<Shown, "view" | "date">, monday: string): string[] =>
  view === "day" ? [date] : Array.from({ length: 7 }, (_, n) => addDays(monday, n));

/** The column a booking stands in, by the key of that column. */
export const columnOf = (
  view: Shown["view"],
  zone: string,
  booking: { practitionerId: string; start: Date },
): string => (view === "day" ? booking.practitionerId : dayOf(+booking.start, zone));

/** Whether a booking takes up any of a date: it may have begun the evening before. */
export const meetsDay = (booking: { start: Date; end: Date }, date: string, zone: string): boolean =>
  +booking.end > dayStart(date, zone) && +booking.start < dayStart(addDays(date, 1), zone);

/** Which hours the grid shows, in minutes of the day: when somebody works, wider where a booking lies outside. */
export function hoursShown(
  dates: readonly string[],
  zone: string,
  open: readonly { from: Date; to: Date }[],
  bookings: readonly { start: Date; end: Date }[],
): { from: number; to: number } {
  const spans = [...open, ...bookings.map(({ start, end }) => ({ from: start, to: end }))].flatMap(({ from, to }) =>
    dates
      .map((date) => ({ from: wallMinutesOf(+from, date, zone), to: wallMinutesOf(+to, date, zone) }))
      .filter((span) => span.from < 24 * hour && span.to > 0),
  );
  if (spans.length === 0) return { from: 8 * hour, to: 17 * hour };
  const from = Math.max(0, Math.min(...spans.map((span) => span.from)));
  const to = Math.min(longest, Math.max(...spans.map((span) => span.to)));
  return {
    from: Math.floor(from / hour) * hour,
    to: Math.max(Math.ceil(to / hour), Math.floor(from / hour) + 1) * hour,
  };
}

/** A column per doctor of a day, or per day of one doctor. */
export function columnsOf(
  shown: Shown,
  dates: readonly string[],
  hours: { from: number; to: number },
  subOf: (key: string) => string | undefined,
): AgendaColumn[] {
  const between = (date: string) => ({
    from: wallTime(date, hours.from, shown.zone).instant,
    to: wallTime(date, hours.to, shown.zone).instant,
  });
  const make = (key: string, head: string, spoken: string, date: string): AgendaColumn => {
    const sub = subOf(key);
    return { key, head, spoken, ...(sub === undefined ? {} : { sub }), ...between(date) };
  };
  if (shown.view === "day") return shown.doctors.map(({ id, name }) => make(id, name, name, shown.date));
  return dates.map((date) => {
    const noon = dayStart(date, shown.zone) + 12 * hour * 60_000;
    return make(date, formatDay(noon, shown.zone), formatLongDay(noon, shown.zone), date);
  });
}

/** Where a booking is being put while the server has not answered yet. */
export type Carried = { id: string; column: string; start: number; end: number };

const movable: ReadonlySet<string> = new Set(["requested", "confirmed", "awaiting_payment"]);

/** Whether staff may give a booking another time: a hold is a patient's who is still choosing. */
export const isMovable = (booking: { state: string }): boolean => movable.has(booking.state);

/** What stands first in a booking when it has no name. */
export const titleOf = (booking: { patientName: string | null; state: string }): string =>
  booking.patientName ?? (booking.state === "held" ? "Being booked" : "No name yet");

/** The bookings as the grid draws them. What ended while on screen stays as long as it is marked. */
export function gridBookings(
  bookings: readonly StaffBooking[],
  o: { shown: Shown; marks: ReadonlyMap<string, Mark>; carried: readonly Carried[]; mayWrite: boolean },
): AgendaBooking[] {
  return bookings
    .filter((booking) => isShown(booking) || o.marks.has(booking.id))
    .map((booking) => {
      const carried = o.carried.findLast(({ id }) => id === booking.id);
      // What began the evening before is cut off here: it is taken up on its own day.
      const isWhole = o.shown.view === "week" || dayOf(+booking.start, o.shown.zone) === o.shown.date;
      const since = isWhole ? [] : [`since ${formatTime(+booking.start, o.shown.zone)}`];
      const movable = o.mayWrite && isMovable(booking) && isWhole;
      return {
        id: booking.id,
        column: carried?.column ?? columnOf(o.shown.view, o.shown.zone, booking),
        start: carried?.start ?? +booking.start,
        end: carried?.end ?? +booking.end,
        title: titleOf(booking),
        service: [...since, booking.serviceName, ...booking.rooms, ...seatText(booking)].join(", "),
        state: booking.state,
        mark: o.marks.get(booking.id),
        overbooked: booking.squeezedIn,
        canMove: movable,
        canResize: movable && booking.seat === null,
      };
    });
}

const seatText = ({ seat }: Pick<StaffBooking, "seat">): string[] =>
  seat === null ? [] : [`seat ${seat.no} of ${seat.of}`];

type BlocksIn = {
  shown: Shown;
  columns: readonly AgendaColumn[];
  calendar: Calendar;
  bookings: readonly StaffBooking[];
  services: readonly { id: string; bufferBefore: number; bufferAfter: number }[];
};

/** Everything that is not free though nobody is booked in it: closed hours, leave, closures, holidays, buffers. */
export function gridBlocks({ shown, columns, calendar, bookings, services }: BlocksIn): AgendaBlock[] {
  const doctorOf = (key: string) => (shown.view === "day" ? key : shown.doctors[0]?.id);
  return columns.flatMap(({ key, from, to }) => {
    const doctor = doctorOf(key);
    const own = calendar.practitioners.find(({ id }) => id === doctor)?.open ?? [];
    const holiday = calendar.holidays.find(({ date }) => date === dayOf(from, shown.zone));
    const closedText = holiday === undefined ? "closed" : `closed: ${holiday.name}`;
    const spans = (kind: AgendaBlock["kind"], text: string, list: readonly { from: Date; to: Date }[]): AgendaBlock[] =>
      list.map((one) => ({ column: key, from: +one.from, to: +one.to, kind, text }));
    return [
      ...closedIn({ from, to }, own).map(
        (span): AgendaBlock => ({ column: key, ...span, kind: "closed", text: closedText }),
      ),
      ...calendar.leave
        .filter((one) => one.practitionerId === doctor)
        .flatMap((one) => spans("leave", leaveText(one), [one])),
      ...calendar.closures.flatMap((one) => spans("closure", `closed: ${one.label}`, [one])),
      ...bookings
        .filter((one) => shown.view === "week" && isShown(one) && columnOf("week", shown.zone, one) < key)
        .filter((one) => meetsDay(one, key, shown.zone))
        .flatMap((one) => spans("leave", `a visit since ${formatTime(+one.start, shown.zone)}`, [spanOf(one)])),
      ...bookings
        .filter((one) => isShown(one) && columnOf(shown.view, shown.zone, one) === key)
        .flatMap((one) => {
          const service = services.find(({ id }) => id === one.serviceId);
          return spans("buffer", "buffer", buffersOf(one, service));
        }),
    ];
  });
}

/** "leave", or what it is called: "leave: Congress", "blocked: Paperwork". */
export function leaveText({ kind, label }: { kind: string; label: string | null }): string {
  const word = kind === "block" ? "blocked time" : "leave";
  return label === null || label === "" ? word : `${word}: ${label}`;
}

const spanOf = ({ start, end }: StaffBooking) => ({ from: start, to: end });

function buffersOf(
  booking: StaffBooking,
  service: { bufferBefore: number; bufferAfter: number } | undefined,
): { from: Date; to: Date }[] {
  const before = (service?.bufferBefore ?? 0) * 60_000;
  const after = (service?.bufferAfter ?? 0) * 60_000;
  return [
    ...(before > 0 ? [{ from: new Date(+booking.start - before), to: booking.start }] : []),
    ...(after > 0 ? [{ from: booking.end, to: new Date(+booking.end + after) }] : []),
  ];
}

function closedIn(range: { from: number; to: number }, open: readonly { from: Date; to: Date }[]) {
  const closed: { from: number; to: number }[] = [];
  let at = range.from;
  for (const { from, to } of open.toSorted((a, b) => +a.from - +b.from)) {
    if (+from > at) closed.push({ from: at, to: Math.min(+from, range.to) });
    at = Math.max(at, +to);
  }
  if (at < range.to) closed.push({ from: at, to: range.to });
  return closed.filter(({ from, to }) => to > from);
}

/** Minutes per row: the interval most services have, among those the grid can draw; twenty where there is none. */
export function stepOf(services: readonly { intervalMinutes: number; active: boolean }[]): number {
  const count = new Map<number, number>();
  for (const { intervalMinutes, active } of services) {
    const step = [30, 20, 15, 10, 5].find((one) => intervalMinutes % one === 0);
    if (active && step !== undefined) count.set(step, (count.get(step) ?? 0) + 1);
  }
  return [...count].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 20;
}
