import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useNavigate } from "react-router";

type SideDrawerProps = {
  /** what is open; another one takes focus to its heading, if focus was here or in the agenda */
  open: string;
  title: ReactNode;
  closeLabel: string;
  closeHref: string;
  /** the element that gets focus back, besides the agenda's own tab stop */
  backTo: string | null;
  /** a dialog over it has the keys */
  covered: boolean;
  children: ReactNode;
};

const inAgenda = "[data-agenda], [data-agenda-list]";

function focusAgenda(id: string | null): void {
  const own = id === null ? null : document.getElementById(id);
  const stop = document.querySelector<HTMLElement>('[data-agenda] [data-stop][tabindex="0"]');
  (own ?? stop ?? document.querySelector<HTMLElement>("[data-agenda-list] a"))?.focus();
}

/**
 * What stands beside the agenda, not over it: a column on a wide screen, a sheet on a phone. Esc closes it and gives
 * focus back; F6 goes between the two.
 */
export function SideDrawer({ open, title, closeLabel, closeHref, backTo, covered, children }: SideDrawerProps) {
  const navigate = useNavigate();
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<string | null>(null);
  const back = useRef(backTo);
  useEffect(() => {
    back.current = backTo;
  });

  useEffect(() => {
    const active = document.activeElement;
    const lost = before.current !== null && active === document.body;
    before.current = open;
    // On the first page the browser decides about focus; after a press it goes to what was opened.
    if (lost || active?.closest(inAgenda) || box.current?.contains(active)) heading.current?.focus();
  }, [open]);
  useEffect(() => {
    const own = box.current;
    return () => {
      // Gone with the focus in it: nobody is left in nowhere.
      if (own?.contains(document.activeElement) || document.activeElement === document.body) focusAgenda(back.current);
    };
  }, []);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.defaultPrevented || covered) return;
      if (event.key === "Escape") void navigate(closeHref, { preventScrollReset: true });
      if (event.key !== "F6") return;
      event.preventDefault();
      if (box.current?.contains(document.activeElement)) focusAgenda(back.current);
      else heading.current?.focus();
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, [covered, closeHref, navigate]);

  return (
    <aside
      ref={box}
      data-drawer
      aria-labelledby="drawer-title"
      className="fixed inset-x-0 bottom-14 z-20 max-h-[75dvh] overflow-y-auto rounded-t-sheet border border-border bg-raised p-4 shadow-dialog lg:bottom-0 lg:left-56 xl:sticky xl:top-4 xl:z-0 xl:max-h-[calc(100dvh-2rem)] xl:self-start xl:rounded-card xl:shadow-none"
    >
      <div className="mb-3 flex items-start justify-between gap-3">
        <h2 ref={heading} id="drawer-title" tabIndex={-1} className="min-w-0 text-16 font-semibold break-words">
          {title}
        </h2>
        <Link
          to={closeHref}
          preventScrollReset
          aria-label={closeLabel}
          className="-mt-1 -mr-1 inline-flex size-8 shrink-0 items-center justify-center rounded-input text-muted hover:bg-sunken pointer-coarse:size-11"
        >
          <X aria-hidden="true" className="size-4" />
        </Link>
      </div>
      {children}
    </aside>
  );
}
