/** What of the grid is in sight: tracks and columns, last ones included. */
export type InSight = { firstTrack: number; lastTrack: number; firstColumn: number; lastColumn: number };

/** Everything: on the server, and until the grid has been measured. */
export const everything: InSight = {
  firstTrack: 0,
  lastTrack: Number.POSITIVE_INFINITY,
  firstColumn: 0,
  lastColumn: Number.POSITIVE_INFINITY,
};

/** Drawn beyond the edges, so that scrolling meets no blank. */
const beyond = { tracks: 12, columns: 1 };

type Box = {
  scrollTop: number;
  scrollLeft: number;
  clientHeight: number;
  clientWidth: number;
  /** height of a track and width of a column, CSS pixels */
  trackHeight: number;
  columnWidth: number;
};

/** What a box scrolled like this shows. */
export function inSightOf(box: Box): InSight {
  if (!(box.trackHeight > 0 && box.columnWidth > 0)) return everything;
  return {
    firstTrack: Math.floor(box.scrollTop / box.trackHeight) - beyond.tracks,
    lastTrack: Math.ceil((box.scrollTop + box.clientHeight) / box.trackHeight) + beyond.tracks,
    firstColumn: Math.floor(box.scrollLeft / box.columnWidth) - beyond.columns,
    lastColumn: Math.ceil((box.scrollLeft + box.clientWidth) / box.columnWidth) + beyond.columns,
  };
}

/** Whether a thing is drawn. */
export const isInSight = (sight: InSight, at: { column: number; track: number; span: number }): boolean =>
  at.track <= sight.lastTrack &&
  at.track + at.span > sight.firstTrack &&
  at.column >= sight.firstColumn &&
  at.column <= sight.lastColumn;

/** Whether two say the same, so that scrolling inside what is drawn draws nothing again. */
export const sameSight = (a: InSight, b: InSight): boolean =>
  a.firstTrack === b.firstTrack &&
  a.lastTrack === b.lastTrack &&
  a.firstColumn === b.firstColumn &&
  a.lastColumn === b.lastColumn;
