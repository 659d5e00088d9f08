/** A stretch of time in epoch milliseconds, half-open: [from, to). Empty and reversed spans block nothing. */
export type Span = { from: number; to: number };

/** Minutes of the day, 0..1440. `to` at or before `from` ends on the next day. */
export type DayWindow = { from: number; to: number };
/** A window that repeats each week; ISO weekday, 1 is Monday. */
export type WeeklyWindow = DayWindow & { weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7 };
/** Replaces the windows that begin on a date; no windows closes it. */
export type DateOverride = { date: string; windows: DayWindow[] };
/** Weekly windows that hold from one date to another, both included; null is open-ended. */
export type Timetable = { from: string | null; until: string | null; weekly: WeeklyWindow[] };
/** When a resource is there. On each date the timetable that began last wins; without one, `weekly` holds. */
export type Rules = { weekly: WeeklyWindow[]; overrides: DateOverride[]; timetables?: Timetable[] };

/** The few numbers a simple service has. */
export type ServiceRule = {
  minutes: number;
  bufferBefore: number;
  bufferAfter: number;
  /** distance between two offered starts */
  intervalMinutes: number;
  noticeMinutes: number;
  /** bookable until the end of this many days after today, in the clinic's zone */
  horizonDays: number;
};

/** Where offered starts lie: the clinic's clock from midnight, counted from opening, or from the end of busy time. */
export type Alignment = { kind: "clock"; offset?: number } | { kind: "opening" } | { kind: "packed" };

/** How far ahead: days after today, working days after today, or a range of dates (both included). */
export type Horizon = { days: number } | { workingDays: number } | { from: string; to: string };

/** The most there may be in one day and one ISO week of the clinic's zone. */
export type Limit = { count?: number; minutes?: number };
export type Limits = { perDay?: Limit; perWeek?: Limit };

/** What can be booked, with every rule it may carry. Minutes unless said. */
export type ServiceSpec = {
  id?: string;
  minutes: number;
  bufferBefore?: number;
  bufferAfter?: number;
  intervalMinutes: number;
  alignment?: Alignment;
  noticeMinutes?: number;
  horizon?: Horizon;
  /** counted over every resource in question, a booking that holds several of them once */
  limits?: Limits;
  /** people one session takes; 1 unless said */
  seats?: number;
};

/** Occupied time of a resource: the visit itself, its own buffers beside it. */
export type Busy = Span & {
  /** own buffer before and after, minutes */
  before?: number;
  after?: number;
  /** bookings that hold several resources carry one name, so that limits count them once */
  booking?: string;
  service?: string;
  /** false: does not count towards limits (an outside calendar) */
  counts?: boolean;
  /** a group session with seats */
  seats?: { of: number; taken: number };
};

/** Anything that can be occupied. `rules: null` is there at any hour (a room, a device). */
export type ResourceCalendar = {
  id: string;
  rules: Rules | null;
  busy: readonly Busy[];
  leave: readonly Span[];
  /** per day and week over this resource's own busy time */
  limits?: Limits;
};

/** `count` different resources out of `of`. Length and buffers are the service's unless said. */
export type Need = {
  count: number;
  of: readonly string[];
  /** its resources' hours and busy time anchor the grid; unless said, true for the first need only */
  leads?: boolean;
  minutes?: number;
  bufferBefore?: number;
  bufferAfter?: number;
};

/** Everything the engine is told. It reads no clock and no database. */
export type Question = {
  zone: string;
  now: number;
  service: ServiceSpec;
  resources: readonly ResourceCalendar[];
  /** unless said: any one of the resources */
  needs?: readonly Need[];
  /** dates without weekly hours; an override for such a date still holds */
  holidays?: readonly string[];
  /** the whole clinic is shut */
  closures?: readonly Span[];
  /** buffers of two neighbours may lie over each other */
  shareBuffers?: boolean;
  /** seats asked for in one session; 1 unless said */
  seatsWanted?: number;
  /** bookings and minutes one answer adds towards limits (a family set adds several) */
  adds?: { count: number; minutes: number };
};

/** A start that can be booked, with a complete, concrete assignment in the order of the needs. */
export type Offer = { start: number; resources: readonly string[] };

export type BlockReason =
  | "past"
  | "notice"
  | "horizon"
  | "off_grid"
  | "closed"
  | "holiday"
  | "closure"
  | "leave"
  | "busy"
  | "seats"
  | "day_limit"
  | "week_limit"
  | "not_enough";

/** One rule that blocks a time. Never says who booked. */
export type Block = {
  why: BlockReason;
  /** the resource it concerns; absent when it concerns all */
  resource?: string;
  /** the blocked stretch, where there is one (epoch milliseconds) */
  from?: number;
  to?: number;
};
