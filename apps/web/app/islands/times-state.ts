/** What the socket says about one day: everything (`snapshot`) or what changed (`delta`). */
export type TimesMessage = {
  kind: "snapshot" | "delta";
  date: string;
  taken: string[];
  free: string[];
  count: number;
};

export type TimesChange = {
  /** Shown times to mark as taken, and ones to give back. */
  take: string[];
  give: string[];
  /** Free times the page does not show: they wait behind a link, so nothing on screen moves. */
  hidden: string[];
  count: number;
};

/** What a message means for a page that shows `shown` (start to taken), with `hidden` new times already waiting. */
export function changesFor(
  message: TimesMessage,
  shown: ReadonlyMap<string, boolean>,
  hidden: ReadonlySet<string>,
): TimesChange {
  const snapshot = message.kind === "snapshot";
  const free = new Set(message.free);
  const gone = new Set(message.taken);
  const take: string[] = [];
  const give: string[] = [];
  for (const [start, taken] of shown) {
    const isGone = snapshot ? !free.has(start) : gone.has(start);
    if (isGone && !taken) take.push(start);
    if (free.has(start) && taken) give.push(start);
  }
  const kept = snapshot ? [] : [...hidden].filter((start) => !gone.has(start));
  const fresh = message.free.filter((start) => !shown.has(start));
  return { take, give, hidden: [...new Set([...kept, ...fresh])], count: message.count };
}

/** The free times nearest to one that was lost. */
export function nearest(lost: string, free: readonly string[], most = 2): string[] {
  const distance = (start: string) => Math.abs(Date.parse(start) - Date.parse(lost));
  return [...free]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, most)
    .sort();
}

/** Whether a day's next free time is not that one any more: it was taken, or an earlier one came. */
export function isNextGone({ kind, taken, free }: TimesMessage, next: string): boolean {
  if (kind === "snapshot") return free[0] !== next;
  return taken.includes(next) || free.some((start) => start < next);
}
