import type { Question, ResourceCalendar, Rules, ServiceSpec, WeeklyWindow } from "../types.ts";

export const JHB = "Africa/Johannesburg";
export const NY = "America/New_York";
export const MINUTE = 60_000;

/** Epoch milliseconds of an ISO text with an offset. */
export const at = (text: string): number => Date.parse(text);

/** The same windows on every day of the week. */
export const daily = (...windows: [number, number][]): WeeklyWindow[] =>
  ([1, 2, 3, 4, 5, 6, 7] as const).flatMap((weekday) => windows.map(([from, to]) => ({ weekday, from, to })));

export const rulesOf = (weekly: WeeklyWindow[], over: Partial<Rules> = {}): Rules => ({
  weekly,
  overrides: [],
  ...over,
});

export const resourceOf = (id: string, over: Partial<ResourceCalendar> = {}): ResourceCalendar => ({
  id,
  rules: rulesOf(daily([480, 1020])),
  busy: [],
  leave: [],
  ...over,
});

/** One doctor, 08:00 to 17:00 daily, half-hour visits; Monday 23 November 2026, 06:00. */
export const questionOf = (service: Partial<ServiceSpec> = {}, doctor: Partial<ResourceCalendar> = {}): Question => ({
  zone: JHB,
  now: at("2026-11-23T06:00:00+02:00"),
  service: { minutes: 30, intervalMinutes: 30, ...service },
  resources: [resourceOf("dr", doctor)],
});

/** Wall-clock "HH:MM" of instants, for reading. */
export const clock = (starts: readonly number[], zone = JHB): string[] => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return starts.map((s) => format.format(s));
};

/** 00:00 to 24:00 of a date at a fixed offset. */
export const dayOf = (date: string, offset = "+02:00"): { from: number; to: number } => ({
  from: at(`${date}T00:00:00${offset}`),
  to: at(`${date}T00:00:00${offset}`) + 24 * 60 * MINUTE,
});
