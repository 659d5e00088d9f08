import type { Step } from "./cursor.ts";

/** What a key asks of the grid while nothing is taken up. */
export type Wish = { step: Step } | { act: "now" | "move" | "resize" | "explain" | "menu" };

type Key = { key: string; shiftKey: boolean; ctrlKey: boolean; altKey: boolean; metaKey: boolean };

const steps: Record<string, Step> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "home",
  End: "end",
  PageUp: "pageUp",
  PageDown: "pageDown",
};
const letters: Record<string, "now" | "move" | "resize" | "explain"> = {
  t: "now",
  m: "move",
  r: "resize",
  e: "explain",
};

/** Reads a key press; null leaves it to the browser. */
export function wishOf(event: Key): Wish | null {
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return { act: "menu" };
  if (event.altKey || event.metaKey) return null;
  if (event.ctrlKey) {
    if (event.key === "Home") return { step: "first" };
    return event.key === "End" ? { step: "last" } : null;
  }
  const step = steps[event.key];
  if (step !== undefined) return { step };
  const act = event.shiftKey ? undefined : letters[event.key.toLowerCase()];
  return act === undefined ? null : { act };
}
