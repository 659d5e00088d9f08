/** Classes that put a thing on its tracks: the first row holds the heads, the first column the times. */
export const placeClass = (at: { column: number; track: number; span: number }): string =>
  `row-start-${at.track + 2} row-span-${at.span} col-start-${at.column + 2}`;
