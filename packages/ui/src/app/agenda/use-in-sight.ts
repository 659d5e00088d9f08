import { type RefObject, useCallback, useEffect, useState } from "react";
import { everything, inSightOf, type InSight, sameSight } from "./window.ts";

/** Sizes of the grid as it stands on screen, in CSS pixels; `left` and `top` are those of the first track. */
export type Measure = { left: number; top: number; trackHeight: number; columnWidth: number };

/** Measures the grid: its corner cell holds the height of the heads and the width of the times. */
export function measure(grid: HTMLElement, tracks: number, columns: number): Measure {
  const box = grid.getBoundingClientRect();
  const corner = grid.querySelector("[data-corner]");
  const head = corner?.clientHeight ?? 0;
  const times = corner?.clientWidth ?? 0;
  return {
    left: box.left + times,
    top: box.top + head,
    trackHeight: (box.height - head) / Math.max(1, tracks),
    columnWidth: (box.width - times) / Math.max(1, columns),
  };
}

/** Which tracks and columns are in sight; everything on the server and until the grid was measured. */
export function useInSight(
  scroller: RefObject<HTMLElement | null>,
  grid: RefObject<HTMLElement | null>,
  tracks: number,
  columns: number,
): InSight {
  const [sight, setSight] = useState(everything);
  const look = useCallback(() => {
    const box = scroller.current;
    if (box === null || grid.current === null) return;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = box;
    const size = measure(grid.current, tracks, columns);
    const next = inSightOf({ scrollTop, scrollLeft, clientHeight, clientWidth, ...size });
    setSight((now) => (sameSight(now, next) ? now : next));
  }, [scroller, grid, tracks, columns]);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    look();
    box.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [look, scroller]);
  return sight;
}
