export type StripDay = {
  date: string;
  href: string;
  weekday: string;
  day: string;
  /** "Tuesday 24 November" */
  name: string;
  count: number;
};

/** Days as links, each saying how many times it has. A strip on a phone, a column on a wide screen. */
export function DateStrip({
  days,
  value,
  previous,
  next,
}: {
  days: readonly StripDay[];
  value: string | null;
  previous?: string | null;
  next?: string | null;
}) {
  return (
    <nav aria-label="Days" data-days="" className="grid gap-2 self-start">
      <ul className="grid grid-cols-7 gap-1 lg:grid-cols-1 lg:gap-1.5">
        {days.map((day) => (
          <li key={day.date}>
            <Day day={day} current={day.date === value} />
          </li>
        ))}
      </ul>
      <div className="flex min-h-11 items-center justify-between text-16">
        {previous ? <Page href={previous} label="Earlier days" mark="‹ Earlier" /> : <span />}
        {next ? <Page href={next} label="Later days" mark="Later ›" /> : <span />}
      </div>
    </nav>
  );
}

function Day({ day, current }: { day: StripDay; current: boolean }) {
  const count = day.count === 0 ? "no times" : day.count === 1 ? "1 time" : `${day.count} times`;
  return (
    <a
      href={day.href}
      aria-current={current ? "date" : undefined}
      data-day={day.date}
      className={`group flex min-h-18 flex-col items-center justify-center rounded-card border px-0.5 py-1.5 transition-colors lg:min-h-12 lg:flex-row lg:justify-start lg:gap-3 lg:px-4 ${
        current
          ? "border-brand bg-brand text-on-brand"
          : day.count === 0
            ? "border-transparent text-muted hover:border-border-strong"
            : "border-border bg-raised hover:border-border-strong"
      }`}
    >
      <span className="sr-only">
        {day.name}, <span data-day-words="">{count}</span>
      </span>
      <span aria-hidden="true" className="text-13 lg:w-10 lg:text-16">
        {day.weekday}
      </span>
      <span aria-hidden="true" className="tabular text-20 font-semibold lg:text-18">
        {day.day}
      </span>
      <span
        aria-hidden="true"
        data-day-count=""
        // Its own full width, so that another number does not move it.
        className={`tabular w-full text-center text-13 lg:ms-auto lg:w-12 lg:text-end lg:text-16 ${current ? "" : day.count === 0 ? "" : "text-brand"}`}
      >
        {day.count === 0 ? "none" : day.count}
      </span>
    </a>
  );
}

function Page({ href, label, mark }: { href: string; label: string; mark: string }) {
  return (
    <a
      href={href}
      aria-label={label}
      className="-mx-2 inline-flex min-h-11 items-center rounded-input px-2 text-brand underline decoration-1 underline-offset-4 hover:decoration-2"
    >
      {mark}
    </a>
  );
}
