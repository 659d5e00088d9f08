import type { Page } from "playwright-core";

/**
 * Notes what the browser calls a layout shift, by what moved. What stands inside `allowed` may: a booking's mark that
 * goes after six seconds, the line that says what arrived. Nothing else has leave.
 */
export const watchShifts = (page: Page, allowed: string): Promise<void> =>
  page.evaluate((leave) => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { hadRecentInput: boolean; sources: { node: Node | null }[] };
        if (shift.hadRecentInput) continue;
        for (const { node } of shift.sources) {
          const moved = node instanceof Element ? node : (node?.parentElement ?? null);
          // What is gone by now cannot be asked.
          if (moved && !moved.closest(leave)) shifts.push(moved.outerHTML.slice(0, 200));
        }
      }
    }).observe({ type: "layout-shift" });
  }, allowed);

/** What moved since then. */
export const shiftsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
