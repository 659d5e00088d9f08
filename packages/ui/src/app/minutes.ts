/** Minutes of the day as people write them. */
export const formatMinutes = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Reads "8", "8:30", "08h30", "0830" or "24:00"; null when it is no time of day. */
export function parseMinutes(text: string): number | null {
  const trimmed = text.trim();
  const match = /^(\d{1,2})(?:[:.hH ]?(\d{2}))?$/.exec(trimmed);
  if (match === null) return null;
  const hours = Number(match[1]);
  const minutes = match[2] === undefined ? 0 : Number(match[2]);
  if (minutes > 59) return null;
  const total = hours * 60 + minutes;
  return total <= 1440 ? total : null;
}

/** The next time a step away, on the step's own grid, staying inside the day. */
export function stepMinutes(from: number, step: number, direction: 1 | -1): number {
  const next = direction === 1 ? Math.floor(from / step) * step + step : Math.ceil(from / step) * step - step;
  return Math.min(1440, Math.max(0, next));
}
