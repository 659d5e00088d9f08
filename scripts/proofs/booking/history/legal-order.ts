/**
 * One thing somebody did. `invoked` and `returned` are places on one line of time; nobody knows what became of an
 * operation that never returned (`returned` is Infinity): it may count at any moment after it was sent, or never.
 */
export type Operation<State> = {
  invoked: number;
  returned: number;
  /** The state after it, the same state where it only looks, or null where it could not have gone so. */
  step(state: State): State | null;
  say: string;
};

export type Verdict =
  | { legal: true }
  /** `stuck`: what nothing could be put before */
  | { legal: false; stuck: string[] }
  /** the search was given up: nothing is known, which is not the same as legal */
  | { legal: null };

type Options<State> = {
  start: State;
  /** equal states have equal keys */
  key(state: State): string;
  /** how many situations are looked at before giving up */
  most?: number;
};

const many = 400_000;

/**
 * Whether the operations can be put in one order that keeps to their times and in which each goes as it was answered
 * (linearizability, searched as Wing and Gong describe it with Lowe's memory of situations that led nowhere).
 */
export function legalOrder<State>(operations: readonly Operation<State>[], o: Options<State>): Verdict {
  const all = [...operations].sort((a, b) => a.invoked - b.invoked);
  const done = new Uint8Array(all.length);
  const seen = new Set<string>();
  const most = o.most ?? many;
  let deepest: { count: number; stuck: string[] } = { count: -1, stuck: [] };

  /** Those that nothing unanswered was over before. */
  function next(): number[] {
    let firstReturn = Infinity;
    const open: number[] = [];
    for (const [index, operation] of all.entries()) {
      if (operation.invoked > firstReturn) break;
      if (done[index]) continue;
      open.push(index);
      firstReturn = Math.min(firstReturn, operation.returned);
    }
    return open.filter((index) => (all[index]?.invoked ?? 0) < firstReturn);
  }

  function search(state: State, left: number, count: number): boolean | null {
    if (left === 0) return true;
    const situation = `${String.fromCharCode(...packed(done))}|${o.key(state)}`;
    if (seen.has(situation)) return false;
    if (seen.size >= most) return null;
    seen.add(situation);
    const open = next();
    const changing: { index: number; after: State }[] = [];
    for (const index of open) {
      const operation = all[index];
      const after = operation?.step(state) ?? null;
      if (!operation || after === null) continue;
      if (after !== state) changing.push({ index, after });
      // What only looks and is right now can go first: nothing is lost by it.
      else if (operation.returned !== Infinity) return go(index, state, left, count);
    }
    for (const { index, after } of changing) {
      const found = go(index, after, left, count);
      if (found !== false) return found;
    }
    if (count > deepest.count) deepest = { count, stuck: open.map((index) => all[index]?.say ?? "") };
    return false;
  }

  function go(index: number, after: State, left: number, count: number): boolean | null {
    done[index] = 1;
    const answered = all[index]?.returned !== Infinity;
    const found = search(after, answered ? left - 1 : left, count + 1);
    if (found !== true) done[index] = 0;
    return found;
  }

  const answered = all.filter(({ returned }) => returned !== Infinity).length;
  const found = search(o.start, answered, 0);
  if (found === null) return { legal: null };
  return found ? { legal: true } : { legal: false, stuck: deepest.stuck };
}

/** Sixteen marks to a letter, so that a situation is a short key. */
function packed(marks: Uint8Array): number[] {
  const letters = Array.from({ length: Math.ceil(marks.length / 16) }, () => 0);
  for (const [index, mark] of marks.entries()) {
    if (mark) letters[index >> 4] = (letters[index >> 4] ?? 0) | (1 << (index & 15));
  }
  return letters;
}
