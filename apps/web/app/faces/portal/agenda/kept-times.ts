/** A time of a list that is on screen; taken ones keep their box until the list is another one. */
export type KeptTime = { value: string; start: number; taken: boolean };

/** The times to show now: those that were there, taken where they are gone, and the new ones in their places. */
export function keepTimes(before: readonly KeptTime[], now: readonly { value: string; start: number }[]): KeptTime[] {
  const free = new Set(now.map(({ value }) => value));
  const known = new Set(before.map(({ value }) => value));
  return [
    ...before.map((one) => ({ ...one, taken: !free.has(one.value) })),
    ...now.filter(({ value }) => !known.has(value)).map((one) => ({ ...one, taken: false })),
  ].toSorted((a, b) => a.start - b.start || (a.value < b.value ? -1 : 1));
}
