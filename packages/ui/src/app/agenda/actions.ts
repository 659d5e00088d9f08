import type { Stop } from "./layout.ts";

/** A line of the menu; `key` is the letter that does the same in the grid. */
export type AgendaAction = { id: string; label: string; key?: string };

/** What the menu of a place offers; only what is possible is in it. */
export function actionsFor(stop: Stop, more: readonly AgendaAction[] = []): AgendaAction[] {
  if (stop.kind === "free") {
    return [
      { id: "book", label: stop.block === null ? "Book this time" : "Look at this time", key: "Enter" },
      { id: "explain", label: "Why is it offered or not?", key: "E" },
    ];
  }
  const { canMove, canResize } = stop.placed.booking;
  return [
    { id: "open", label: "Open", key: "Enter" },
    ...more,
    ...(canMove ? [{ id: "move", label: "Move with the arrows", key: "M" }] : []),
    ...(canResize ? [{ id: "resize", label: "Change the length", key: "R" }] : []),
    { id: "explain", label: "Which rules meet this time?", key: "E" },
  ];
}
