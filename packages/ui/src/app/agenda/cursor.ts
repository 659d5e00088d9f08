import { type Axis, trackMinutes } from "./axis.ts";
import type { Stop } from "./layout.ts";

/** Where the one tab stop is. The track is remembered on the way past long bookings, so that Right and Left come back. */
export type Cursor = { key: string; column: number; track: number };

export type Step = "up" | "down" | "left" | "right" | "home" | "end" | "first" | "last" | "pageUp" | "pageDown";

/** The stop the cursor means now: the same one while it is there, else what took its place. */
export function stopAt(stops: readonly (readonly Stop[])[], cursor: Cursor | null): Stop | undefined {
  if (cursor !== null) {
    for (const column of stops) for (const stop of column) if (stop.key === cursor.key) return stop;
  }
  return covering(stops, cursor?.column ?? 0, cursor?.track ?? 0);
}

/** The stop that holds a track of a column, or the nearest one before it. */
function covering(stops: readonly (readonly Stop[])[], column: number, track: number): Stop | undefined {
  const own = stops[Math.max(0, Math.min(column, stops.length - 1))] ?? [];
  return (
    own.find((stop) => stop.track <= track && track < stop.track + stop.span) ??
    own.findLast((stop) => stop.track <= track) ??
    own[0]
  );
}

const cursorOn = (stop: Stop, track = stop.track): Cursor => ({ key: stop.key, column: stop.column, track });

/** A cursor on what stands at a track of a column. */
export function cursorAt(stops: readonly (readonly Stop[])[], column: number, track: number): Cursor | null {
  const stop = covering(stops, column, track);
  return stop === undefined ? null : cursorOn(stop);
}

/** Moves by a key. At an edge the cursor stays where it is. Down from a booking lands on its end. */
export function stepCursor(
  axis: Axis,
  stops: readonly (readonly Stop[])[],
  cursor: Cursor | null,
  step: Step,
): Cursor | null {
  const from = stopAt(stops, cursor);
  if (from === undefined) return null;
  const track = cursor !== null && inside(from, cursor.track) ? cursor.track : from.track;
  const own = stops[from.column] ?? [];
  const hour = 60 / trackMinutes;
  const to = (stop: Stop | undefined, at?: number): Cursor =>
    stop === undefined ? cursorOn(from, track) : cursorOn(stop, at);
  const across = (column: number): Cursor => to(covering(stops, column, track), track);
  switch (step) {
    case "up":
      return to(own[own.indexOf(from) - 1]);
    case "down":
      return to(own[own.indexOf(from) + 1]);
    case "left":
      return from.column === 0 ? cursorOn(from, track) : across(from.column - 1);
    case "right":
      return from.column === stops.length - 1 ? cursorOn(from, track) : across(from.column + 1);
    case "home":
      return across(0);
    case "end":
      return across(stops.length - 1);
    case "first":
      return to(stops[0]?.[0]);
    case "last":
      return to(stops.at(-1)?.at(-1));
    case "pageUp":
      return to(covering(stops, from.column, Math.max(0, track - hour)));
    case "pageDown":
      return to(covering(stops, from.column, Math.min(axis.tracks - 1, track + hour)));
  }
}

const inside = (stop: Stop, track: number): boolean => stop.track <= track && track < stop.track + stop.span;
