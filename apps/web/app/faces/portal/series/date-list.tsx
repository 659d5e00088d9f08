import { formatTime } from "@pulsecal/core";
import { Button, Checkbox, cx } from "@pulsecal/ui/app";
import { besideWords, type Chosen, choiceOf, dayWords, out, type SeriesDate } from "./choices.ts";

type ListProps = {
  dates: readonly SeriesDate[];
  chosen: Chosen;
  /** dates that look different from before, and those whose time somebody took while one chose */
  marked: ReadonlySet<string>;
  lost: ReadonlyMap<string, Date>;
  /** ids of the fields that the last try said something about */
  wrong: ReadonlySet<string>;
  zone: string;
  today: string;
  onChoose: (date: string, choice: string) => void;
};

/** Every date of the series: free, or why not and what else there is. A date that is not free has to be decided on. */
export function DateList(props: ListProps) {
  return (
    <ol className="divide-y divide-border">
      {props.dates.map((date, n) => (
        <li
          key={date.date}
          id={`date-${date.date}`}
          tabIndex={-1}
          data-date={date.date}
          data-result={date.result}
          className={cx("flex gap-3 px-4 py-2 text-14", props.marked.has(date.date) && "changed-bar pl-3.25")}
        >
          <span className="min-h-8 w-6 shrink-0 pt-1.5 text-right text-muted tabular-nums">{n + 1}</span>
          <input type="hidden" name="date" value={date.date} />
          {date.result === "free" ? <FreeDate {...props} date={date} /> : <BlockedDate {...props} date={date} />}
        </li>
      ))}
    </ol>
  );
}

type DateProps = ListProps & { date: SeriesDate };

/** A date is a day of the calendar, without a zone. */
const dayOfDate = ({ date, today }: Pick<DateProps, "date" | "today">): string =>
  dayWords(Date.parse(`${date.date}T12:00:00Z`), "UTC", today);

function FreeDate(props: DateProps) {
  const { date, chosen, zone, onChoose } = props;
  const choice = choiceOf(date, chosen);
  const start = date.start?.toISOString() ?? "";
  const isOut = choice === out;
  return (
    <Checkbox
      name={`at-${date.date}`}
      value={start}
      checked={!isOut}
      onChange={(on) => onChoose(date.date, on ? start : out)}
      className="flex-1"
    >
      <span className={cx("tabular-nums", isOut && "text-muted line-through")}>
        <span className="font-semibold">{dayOfDate(props)}</span>, {formatTime(+(date.start ?? 0), zone)}
      </span>
      <span className={cx("ml-2", isOut ? "text-muted" : "text-success")}>{isOut ? "left out" : "free"}</span>
      <Mark {...props} />
    </Checkbox>
  );
}

function BlockedDate(props: DateProps) {
  const { date, chosen, lost, wrong, zone, today, onChoose } = props;
  const choice = choiceOf(date, chosen);
  const words = dayOfDate(props);
  const gone = lost.get(date.date);
  const options = [
    ...date.alternatives.map((start) => {
      const said = besideWords(start, date.date, zone, today);
      return { value: start.toISOString(), label: said, spoken: `${words}: book ${said} instead` };
    }),
    { value: out, label: "Leave out", spoken: `${words}: leave it out` },
  ];
  return (
    <div className="min-w-0 flex-1">
      <input type="hidden" name="decide" value={date.date} />
      <input type="hidden" name={`words-${date.date}`} value={words} />
      <p className="flex min-h-8 flex-wrap items-center gap-x-2">
        <span className="font-semibold tabular-nums">
          {words}
          {date.start === undefined ? "" : `, ${formatTime(+date.start, zone)}`}
        </span>
        <span className="font-semibold text-warning">
          {date.result === "no_such_time" ? "this time does not exist" : "not free"}
        </span>
        <Mark {...props} />
      </p>
      {gone === undefined || +gone === +(date.start ?? 0) ? null : (
        <p className="font-semibold text-danger">
          {besideWords(gone, date.date, zone, today)} is not free any more either.
        </p>
      )}
      {date.why.map((why) => (
        <p key={why} className="text-muted">
          {why}
        </p>
      ))}
      {date.alternatives.length === 0 ? (
        <p className="text-muted">Nothing else is free within three days of it.</p>
      ) : null}
      {choice === null && wrong.has(`date-${date.date}`) ? (
        <p className="font-semibold text-danger">
          {date.alternatives.length === 0 ? "Leave it out, or change the rule" : "Choose a time, or leave it out"}
        </p>
      ) : null}
      <div role="radiogroup" aria-label={`${words}, instead`} className="mt-1 mb-1 flex flex-wrap gap-1.5">
        {options.map(({ value, label, spoken }) => (
          <label
            key={value}
            className="relative flex min-h-8 cursor-pointer items-center justify-center rounded-input border border-border-strong bg-raised px-2.5 text-14 tabular-nums has-checked:border-brand has-checked:bg-brand-soft has-checked:font-semibold has-checked:text-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name={`at-${date.date}`}
              value={value}
              checked={choice === value}
              onChange={() => onChoose(date.date, value)}
              aria-label={spoken}
              className="absolute inset-0 m-0 cursor-pointer appearance-none rounded-input opacity-0"
            />
            <span aria-hidden="true">{label}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

function Mark({ date, marked }: DateProps) {
  return marked.has(date.date) ? (
    <span className="ml-2 rounded-input bg-accent px-1 text-13 font-semibold text-on-accent">Changed</span>
  ) : null;
}

type OpenProps = { count: number; onNearest: () => void; onLeaveOut: () => void };

/** Several dates to decide on at one press. */
export function DecideAll({ count, onNearest, onLeaveOut }: OpenProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-border bg-warning-soft px-4 py-2 text-14">
      <span className="min-w-0 flex-1 basis-40 font-semibold">{count} dates need a decision.</span>
      <Button onPress={onNearest}>Nearest time for each</Button>
      <Button onPress={onLeaveOut}>Leave them out</Button>
    </div>
  );
}
