import { DAY_MINUTES, dateString, dayNumber, MINUTE_MS } from "../../time/calendar.ts";
import { dayStart } from "../../time/days.ts";
import type { Busy, Question, ResourceCalendar, ServiceSpec, Span, WeeklyWindow } from "../types.ts";
import type { FloorInput } from "./floor.ts";

/** The measured case: thirty days from a date, 08:00 to 17:00 daily, 15 minutes each, so 1,080 starts before busy time. */
export type Case = { question: Question; window: Span; floor: FloorInput };

const DAYS = 30;
const OPEN = 480;
const CLOSE = 1020;
const week = (windows: [number, number][]): WeeklyWindow[] =>
  ([1, 2, 3, 4, 5, 6, 7] as const).flatMap((weekday) => windows.map(([from, to]) => ({ weekday, from, to })));

/** A small generator with a seed, so that each run measures the same clinic. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` bookings of 15 minutes on different starts of the month, ascending. */
function busyOf(date: string, zone: string, count: number, seed: number): Busy[] {
  const random = randomOf(seed);
  const taken = new Set<number>();
  while (taken.size < count) taken.add(Math.floor(random() * DAYS * 36));
  const first = dayNumber(date);
  return [...taken]
    .sort((a, b) => a - b)
    .map((slot) => {
      const day = dayStart(dateString(first + Math.floor(slot / 36)), zone);
      // noon is reached by adding wall time, so bookings after a clock change stay on the grid
      const from = wallOf(day, first + Math.floor(slot / 36), zone) + (OPEN + (slot % 36) * 15) * MINUTE_MS;
      return { from, to: from + 15 * MINUTE_MS };
    });
}

/** Midnight as the working day sees it: on the day of a clock change an hour off the real one. */
function wallOf(start: number, day: number, zone: string): number {
  const next = dayStart(dateString(day + 1), zone);
  return next - start === DAY_MINUTES * MINUTE_MS ? start : next - DAY_MINUTES * MINUTE_MS;
}

const plainService: ServiceSpec = { minutes: 15, intervalMinutes: 15 };

/** One weekly window and nothing else: here engine and floor must give the same set. */
export function plainCase(zone: string, date: string, seed = 1): Case {
  const busy = busyOf(date, zone, 200, seed);
  const from = dayStart(date, zone);
  const to = dayStart(dateString(dayNumber(date) + DAYS), zone);
  const resource: ResourceCalendar = {
    id: "doctor",
    rules: { weekly: week([[OPEN, CLOSE]]), overrides: [] },
    busy,
    leave: [],
  };
  return {
    question: { zone, now: from - 60 * MINUTE_MS, service: plainService, resources: [resource] },
    window: { from, to },
    floor: { firstDay: dayNumber(date), days: DAYS, open: OPEN, close: CLOSE, minutes: 15, interval: 15, busy },
  };
}

/** The same month with every rule switched on: breaks, overrides, holiday, leave, closure, buffers, limits, timetables. */
export function fullCase(zone: string, date: string, seed = 1): Case {
  const plain = plainCase(zone, date, seed);
  const [doctor] = plain.question.resources;
  const day = (n: number) => dateString(dayNumber(date) + n);
  const at = (n: number, minute: number) => dayStart(day(n), zone) + minute * MINUTE_MS;
  const resource: ResourceCalendar = {
    id: "doctor",
    rules: {
      weekly: week([
        [OPEN, 720],
        [780, CLOSE],
      ]),
      overrides: [
        { date: day(3), windows: [] },
        {
          date: day(9),
          windows: [
            { from: 600, to: 720 },
            { from: 840, to: 1080 },
          ],
        },
        { date: day(16), windows: [{ from: 1080, to: 120 }] },
      ],
      timetables: [
        {
          from: day(20),
          until: null,
          weekly: week([
            [OPEN, 720],
            [765, CLOSE],
          ]),
        },
      ],
    },
    busy: (doctor?.busy ?? []).map((b) => ({ ...b, after: 5 })),
    leave: [{ from: at(12, 600), to: at(12, 900) }],
    limits: { perWeek: { count: 500 } },
  };
  const service: ServiceSpec = {
    minutes: 15,
    intervalMinutes: 15,
    bufferBefore: 5,
    bufferAfter: 5,
    noticeMinutes: 120,
    horizon: { days: 60 },
    limits: { perDay: { count: 30 }, perWeek: { minutes: 3000 } },
  };
  const closures = [{ from: at(25, 0), to: at(25, 600) }];
  return { ...plain, question: { ...plain.question, service, resources: [resource], holidays: [day(6)], closures } };
}
