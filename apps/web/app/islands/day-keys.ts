const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Arrow keys between the days; without a script Tab does the same, one by one. */
export function dayKeys(strip: HTMLElement): void {
  const days = [...strip.querySelectorAll<HTMLAnchorElement>("[data-day]")];
  strip.addEventListener("keydown", (event) => {
    const at = days.indexOf(document.activeElement as HTMLAnchorElement);
    if (at < 0) return;
    const to = event.key === "Home" ? 0 : event.key === "End" ? days.length - 1 : at + (STEPS[event.key] ?? Number.NaN);
    const day = days[to];
    if (!day) return;
    event.preventDefault();
    day.focus();
  });
}
