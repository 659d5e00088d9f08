import { type Axis, instantOf, trackMinutes } from "./axis.ts";
import type { Step } from "./cursor.ts";
import { inTheWay, type Placed, type PlacedBlock } from "./layout.ts";

/** A booking on its way to another place or length; nothing is saved until it is put down. */
export type Ghost = {
  kind: "move" | "resize";
  by: "keys" | "pointer";
  bookingId: string;
  column: number;
  track: number;
  span: number;
  /** where it stood when it was taken up */
  from: { column: number; track: number; span: number };
};

/** A pointer has to go this far before a press becomes a drag, in CSS pixels. */
export const dragFrom = 6;

/** Takes a booking up. */
export function takeUp(placed: Placed, kind: Ghost["kind"], by: Ghost["by"]): Ghost {
  const { column, track, span } = placed;
  return { kind, by, bookingId: placed.booking.id, column, track, span, from: { column, track, span } };
}

const hour = 60 / trackMinutes;
const longer: Partial<Record<Step, number>> = { up: -1, down: 1, pageUp: -hour, pageDown: hour };

/** Shifts it by a key: a row or a column when it moves, five minutes when its length changes, an hour with Page. */
export function shiftGhost(axis: Axis, ghost: Ghost, step: Step): Ghost {
  if (ghost.kind === "resize") {
    return lengthen(axis, ghost, ghost.track + ghost.span + (longer[step] ?? 0));
  }
  const last = axis.columns.length - 1;
  switch (step) {
    case "up":
      return place(axis, ghost, ghost.column, ghost.track - axis.step);
    case "down":
      return place(axis, ghost, ghost.column, ghost.track + axis.step);
    case "pageUp":
      return place(axis, ghost, ghost.column, ghost.track - hour);
    case "pageDown":
      return place(axis, ghost, ghost.column, ghost.track + hour);
    case "left":
      return place(axis, ghost, ghost.column - 1, ghost.track);
    case "right":
      return place(axis, ghost, ghost.column + 1, ghost.track);
    case "home":
      return place(axis, ghost, 0, ghost.track);
    case "end":
      return place(axis, ghost, last, ghost.track);
    case "first":
      return place(axis, ghost, ghost.column, 0);
    case "last":
      return place(axis, ghost, ghost.column, axis.tracks);
  }
}

/**
 * Follows the pointer. `track` is where the booking's own first (or, for its length, last) edge would be, in fractions;
 * a move snaps to the rows and to where it came from, a length to five minutes.
 */
export function pointGhost(axis: Axis, ghost: Ghost, at: { column: number; track: number }): Ghost {
  if (ghost.kind === "resize") return lengthen(axis, ghost, Math.round(at.track));
  const row = Math.round(at.track / axis.step) * axis.step;
  const home = Math.abs(at.track - ghost.from.track) < axis.step / 2 ? ghost.from.track : row;
  return place(axis, ghost, at.column, home);
}

function place(axis: Axis, ghost: Ghost, column: number, track: number): Ghost {
  return {
    ...ghost,
    column: Math.max(0, Math.min(column, axis.columns.length - 1)),
    track: Math.max(0, Math.min(track, axis.tracks - ghost.span)),
  };
}

function lengthen(axis: Axis, ghost: Ghost, end: number): Ghost {
  return { ...ghost, span: Math.max(1, Math.min(end, axis.tracks) - ghost.track) };
}

/** Whether putting it down would change anything. */
export const isShifted = ({ column, track, span, from }: Ghost): boolean =>
  column !== from.column || track !== from.track || span !== from.span;

/** The instant it would start at; null in an hour that the day skips. */
export const startOf = (axis: Axis, ghost: Ghost): number | null => instantOf(axis, ghost.column, ghost.track);
export const minutesOf = (ghost: Ghost): number => ghost.span * trackMinutes;

/** "10:40, Dr Naidoo, free", "10:40, Dr Naidoo, blocked: leave", "10:00 to 10:25, 25 minutes, free". */
export function ghostText(axis: Axis, ghost: Ghost, placed: readonly Placed[], blocks: readonly PlacedBlock[]): string {
  const why = inTheWay(axis, { ...ghost, without: ghost.bookingId }, placed, blocks);
  const state = why === null ? "free" : `blocked: ${why}`;
  const label = axis.labels[ghost.track] ?? "";
  if (ghost.kind === "resize") {
    return `${label} to ${endLabel(axis, ghost.track + ghost.span)}, ${minutesOf(ghost)} minutes, ${state}`;
  }
  return `${label}, ${axis.columns[ghost.column]?.column.spoken ?? ""}, ${state}`;
}

/** The clock at the end of a stretch, also where the day shown ends. */
export function endLabel(axis: Axis, track: number): string {
  const known = axis.labels[track];
  if (known !== undefined) return known;
  const [hours = "0", minutes = "0"] = (axis.labels.at(-1) ?? "00:00").split(" ")[0]?.split(":") ?? [];
  const end = (Number(hours) * 60 + Number(minutes) + (track - axis.tracks + 1) * trackMinutes) % 1440;
  return `${String(Math.floor(end / 60)).padStart(2, "0")}:${String(end % 60).padStart(2, "0")}`;
}
