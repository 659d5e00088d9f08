/**
 * The floor: the least work that still answers the question for one doctor, one window on every day, and busy time in
 * order. No breaks, buffers, overrides, notice or reasons. Nobody could use it; it says what a sweep costs.
 */
export type FloorInput = {
  /** first local day (days since 1970) and how many */
  firstDay: number;
  days: number;
  /** opening and closing, minutes of the day */
  open: number;
  close: number;
  minutes: number;
  interval: number;
  /** ascending, epoch milliseconds */
  busy: readonly { from: number; to: number }[];
};

/** Sweeps with one fixed distance to UTC. */
export function floorFixed(input: FloorInput, offsetMinutes: number): number[] {
  return sweep(input, () => offsetMinutes);
}

/** Sweeps across a clock change the naive way: asks Intl once a day for that day's distance to UTC. */
export function floorNaive(input: FloorInput, format: Intl.DateTimeFormat): number[] {
  return sweep(input, (day) => askIntl(format, day));
}

/** The formatter the naive floor asks; made once, outside the measured part. */
export function naiveFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** Noon comes after every clock change of a night, so its offset is that of the working day. */
function askIntl(format: Intl.DateTimeFormat, day: number): number {
  const noon = day * 1440 + 720;
  const text = format.format(noon * 60_000);
  const year = Number(text.slice(6, 10));
  const local = Date.UTC(
    year,
    Number(text.slice(0, 2)) - 1,
    Number(text.slice(3, 5)),
    Number(text.slice(12, 14)),
    Number(text.slice(15, 17)),
  );
  return local / 60_000 - noon;
}

function sweep(input: FloorInput, offsetOf: (day: number) => number): number[] {
  const { busy, minutes, interval } = input;
  const starts: number[] = [];
  let b = 0;
  for (let day = input.firstDay; day < input.firstDay + input.days; day++) {
    const midnight = day * 1440 - offsetOf(day);
    const last = midnight + input.close - minutes;
    for (let start = midnight + input.open; start <= last; start += interval) {
      const from = start * 60_000;
      while (b < busy.length && (busy[b] as { to: number }).to <= from) b++;
      if (b === busy.length || (busy[b] as { from: number }).from >= from + minutes * 60_000) starts.push(from);
    }
  }
  return starts;
}
