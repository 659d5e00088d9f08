import { addDays, dayStart, formatLongDay } from "@pulsecal/core";
import { buttonClass, cx } from "@pulsecal/ui/app";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { Form, Link } from "react-router";
import { shortName } from "../short-name.ts";
import { type Changes, nothingOpen } from "./address.ts";

type NavProps = {
  view: "day" | "week";
  date: string;
  today: string;
  zone: string;
  who: string | null;
  bookHref: string | null;
  address: (changes: Changes) => string;
};

const link = (current: boolean) => cx(buttonClass(), current && "border-brand bg-brand-soft text-brand");

/** Which day or week; every choice is in the address, so it can be sent to somebody and works without JavaScript. */
export function AgendaNav({ view, date, today, zone, who, bookHref, address }: NavProps) {
  const step = view === "day" ? 1 : 7;
  const name = (other: string) => formatLongDay(dayStart(other, zone) + 12 * 3_600_000, zone);
  const to = (other: string) => address({ ...nothingOpen, date: other });
  const before = addDays(date, -step);
  const after = addDays(date, step);
  const word = view === "day" ? "Day" : "Week";
  return (
    <div className="flex flex-wrap items-center gap-2">
      <nav aria-label="View" className="flex gap-1">
        {(["day", "week"] as const).map((one) => (
          <Link
            key={one}
            to={address({ ...nothingOpen, view: one === "day" ? null : one })}
            preventScrollReset
            aria-current={one === view ? "true" : undefined}
            className={link(one === view)}
          >
            {one === "day" ? "Day" : "Week"}
          </Link>
        ))}
      </nav>
      {bookHref === null ? null : (
        <Link to={bookHref} preventScrollReset className={cx(buttonClass({ kind: "primary" }), "lg:order-last")}>
          <Plus aria-hidden="true" className="size-4" />
          Book
        </Link>
      )}
      <nav aria-label="Date" className="flex flex-wrap items-center gap-2">
        <Link
          to={to(before)}
          className={cx(buttonClass(), "px-2")}
          aria-label={`${word} before: ${name(before)}`}
          preventScrollReset
        >
          <ChevronLeft aria-hidden="true" className="size-4" />
        </Link>
        <Link
          to={address({ ...nothingOpen, date: null })}
          className={buttonClass()}
          aria-current={date === today ? "date" : undefined}
          preventScrollReset
        >
          Today
        </Link>
        <Link
          to={to(after)}
          className={cx(buttonClass(), "px-2")}
          aria-label={`${word} after: ${name(after)}`}
          preventScrollReset
        >
          <ChevronRight aria-hidden="true" className="size-4" />
        </Link>
        <Form method="get" preventScrollReset className="flex items-center gap-2">
          {view === "week" ? <input type="hidden" name="view" value="week" /> : null}
          {who === null ? null : <input type="hidden" name="who" value={who} />}
          <label htmlFor="date" className="sr-only">
            Go to a date
          </label>
          <input
            key={date}
            id="date"
            type="date"
            name="date"
            defaultValue={date}
            className="min-h-8 rounded-input border border-border-strong bg-raised px-2 text-14 tabular-nums pointer-coarse:min-h-11"
          />
          <button type="submit" className={buttonClass()}>
            Go
          </button>
        </Form>
      </nav>
    </div>
  );
}

type DoctorsProps = {
  doctors: readonly { id: string; name: string }[];
  view: "day" | "week";
  /** the doctor of the address, and the one a narrow screen shows in any case */
  who: string | null;
  narrow: string | undefined;
  address: (changes: Changes) => string;
};

/** Whose day: all of them where there is room, one at a time on a narrow screen and in a week. */
export function DoctorFilter({ doctors, view, who, narrow, address }: DoctorsProps) {
  if (doctors.length < 2) return null;
  const all = who === null && view === "day";
  return (
    <nav aria-label="Doctor" className="mb-2 flex flex-wrap gap-2">
      {view === "week" ? null : (
        <Link
          to={address({ ...nothingOpen, who: null })}
          preventScrollReset
          aria-current={all ? "true" : undefined}
          className={cx(link(all), "hidden lg:inline-flex")}
        >
          All doctors
        </Link>
      )}
      {doctors.map(({ id, name }) => {
        const current = all ? false : id === narrow;
        return (
          <Link
            key={id}
            to={address({ ...nothingOpen, who: id })}
            preventScrollReset
            aria-current={id === narrow ? "true" : undefined}
            className={cx(
              link(current),
              all && id === narrow && "max-lg:border-brand max-lg:bg-brand-soft max-lg:text-brand",
            )}
          >
            {shortName(name)}
          </Link>
        );
      })}
    </nav>
  );
}
