import { type Axis, instantOf, rowOf, tracksOf } from "./axis.ts";

/** A booking as the grid draws it. Instants are epoch milliseconds. */
export type AgendaBooking = {
  id: string;
  /** key of the column it stands in */
  column: string;
  start: number;
  end: number;
  /** what stands first in it: the patient, or what stands for one */
  title: string;
  service: string;
  state: string;
  mark?: string | undefined;
  /** booked over another one */
  overbooked?: boolean;
  canMove: boolean;
  canResize: boolean;
};

export type BlockKind = "closed" | "closure" | "leave" | "buffer";
/** Time that is not free though nobody is booked in it. `text` goes behind "blocked: ". */
export type AgendaBlock = { column: string; from: number; to: number; kind: BlockKind; text: string };

export type Placed = {
  booking: AgendaBooking;
  column: number;
  track: number;
  span: number;
  /** which of `lanes` places beside each other */
  lane: number;
  lanes: number;
};
export type PlacedBlock = { block: AgendaBlock; column: number; track: number; span: number };

/** Where the arrow keys can stand: a booking, or the part of a row that no booking covers. */
export type Stop = { key: string; column: number; row: number; track: number; span: number } & (
  | { kind: "booking"; placed: Placed }
  | { kind: "free"; block: AgendaBlock | null }
);

const most = { lanes: 3 };

/** Gives each booking its tracks; those that overlap stand beside each other, three at most. */
export function placeBookings(axis: Axis, bookings: readonly AgendaBooking[]): Placed[] {
  return axis.columns.flatMap(({ column }, at) => {
    const own = bookings
      .filter((booking) => booking.column === column.key)
      .flatMap((booking) => {
        const tracks = tracksOf(axis, at, booking.start, booking.end);
        return tracks === null ? [] : [{ booking, column: at, ...tracks, lane: 0, lanes: 1 }];
      })
      .toSorted((a, b) => a.track - b.track || b.span - a.span || (a.booking.id < b.booking.id ? -1 : 1));
    let crowd: Placed[] = [];
    let end = -1;
    for (const one of own) {
      if (one.track >= end) crowd = [];
      const taken = new Set(crowd.filter((other) => other.track + other.span > one.track).map((other) => other.lane));
      while (taken.has(one.lane) && one.lane < most.lanes - 1) one.lane += 1;
      crowd.push(one);
      end = crowd.length === 1 ? one.track + one.span : Math.max(end, one.track + one.span);
      const lanes = Math.max(...crowd.map((other) => other.lane)) + 1;
      for (const other of crowd) other.lanes = lanes;
    }
    return own;
  });
}

/** The tracks of blocked time; what is closed first, so that leave is drawn over it. */
export function placeBlocks(axis: Axis, blocks: readonly AgendaBlock[]): PlacedBlock[] {
  const columns = new Map(axis.columns.map(({ column }, at) => [column.key, at]));
  return blocks
    .flatMap((block) => {
      const column = columns.get(block.column);
      const tracks = column === undefined ? null : tracksOf(axis, column, block.from, block.to);
      return column === undefined || tracks === null ? [] : [{ block, column, ...tracks }];
    })
    .toSorted((a, b) => layer[a.block.kind] - layer[b.block.kind]);
}
const layer: Record<BlockKind, number> = { buffer: 0, closed: 1, leave: 2, closure: 3 };

/** Every stop of every column, in order of time. */
export function stopsOf(axis: Axis, placed: readonly Placed[], blocks: readonly PlacedBlock[]): Stop[][] {
  return axis.columns.map(({ column }, at) => {
    const own = placed.filter((one) => one.column === at);
    const covered = new Uint8Array(axis.tracks);
    for (const { track, span } of own) covered.fill(1, track, track + span);
    const why = Array.from({ length: axis.tracks }, (): AgendaBlock | null => null);
    for (const { block, column: there, track, span } of blocks) if (there === at) why.fill(block, track, track + span);
    const stops: Stop[] = own.map((one) => ({
      kind: "booking",
      key: `booking ${one.booking.id}`,
      column: at,
      row: rowOf(axis, one.track),
      track: one.track,
      span: one.span,
      placed: one,
    }));
    for (let track = 0; track < axis.tracks; ) {
      if (covered[track] === 1 || instantOf(axis, at, track) === null) {
        track += 1;
        continue;
      }
      const row = rowOf(axis, track);
      const block = why[track] ?? null;
      let end = track + 1;
      while (end < axis.tracks && rowOf(axis, end) === row && covered[end] === 0 && (why[end] ?? null) === block)
        end += 1;
      stops.push({
        kind: "free",
        key: `free ${column.key} ${track}`,
        column: at,
        row,
        track,
        span: end - track,
        block,
      });
      track = end;
    }
    return stops.toSorted((a, b) => a.track - b.track || laneOf(a) - laneOf(b));
  });
}

const laneOf = (stop: Stop): number => (stop.kind === "booking" ? stop.placed.lane : 0);

/**
 * What stands in the way of a stretch of time in a column, in words that name nobody: "another booking", "leave"; null
 * when it is free as far as the grid knows. The server decides in the end.
 */
export function inTheWay(
  axis: Axis,
  at: { column: number; track: number; span: number; without?: string },
  placed: readonly Placed[],
  blocks: readonly PlacedBlock[],
): string | null {
  const meets = (other: { column: number; track: number; span: number }): boolean =>
    other.column === at.column && other.track < at.track + at.span && at.track < other.track + other.span;
  const block = blocks.findLast((one) => one.block.kind !== "buffer" && meets(one));
  if (block !== undefined) return block.block.text;
  if (placed.some((one) => one.booking.id !== at.without && meets(one))) return "another booking";
  for (let track = at.track; track < at.track + at.span; track++) {
    if (instantOf(axis, at.column, track) === null) return "no such time on this day";
  }
  return null;
}
