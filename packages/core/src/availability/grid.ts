import { DAY_MINUTES } from "../time/calendar.ts";
import type { ZoneSpan } from "../time/zone.ts";
import { at, type IntervalSet } from "./intervals.ts";

/**
 * Where starts may lie: a flat list [from, to, base, ...]; inside [from, to) the starts are base + k * interval.
 * Pieces are sorted by begin and may overlap (two opening windows that do).
 */
export type Grid = number[];

/**
 * The clinic's clock: local minute of the day = offset + k * interval, begun anew at each midnight. A repeated hour has
 * its grid twice, a skipped hour not at all. Where the interval divides the day one piece serves a whole stretch.
 */
export function clockGrid(
  spans: readonly ZoneSpan[],
  from: number,
  to: number,
  interval: number,
  offset: number,
): Grid {
  const grid: Grid = [];
  for (const span of spans) {
    const begin = Math.max(from, span.from);
    const end = Math.min(to, span.to);
    if (begin >= end) continue;
    let midnight = Math.floor((begin + span.offset) / DAY_MINUTES) * DAY_MINUTES - span.offset;
    if (DAY_MINUTES % interval === 0) {
      grid.push(begin, end, midnight + (offset % interval));
      continue;
    }
    for (; midnight < end; midnight += DAY_MINUTES) {
      grid.push(Math.max(begin, midnight), Math.min(end, midnight + DAY_MINUTES), midnight + (offset % interval));
    }
  }
  return grid;
}

/** Counted from the begin of each opening window. */
export function openingGrid(declared: IntervalSet): Grid {
  const grid: Grid = [];
  for (let i = 0; i < declared.length; i += 2) grid.push(at(declared, i), at(declared, i + 1), at(declared, i));
  return grid;
}

/** Counted from the first start that works after each opening and each busy stretch. */
export function packedGrid(feasible: IntervalSet, declared: IntervalSet): Grid {
  const pieces: [number, number][] = [];
  let first = 0;
  for (let w = 0; w < declared.length; w += 2) {
    const open = at(declared, w);
    const close = at(declared, w + 1);
    while (first < feasible.length && at(feasible, first + 1) <= open) first += 2;
    for (let i = first; i < feasible.length && at(feasible, i) < close; i += 2) {
      pieces.push([Math.max(open, at(feasible, i)), Math.min(close, at(feasible, i + 1))]);
    }
  }
  // windows that overlap give pieces out of order
  pieces.sort((a, b) => a[0] - b[0]);
  return pieces.flatMap(([from, to]) => [from, to, from]);
}

/** The starts that are feasible and on the grid, inside the bounds; ascending minutes, none twice. */
export function startsOn(grid: Grid, feasible: IntervalSet, bounds: IntervalSet, interval: number): number[] {
  const starts: number[] = [];
  let ascending = true;
  let firstFree = 0;
  let firstBound = 0;
  for (let g = 0; g < grid.length; g += 3) {
    const gridFrom = at(grid, g);
    const gridTo = at(grid, g + 1);
    const base = at(grid, g + 2);
    while (firstFree < feasible.length && at(feasible, firstFree + 1) <= gridFrom) firstFree += 2;
    while (firstBound < bounds.length && at(bounds, firstBound + 1) <= gridFrom) firstBound += 2;
    let b = firstBound;
    for (let f = firstFree; f < feasible.length && at(feasible, f) < gridTo; f += 2) {
      const freeFrom = Math.max(gridFrom, at(feasible, f));
      const freeTo = Math.min(gridTo, at(feasible, f + 1));
      while (b < bounds.length && at(bounds, b + 1) <= freeFrom) b += 2;
      for (let c = b; c < bounds.length && at(bounds, c) < freeTo; c += 2) {
        const from = Math.max(freeFrom, at(bounds, c));
        const to = Math.min(freeTo, at(bounds, c + 1));
        let start = base + Math.ceil((from - base) / interval) * interval;
        if (start < to && starts.length > 0 && start <= at(starts, starts.length - 1)) ascending = false;
        for (; start < to; start += interval) starts.push(start);
      }
    }
  }
  if (ascending) return starts;
  return [...new Set(starts)].sort((a, b) => a - b);
}
