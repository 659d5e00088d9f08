/** A column of the grid: a doctor on a day, or a day of one doctor. Instants are epoch milliseconds, half-open. */
export type AgendaColumn = {
  key: string;
  /** what stands above it */
  head: string;
  sub?: string;
  /** how it is called in a spoken name: "Dr Mokoena", "Tuesday 24 November" */
  spoken: string;
  from: number;
  to: number;
};

/** The finest division of the day: everything starts and ends on one of these. */
export const trackMinutes = 5;
const trackMs = trackMinutes * 60_000;

export type AxisRow = { track: number; span: number; label: string };
/**
 * The day's rows. A track is five minutes, counted from 0; a column says which instant each of its tracks is, or null
 * where its day has no such time, so that a day of 23 or 25 hours stands beside ordinary ones.
 */
export type Axis = {
  tracks: number;
  step: number;
  rows: AxisRow[];
  labels: string[];
  columns: { column: AgendaColumn; instants: (number | null)[] }[];
};

const clock = (minutes: number): string => {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
};

type Walked = { key: string; label: string; instant: number };

/** The tracks of one column in order; an hour that comes twice is called "again" the second time. */
function walk(column: AgendaColumn, minuteOf: MinuteOf): Walked[] {
  const seen = new Set<number>();
  const walked: Walked[] = [];
  for (let instant = column.from; instant < column.to; instant += trackMs) {
    const minute = minuteOf(instant, column);
    const again = seen.has(minute);
    seen.add(minute);
    walked.push({
      key: again ? `${minute} again` : `${minute}`,
      label: again ? `${clock(minute)} again` : clock(minute),
      instant,
    });
  }
  return walked;
}

/** Minutes on the wall clock since the column's date began; 1440 and more on the day after. */
export type MinuteOf = (instant: number, column: AgendaColumn) => number;

/** Lays the columns beside each other on one clock. `step` is minutes per row, a multiple of five. */
export function buildAxis(columns: readonly AgendaColumn[], step: number, minuteOf: MinuteOf): Axis {
  const walks = columns.map((column) => ({ column, walked: walk(column, minuteOf) }));
  // Columns differ only where a clock changes: the one with the most tracks has every time there is.
  const longest = walks.reduce<Walked[]>((best, { walked }) => (walked.length > best.length ? walked : best), []);
  const place = new Map(longest.map(({ key }, track) => [key, track]));
  const perRow = Math.max(1, Math.round(step / trackMinutes));
  const rows: AxisRow[] = [];
  for (let track = 0; track < longest.length; track += perRow) {
    rows.push({ track, span: Math.min(perRow, longest.length - track), label: longest[track]?.label ?? "" });
  }
  return {
    tracks: longest.length,
    step: perRow,
    rows,
    labels: longest.map(({ label }) => label),
    columns: walks.map(({ column, walked }) => {
      const instants = longest.map((): number | null => null);
      for (const { key, instant } of walked) {
        const track = place.get(key);
        if (track !== undefined) instants[track] = instant;
      }
      return { column, instants };
    }),
  };
}

/** The row a track belongs to. */
export const rowOf = (axis: Axis, track: number): number => Math.floor(track / axis.step);

/** The instant of a track, or null when that column's day has no such time. */
export const instantOf = (axis: Axis, column: number, track: number): number | null =>
  axis.columns[column]?.instants[track] ?? null;

/** The tracks a stretch of time takes in a column, cut to what is shown; null when nothing of it is. */
export function tracksOf(axis: Axis, column: number, from: number, to: number): { track: number; span: number } | null {
  const instants = axis.columns[column]?.instants ?? [];
  let first = -1;
  let last = -1;
  for (let track = 0; track < instants.length; track++) {
    const instant = instants[track] ?? null;
    if (instant === null || instant + trackMs <= from || instant >= to) continue;
    if (first === -1) first = track;
    last = track;
  }
  return first === -1 ? null : { track: first, span: last - first + 1 };
}
