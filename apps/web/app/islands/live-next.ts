import { socketUrl, subscribe } from "./live-socket.ts";
import { offlineBar } from "./offline-bar.ts";
import { pageSwap } from "./page-swap.ts";
import { isNextGone, type TimesMessage } from "./times-state.ts";

/** Keeps the next free time of a clinic's front page true: when it goes, or an earlier one comes, the page is read again. */
export function liveNext(box: HTMLElement, say: (text: string) => void): void {
  const line = offlineBar(box.dataset["zone"] ?? "UTC");
  let live: ReturnType<typeof subscribe> | undefined;

  const follow = () => {
    const before = live;
    live = undefined;
    before?.stop();
    if (!box.dataset["live"]) return line.set(true);
    const mine = subscribe({
      url: socketUrl(),
      path: "public.live.times",
      input: JSON.parse(box.dataset["live"]) as Record<string, unknown>,
      cursor: null,
      onData: (data) => {
        line.seen();
        if (isNextGone(data as TimesMessage, box.dataset["next"] ?? "")) refresh();
      },
      onLine: (up) => {
        if (live === mine || live === undefined) line.set(up || !box.dataset["live"]);
      },
    });
    live = mine;
  };
  const refresh = pageSwap(box, say, (fresh) => {
    const moved = fresh.dataset["live"] !== box.dataset["live"];
    for (const name of ["live", "next"]) box.dataset[name] = fresh.dataset[name] ?? "";
    if (moved) follow();
  });
  follow();
  addEventListener("online", () => live?.wake());
  addEventListener("pageshow", () => live?.wake());
}
