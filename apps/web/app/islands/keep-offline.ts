/**
 * A form sent without a connection would be replaced by the browser's own error page, and what was typed with it. So it
 * waits, and says why; nothing is sent later by itself.
 */
export function keepOffline(bar: HTMLElement, say: (text: string) => void): void {
  const show = () => {
    bar.hidden = navigator.onLine;
  };
  // A page of live times shows the bar by its own line, and with the time of what it shows.
  if (!bar.querySelector("[data-as-of]")) {
    addEventListener("offline", show);
    addEventListener("online", show);
    show();
  }
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    bar.hidden = false;
    say(bar.textContent ?? "");
  });
}
