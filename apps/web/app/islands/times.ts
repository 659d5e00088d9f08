import { socketUrl, subscribe } from "./live-socket.ts";
import { offlineBar } from "./offline-bar.ts";
import { changesFor, nearest, type TimesMessage } from "./times-state.ts";

/** Ends the spoken name of a taken time. */
const TAKEN = ", taken";

const times = (n: number): string => `${n} ${n === 1 ? "time" : "times"}`;

/** Keeps the slot picker true while it is open: taken times say so, counts follow, new times wait behind a link. */
export function liveTimes(form: HTMLFormElement, say: (text: string) => void): void {
  const { live: followed = "{}", date = "", dayWords = "", zone = "UTC", cursor = "" } = form.dataset;
  const boxes = new Map<string, HTMLInputElement>();
  for (const box of form.querySelectorAll<HTMLInputElement>('input[name="start"]')) boxes.set(box.value, box);
  const book = form.querySelector<HTMLButtonElement>("[data-book]");
  const said = form.querySelector<HTMLElement>("[data-said]");
  const more = form.querySelector<HTMLElement>("[data-more]");
  const plain = book?.textContent ?? "";
  let hidden = new Set<string>();
  let behind = 0; // changes that came with the return of the line
  let wanted: string | null = null; // a taken time that is asked for all the same

  const isTaken = (box: HTMLInputElement) => box.getAttribute("aria-disabled") === "true";
  const boxesOf = (starts: string[]) => starts.flatMap((start) => boxes.get(start) ?? []);
  const clock = (start: string) => boxes.get(start)?.dataset["time"] ?? "";

  const label = () => {
    const box = form.querySelector<HTMLInputElement>('input[name="start"]:checked');
    if (book) book.textContent = box ? `${book.dataset["book"]} ${dayWords}, ${box.dataset["time"]}` : plain;
  };

  const explain = (box: HTMLInputElement) => {
    wanted = box.value;
    const free = [...boxes].filter(([, each]) => !isTaken(each)).map(([start]) => start);
    const near = nearest(box.value, free).map(clock);
    const offer =
      near.length === 0 ? "Choose another day." : `${near.join(" and ")} ${near.length === 1 ? "is" : "are"} free.`;
    if (said) {
      said.textContent = `${box.dataset["time"]} was just taken. ${offer}`;
      said.classList.remove("hidden");
    }
  };

  const forget = () => {
    wanted = null;
    said?.classList.add("hidden");
  };

  const take = (box: HTMLInputElement) => {
    const mine = box.checked;
    box.setAttribute("aria-disabled", "true");
    box.setAttribute("aria-label", `${box.ariaLabel}${TAKEN}`);
    box.checked = false;
    if (mine) explain(box);
  };

  const give = (box: HTMLInputElement) => {
    box.removeAttribute("aria-disabled");
    box.setAttribute("aria-label", box.ariaLabel?.replace(TAKEN, "") ?? "");
    if (wanted === box.value) forget();
  };

  const receive = (message: TimesMessage) => {
    if (message.date !== date) return;
    const shown = new Map([...boxes].map(([start, box]) => [start, isTaken(box)]));
    const change = changesFor(message, shown, hidden);
    for (const box of boxesOf(change.take)) take(box);
    for (const box of boxesOf(change.give)) give(box);
    hidden = new Set(change.hidden);
    showCount(form, date, change.count);
    if (more) {
      more.classList.toggle("invisible", hidden.size === 0);
      if (hidden.size > 0) more.textContent = `${hidden.size} more ${hidden.size === 1 ? "time" : "times"}`;
    }
    label();
    tell(change.take, change.give, change.count);
  };

  const tell = (taken: string[], given: string[], count: number) => {
    const changes = taken.length + given.length;
    if (behind > 0) {
      behind = 0;
      if (changes > 0)
        return say(`Back online. ${changes} ${changes === 1 ? "change" : "changes"}. ${times(count)} left.`);
    }
    if (taken.length === 1) return say(`${clock(taken[0] ?? "")} is taken. ${times(count)} left.`);
    if (taken.length > 1) return say(`${times(taken.length)} were taken. ${times(count)} left.`);
    if (given.length > 0) say(`${given.map(clock).join(" and ")} is free again. ${times(count)} left.`);
  };

  form.addEventListener("change", () => {
    forget();
    label();
  });
  // Not `disabled`, so that focus stays; pressing a taken time says what is near and chooses nothing.
  form.addEventListener("click", (event) => {
    const box = boxAt(event.target);
    if (!box || !isTaken(box)) return;
    event.preventDefault();
    explain(box);
  });
  // Booked all the same, by the button or by Enter on its box: the server answers with times that are free.
  form.addEventListener("formdata", ({ formData }) => {
    if (formData.has("start")) return;
    const focused = boxAt(document.activeElement);
    const start = wanted ?? (focused && isTaken(focused) ? focused.value : null);
    if (start) formData.set("start", start);
  });
  label();

  const line = offlineBar(zone);
  const live = subscribe({
    url: socketUrl(),
    path: "public.live.times",
    input: JSON.parse(followed) as Record<string, unknown>,
    cursor: cursor || null,
    onData: (data) => {
      line.seen();
      receive(data as TimesMessage);
    },
    onLine: (up) => {
      if (!up) behind = 1;
      line.set(up);
    },
  });
  addEventListener("online", live.wake);
  addEventListener("pageshow", live.wake);
}

function boxAt(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.name === "start" ? target : null;
}

function showCount(form: HTMLFormElement, date: string, count: number): void {
  const title = form.querySelector("[data-count]");
  if (title) title.textContent = times(count);
  const link = document.querySelector<HTMLElement>(`[data-day="${CSS.escape(date)}"]`);
  const short = link?.querySelector("[data-day-count]");
  if (short) short.textContent = count === 0 ? "none" : String(count);
  const spoken = link?.querySelector("[data-day-words]");
  if (spoken) spoken.textContent = count === 0 ? "no times" : times(count);
}
