import { openWindows, type Rules, type Span } from "@pulsecal/core";
import type { Reads } from "./availability.repo.ts";

const dayMs = 24 * 60 * 60_000;
/** How far ahead it is told, and of how many stretches at most: no more fits an event. */
const reachDays = 28;
const mostSpans = 40;

/** When somebody is there by their new hours and was not by the old ones, in the next weeks; ISO instants, in order. */
export async function openedBy(
  db: Reads,
  clinicId: string,
  { before, after }: { before: Rules; after: Rules },
): Promise<{ from: string; to: string }[]> {
  const [clinic] = await db.$queryRaw<{ zone: string; now: number }[]>`
    SELECT c.zone, floor(date_part('epoch', clock_timestamp()) * 1000) AS "now"
    FROM platform.clinic c WHERE c.id = ${clinicId}::uuid`;
  if (!clinic) return [];
  const window = { from: clinic.now, to: clinic.now + reachDays * dayMs };
  // A public holiday in a stretch is harmless: what is offered in it is asked again.
  const open = (rules: Rules) => openWindows({ zone: clinic.zone, rules, holidays: [], window });
  return spansLeft(open(after), open(before))
    .slice(0, mostSpans)
    .map(({ from, to }) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }));
}

/** Some spans without others; both in order, and none of a kind meets its neighbour. */
export function spansLeft(spans: readonly Span[], without: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let from = span.from;
    for (const cut of without) {
      if (cut.to <= from || cut.from >= span.to) continue;
      if (cut.from > from) left.push({ from, to: cut.from });
      from = Math.max(from, cut.to);
    }
    if (from < span.to) left.push({ from, to: span.to });
    return left;
  });
}
