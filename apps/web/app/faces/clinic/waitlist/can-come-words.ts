import { list } from "../../../lib/format.ts";
import { PARTS, WEEKDAYS } from "./join-form.ts";

type Span = { weekday: number; from: number; to: number };

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** When somebody can come, in a line: days that have the same hours stand together. */
export function canComeWords(canCome: readonly Span[]): string {
  if (canCome.length === 0) return "Any time";
  const byHours = new Map<string, number[]>();
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
    const spans = canCome.filter((span) => span.weekday === weekday).sort((a, b) => a.from - b.from);
    if (spans.length === 0) continue;
    const words = list(spans.map(spanWords));
    byHours.set(words, [...(byHours.get(words) ?? []), weekday]);
  }
  return [...byHours].map(([words, days]) => `${daysWords(days)}${words ? `, ${words}` : ""}`).join("; ");
}

function spanWords({ from, to }: Span): string {
  if (from === 0 && to === 24 * 60) return "any time";
  const part = Object.values(PARTS).find((each) => each.from === from && each.to === to);
  return part ? `${part.label.toLowerCase()}s` : `${clock(from)} to ${clock(to)}`;
}

function daysWords(days: readonly number[]): string {
  if (days.length === 7) return "Every day";
  return list(days.map((day) => WEEKDAYS[day - 1]?.label ?? ""));
}
