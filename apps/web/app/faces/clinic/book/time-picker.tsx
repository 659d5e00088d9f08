import { DateStrip, SlotList } from "@pulsecal/ui/site";
import type { ReactNode } from "react";
import { dayParts, plural } from "../../../lib/format.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import { groupTimes, type PickerPlace, windowHref } from "./times-view.ts";

type Times = Awaited<ReturnType<Caller["public"]["booking"]["times"]>>;

export type Picker = {
  page: Times;
  /** the first day of the window as the address has it */
  from: string | null;
  shown: Times["days"][number] | null;
  place: PickerPlace;
  /** names for the spoken times */
  doctors: readonly { id: string; name: string }[];
};

/** The address of the day on screen, for a form that comes back to it. */
export function hereOf({ place, from, shown }: Picker): string {
  return shown ? windowHref(place, from, shown.date, "") : place.path;
}

/**
 * Days, then the times of one: choosing a day is a link, choosing a time a radio. The form around the times sends
 * `start` and `fields`; the island keeps it true while it is open, and `aside` holds its button.
 */
export function TimePicker({
  picker,
  live,
  fields,
  yours,
  below = null,
  aside,
  empty,
}: {
  picker: Picker;
  /** whose times the island follows on the shown day */
  live: { serviceId: string; who: string; minutes?: number | undefined; token?: string };
  fields: Record<string, string>;
  /** the time of the booking that is to be moved */
  yours?: Date;
  /** what follows the times */
  below?: ReactNode;
  aside: ReactNode;
  /** in place of the times when the whole window has none */
  empty: ReactNode;
}) {
  const { page, from, shown, place, doctors } = picker;
  const nobody = page.days.every((each) => each.times.length === 0);
  const parts = shown ? dayParts(shown.date) : null;
  const here = hereOf(picker);
  return (
    <div className="mt-6 grid gap-6 lg:grid-cols-[13rem_1fr_21rem] lg:gap-10">
      <DateStrip
        value={shown?.date ?? null}
        days={page.days.map((each) => ({
          date: each.date,
          href: windowHref(place, from, each.date),
          count: each.times.length,
          ...dayParts(each.date),
        }))}
        previous={page.previousDay && windowHref(place, page.previousDay)}
        next={page.nextPage && windowHref(place, page.nextPage)}
      />
      {nobody || !shown || !parts ? (
        empty
      ) : (
        <form
          method="post"
          action={here}
          data-live-times=""
          data-live={JSON.stringify({ ...live, date: shown.date })}
          data-date={shown.date}
          data-day-words={parts.short}
          data-zone={page.zone}
          data-cursor={page.cursor}
          className="contents"
        >
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <section aria-labelledby="day-title">
            {/* The link has its place before it shows: its words come and change, and no time below may move for them. */}
            <div className="mb-4 grid min-h-11 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-2">
              <h2 id="times" tabIndex={-1} className="scroll-mt-40 text-24 font-semibold tracking-tight">
                <span id="day-title">{parts.short}</span>
                <span className="font-normal text-muted">
                  : <span data-count="">{plural(shown.times.length, "time")}</span>
                </span>
              </h2>
              <a
                href={here}
                data-more=""
                className="invisible inline-flex min-h-11 min-w-28 items-center justify-end whitespace-nowrap rounded-input text-16 font-semibold text-brand underline underline-offset-4"
              >
                New times
              </a>
            </div>
            {shown.times.length > 0 ? (
              <SlotList name="start" groups={groupTimes(shown.times, page.zone, parts.short, doctors, yours)} />
            ) : (
              <p className="text-18 text-muted">No times on this day. Choose another day.</p>
            )}
            {below}
          </section>
          {aside}
        </form>
      )}
    </div>
  );
}
