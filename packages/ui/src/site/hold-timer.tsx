import { Hourglass } from "lucide-react";

/**
 * Until when a time is kept, as a clock time: it needs no ticking to stay true. The island adds the minutes and speaks
 * at three and at one. The button sits in the page's form, so pressing it without a script keeps what was typed.
 */
export function HoldTimer({
  until,
  untilIso,
  nowIso,
  zone,
  extensions,
}: {
  until: string;
  untilIso: string;
  nowIso: string;
  zone: string;
  extensions: boolean;
}) {
  return (
    <div
      data-hold={untilIso}
      data-now={nowIso}
      data-zone={zone}
      className="flex min-h-14 flex-wrap items-center gap-3 rounded-card border border-border bg-sunken px-4 py-2"
    >
      <Hourglass aria-hidden="true" className="size-5 shrink-0 text-muted" />
      <p role="timer" className="grow text-18">
        Held to{" "}
        <time dateTime={untilIso} data-hold-until="" className="tabular font-semibold">
          {until}
        </time>
        <span data-hold-left="" className="block text-16 text-muted empty:hidden sm:ms-2 sm:inline" />
      </p>
      {extensions ? (
        <button
          type="submit"
          name="intent"
          value="extend"
          formNoValidate
          data-hold-extend=""
          className="min-h-11 shrink-0 cursor-pointer rounded-input border border-border-strong bg-raised px-3 text-16 font-semibold hover:bg-brand-soft"
        >
          5 min more
        </button>
      ) : null}
    </div>
  );
}
