/**
 * Interval algebra over whole minutes. A set is a flat list [from, to, from, to, ...], ascending, disjoint, half-open:
 * one array of small integers costs a fraction of a list of objects.
 */
export type IntervalSet = number[];

/** Sorts pairs by their begin; leaves a sorted list as it is. */
export function sortPairs(pairs: IntervalSet): IntervalSet {
  let sorted = true;
  for (let i = 2; i < pairs.length; i += 2) {
    if (at(pairs, i) < at(pairs, i - 2)) {
      sorted = false;
      break;
    }
  }
  if (sorted) return pairs;
  const order: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) order.push(i);
  order.sort((a, b) => at(pairs, a) - at(pairs, b) || at(pairs, a + 1) - at(pairs, b + 1));
  const out: IntervalSet = [];
  for (const i of order) out.push(at(pairs, i), at(pairs, i + 1));
  return out;
}

/** One sorted list of pairs out of two. */
export function weave(some: IntervalSet, others: IntervalSet): IntervalSet {
  if (others.length === 0) return some;
  const out: IntervalSet = [];
  let o = 0;
  for (let i = 0; i < some.length; i += 2) {
    for (; o < others.length && at(others, o) < at(some, i); o += 2) out.push(at(others, o), at(others, o + 1));
    out.push(at(some, i), at(some, i + 1));
  }
  for (; o < others.length; o++) out.push(at(others, o));
  return out;
}

/** Joins sorted pairs that overlap or touch. */
export function mergePairs(pairs: IntervalSet): IntervalSet {
  const out: IntervalSet = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const from = at(pairs, i);
    const to = at(pairs, i + 1);
    const last = out.length - 1;
    if (last > 0 && from <= at(out, last)) {
      if (to > at(out, last)) out[last] = to;
    } else out.push(from, to);
  }
  return out;
}

/** What of a set is left without the blocked pairs; both sorted by begin, blocked ones may overlap. */
export function subtract(set: IntervalSet, blocked: IntervalSet): IntervalSet {
  const out: IntervalSet = [];
  let b = 0;
  let reach = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < set.length; i += 2) {
    let from = at(set, i);
    const to = at(set, i + 1);
    if (reach > from) from = reach;
    while (b < blocked.length && from < to) {
      const blockFrom = at(blocked, b);
      if (blockFrom >= to) break;
      if (blockFrom > from) out.push(from, blockFrom);
      const blockTo = at(blocked, b + 1);
      if (blockTo > reach) reach = blockTo;
      if (reach > from) from = reach;
      b += 2;
    }
    if (from < to) out.push(from, to);
  }
  return out;
}

/** Whether a set holds a minute. */
export function holds(set: IntervalSet, minute: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(set, 2 * middle + 1) <= minute) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && at(set, 2 * low) <= minute;
}

/** The number at an index that is known to be there. */
export function at(list: readonly number[], index: number): number {
  return list[index] as number;
}
