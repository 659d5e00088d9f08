const OFFLINE_AFTER_MS = 3_000;

/** Says since when the page is old, once the line has been gone for a moment. */
export function offlineBar(zone: string): { set: (up: boolean) => void; seen: () => void } {
  const bar = document.querySelector<HTMLElement>("[data-offline]");
  const asOf = bar?.querySelector("[data-as-of]");
  const words = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUp = false;
  const seen = () => {
    if (asOf) asOf.textContent = words.format(new Date());
  };
  return {
    seen,
    set: (up) => {
      if (isUp && !up) seen();
      isUp = up;
      clearTimeout(timer);
      if (bar && up) bar.hidden = true;
      if (bar && !up) {
        timer = setTimeout(() => {
          bar.hidden = false;
        }, OFFLINE_AFTER_MS);
      }
    },
  };
}
