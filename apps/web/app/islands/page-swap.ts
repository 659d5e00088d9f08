import { backoff } from "./live-socket.ts";

const MARKED_MS = 6_000;
/** A finger that was on its way when the page changed presses nothing. */
const DEAF_MS = 700;

/**
 * Asks for the page again and puts its new content in place. The server's HTML stays the only rendering, so an open page
 * and a reloaded one cannot differ. `onFresh` sees what came, changed or not.
 */
export function pageSwap(
  box: HTMLElement,
  say: (text: string) => void,
  onFresh: (fresh: HTMLElement) => void,
): () => void {
  let running = false;
  let again = false;
  let marked: ReturnType<typeof setTimeout> | undefined;
  let deafUntil = 0;

  const refresh = async () => {
    again = true;
    if (running) return;
    running = true;
    for (let failed = 0; again; ) {
      again = false;
      const fresh = await freshPage();
      if (fresh === "left") return;
      if (fresh) show(fresh);
      else {
        // What changed is known to be unknown: it is asked for until it is there.
        again = true;
        await new Promise((resolve) => setTimeout(resolve, backoff(failed++)));
      }
    }
    running = false;
  };

  const show = (page: Document) => {
    const fresh = page.querySelector<HTMLElement>("[data-swap]");
    if (!fresh) return location.reload();
    onFresh(fresh);
    // Hidden keys differ in every rendering; what can be read and pressed is what counts.
    if (wordsOf(fresh) === wordsOf(box)) return;
    const focused = box.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    box.replaceChildren(...fresh.childNodes);
    document.title = page.title;
    deafUntil = performance.now() + DEAF_MS;
    if (focused !== null) (controlNamed(box, focused) ?? box.querySelector<HTMLElement>("h1"))?.focus();
    mark();
    say(fresh.dataset["say"] ?? page.title);
  };

  const mark = () => {
    box.dataset["changed"] = "";
    clearTimeout(marked);
    marked = setTimeout(() => delete box.dataset["changed"], MARKED_MS);
  };

  box.addEventListener(
    "click",
    (event) => {
      // `detail` counts presses of a pointer; a key presses what has focus, which was kept.
      if (event.detail > 0 && performance.now() < deafUntil) event.preventDefault();
    },
    true,
  );
  return () => void refresh();
}

/** The page as the server writes it now, without what is said once after an action; null when it does not answer. */
async function freshPage(): Promise<Document | "left" | null> {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (answer.redirected) {
      // It has become something that has a page of its own.
      location.assign(answer.url);
      return "left";
    }
    if (!answer.ok && answer.status !== 404) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

const CONTROLS = "a[href], button";

/** Everything in it that can be read or pressed. */
function wordsOf(box: Element): string {
  return [box.textContent, ...[...box.querySelectorAll(CONTROLS)].map(nameOf)].join("\n");
}

/** What a control is for, whatever it reads: where it leads, or what it sends. */
function nameOf(control: Element | null): string {
  if (control instanceof HTMLAnchorElement) return control.getAttribute("href") ?? "";
  return control instanceof HTMLButtonElement ? `${control.name}=${control.value}` : "";
}

function controlNamed(box: Element, name: string): HTMLElement | null {
  return [...box.querySelectorAll<HTMLElement>(CONTROLS)].find((each) => nameOf(each) === name) ?? null;
}
