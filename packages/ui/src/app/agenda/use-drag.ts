import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { Axis } from "./axis.ts";
import { dragFrom, type Ghost, pointGhost, takeUp } from "./ghost.ts";
import type { Placed } from "./layout.ts";
import { measure } from "./use-in-sight.ts";

type Drag = {
  axis: Axis;
  scroller: RefObject<HTMLElement | null>;
  grid: RefObject<HTMLElement | null>;
  onGhost: (ghost: Ghost) => void;
  onDrop: (ghost: Ghost) => void;
  onAbort: () => void;
};

// Close to an edge the grid scrolls along, this far from it and this much at a time.
const edge = { within: 36, by: 16 };

/**
 * Drags a booking, or its lower edge, with a mouse or a pen. A finger scrolls: for it there are Move to… and the length
 * stepper. Esc puts the booking back, also when the pointer is let go later.
 */
export function useDrag(drag: Drag): (event: PointerEvent, placed: Placed, kind: Ghost["kind"]) => void {
  const latest = useRef(drag);
  useEffect(() => {
    latest.current = drag;
  });
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);

  return (event, placed, kind) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const grid = latest.current.grid.current;
    if (grid === null) return;
    const begun = { x: event.clientX, y: event.clientY };
    const { axis } = latest.current;
    const pointerAt = (at: { clientX: number; clientY: number }) => {
      const size = measure(grid, axis.tracks, axis.columns.length);
      return {
        column: Math.floor((at.clientX - size.left) / size.columnWidth),
        track: (at.clientY - size.top) / size.trackHeight,
      };
    };
    const edgeTrack = kind === "move" ? placed.track : placed.track + placed.span;
    const grip = pointerAt(event).track - edgeTrack;
    let ghost: Ghost | null = null;

    const move = (at: globalThis.PointerEvent) => {
      if (ghost === null && Math.hypot(at.clientX - begun.x, at.clientY - begun.y) < dragFrom) return;
      at.preventDefault();
      scrollAlong(latest.current.scroller.current, at);
      const { column, track } = pointerAt(at);
      ghost = pointGhost(axis, ghost ?? takeUp(placed, kind, "pointer"), { column, track: track - grip });
      latest.current.onGhost(ghost);
    };
    const up = () => {
      const dropped = ghost;
      end();
      if (dropped === null) return;
      swallowClick();
      latest.current.onDrop(dropped);
    };
    const escape = (key: KeyboardEvent) => {
      if (key.key !== "Escape" || ghost === null) return;
      key.preventDefault();
      key.stopPropagation();
      abort();
    };
    const abort = () => {
      const dragged = ghost !== null;
      end();
      if (!dragged) return;
      swallowClick();
      latest.current.onAbort();
    };
    const end = () => {
      ghost = null;
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", up);
      document.removeEventListener("pointercancel", abort);
      document.removeEventListener("keydown", escape, true);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", up);
    document.addEventListener("pointercancel", abort);
    document.addEventListener("keydown", escape, true);
    stop.current = end;
  };
}

function scrollAlong(box: HTMLElement | null, at: { clientY: number }): void {
  if (box === null) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (at.clientY < top + edge.within) box.scrollBy(0, -edge.by);
  else if (at.clientY > bottom - edge.within) box.scrollBy(0, edge.by);
}

/** The click that follows the end of a drag opens nothing. It comes in the same turn, or not at all. */
function swallowClick(): void {
  const swallow = (click: MouseEvent) => {
    click.preventDefault();
    click.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
}
