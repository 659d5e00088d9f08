import { socketUrl, subscribe } from "./live-socket.ts";
import { offlineBar } from "./offline-bar.ts";
import { pageSwap } from "./page-swap.ts";

/** Keeps a page true whose subject its link opens: a booking, a place on the waitlist. */
export function livePage(box: HTMLElement, say: (text: string) => void): void {
  const line = offlineBar(box.dataset["zone"] ?? "UTC");
  let over = false;
  const refresh = pageSwap(box, say, (fresh) => {
    line.seen();
    if (fresh.dataset["livePage"]) return;
    over = true;
    live.stop();
  });
  const live = subscribe({
    url: socketUrl(),
    path: box.dataset["livePage"] ?? "",
    input: { token: location.pathname.split("/")[2] },
    cursor: box.dataset["cursor"] ?? null,
    onData: refresh,
    // Nothing more happens to what is over, so a line that is gone is nothing to know.
    onLine: (up) => line.set(up || over),
  });
  addEventListener("online", live.wake);
  addEventListener("pageshow", live.wake);
}
