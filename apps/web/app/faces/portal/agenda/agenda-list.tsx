import {
  type AgendaBlock,
  type AgendaBooking,
  type AgendaColumn,
  type Axis,
  cx,
  endLabel,
  instantOf,
  placeBlocks,
  placeBookings,
  type Stop,
  StatusPill,
  statusOf,
  stopsOf,
} from "@pulsecal/ui/app";
import { useMemo } from "react";
import { Link } from "react-router";

type ListProps = {
  axis: Axis;
  bookings: readonly AgendaBooking[];
  blocks: readonly AgendaBlock[];
  /** the one column a narrow screen shows */
  narrow: string | undefined;
  openId: string | undefined;
  hrefOf: (bookingId: string) => string;
  bookHref: (place: { column: string; start: number }) => string;
  mayWrite: boolean;
};

type Row = { key: string; from: string } & (
  | { kind: "booking"; booking: AgendaBooking; to: string }
  | { kind: "free"; start: number }
  | { kind: "blocked"; text: string; to: string }
);

/**
 * The day as a table per doctor: what a narrow screen shows of one doctor at a time, and what stands in place of the
 * grid without JavaScript. Everything in it is a link.
 */
export function AgendaList(props: ListProps) {
  const { axis, bookings, blocks, narrow } = props;
  const columns = useMemo(() => {
    const stops = stopsOf(axis, placeBookings(axis, bookings), placeBlocks(axis, blocks));
    return axis.columns.map(({ column }, at) => ({ column, rows: rowsOf(axis, stops[at] ?? []) }));
  }, [axis, bookings, blocks]);
  return (
    <div data-agenda-list className="grid gap-4 lg:grid-cols-2">
      {columns.map(({ column, rows }) => (
        <section
          key={column.key}
          aria-labelledby={`list-${column.key}`}
          className={cx("min-w-0 lg:block", column.key === narrow ? "block" : "hidden")}
        >
          <h2
            id={`list-${column.key}`}
            className="flex items-baseline justify-between gap-2 py-1 text-14 font-semibold"
          >
            <span>{column.head}</span>
            <span className="text-13 font-normal text-muted tabular-nums">{column.sub}</span>
          </h2>
          <ColumnTable {...props} column={column} rows={rows} />
        </section>
      ))}
    </div>
  );
}

function ColumnTable({
  column,
  rows,
  openId,
  hrefOf,
  bookHref,
  mayWrite,
}: ListProps & { column: AgendaColumn; rows: Row[] }) {
  return (
    <table className="w-full border-separate border-spacing-0 overflow-hidden rounded-card border border-border bg-raised text-14">
      <caption className="sr-only">{column.spoken}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">What</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="[&>*]:border-t [&>*]:border-border first:[&>*]:border-t-0">
            <th
              scope="row"
              className={cx(
                "w-14 px-3 py-1 text-left align-middle font-normal text-muted tabular-nums",
                row.kind === "booking" && "font-semibold text-text",
              )}
            >
              {row.from}
            </th>
            {row.kind === "booking" ? (
              <>
                <td className="min-w-0 py-1 pr-2">
                  <Link
                    to={hrefOf(row.booking.id)}
                    data-booking={row.booking.id}
                    preventScrollReset
                    aria-current={row.booking.id === openId ? "true" : undefined}
                    className="block min-h-8 py-1.5 font-semibold break-words text-text pointer-coarse:min-h-11 pointer-coarse:py-2.5"
                  >
                    <span className="sr-only">
                      {row.from} to {row.to},{" "}
                    </span>
                    {row.booking.title}
                    <span className="sr-only">,</span>{" "}
                    <span className="font-normal text-muted">{row.booking.service}</span>
                    <span className="sr-only">
                      , {statusOf(row.booking.state).word}, {column.spoken}
                    </span>
                    {row.booking.mark === undefined ? null : (
                      <span className="ml-2 rounded-input bg-accent px-1 text-13 text-on-accent">
                        {row.booking.mark}
                      </span>
                    )}
                  </Link>
                </td>
                <td className="py-1 pr-3 text-right whitespace-nowrap">
                  {row.booking.overbooked === true ? <span className="mr-1 font-semibold">+1</span> : null}
                  <StatusPill state={row.booking.state} />
                </td>
              </>
            ) : row.kind === "blocked" ? (
              <td colSpan={2} className="agenda-hatched py-1.5 pr-3">
                <span className="rounded-input bg-raised px-1 text-muted">
                  {row.text} to {row.to}
                </span>
              </td>
            ) : (
              <>
                <td className="py-1 pr-2 text-muted">free</td>
                <td className="py-1 pr-3 text-right">
                  {mayWrite ? (
                    <Link
                      to={bookHref({ column: column.key, start: row.start })}
                      preventScrollReset
                      aria-label={`Book ${row.from}, ${column.spoken}`}
                      className="inline-flex min-h-8 items-center px-2 font-semibold pointer-coarse:min-h-11"
                    >
                      Book
                    </Link>
                  ) : null}
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The stops of a column as rows; blocked time that goes on over several rows is one, and closed hours are left out. */
function rowsOf(axis: Axis, stops: readonly Stop[]): Row[] {
  const rows: Row[] = [];
  let last: Stop | undefined;
  for (const stop of stops) {
    const from = axis.labels[stop.track] ?? "";
    const to = endLabel(axis, stop.track + stop.span);
    const before = last;
    last = stop;
    if (stop.kind === "booking") {
      rows.push({ kind: "booking", key: stop.key, from, to, booking: stop.placed.booking });
      continue;
    }
    const start = instantOf(axis, stop.column, stop.track);
    if (stop.block === null) {
      if (start !== null) rows.push({ kind: "free", key: stop.key, from, start });
      continue;
    }
    if (stop.block.kind === "closed" || stop.block.kind === "buffer") continue;
    const row = rows.at(-1);
    if (before?.kind === "free" && before.block === stop.block && row?.kind === "blocked") row.to = to;
    else rows.push({ kind: "blocked", key: stop.key, from, to, text: stop.block.text });
  }
  return rows;
}
