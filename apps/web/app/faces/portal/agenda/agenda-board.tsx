import {
  type AgendaAction,
  type AgendaBlock,
  type AgendaColumn,
  AgendaGrid,
  type AgendaPlace,
  buildAxis,
  cx,
  Notice,
} from "@pulsecal/ui/app";
import { useCallback, useMemo } from "react";
import { useNavigate } from "react-router";
import type { Mark } from "../changes.ts";
import type { StaffBooking } from "../types.ts";
import { wallMinutesOf } from "../wall.ts";
import type { Changes } from "./address.ts";
import { AgendaList } from "./agenda-list.tsx";
import { gridBookings, type Shown } from "./grid-model.ts";
import { useCarry } from "./use-carry.ts";
import { useWide } from "./use-wide.ts";

type BoardProps = {
  label: string;
  shown: Shown;
  dates: readonly string[];
  columns: AgendaColumn[];
  step: number;
  bookings: readonly StaffBooking[];
  blocks: readonly AgendaBlock[];
  marks: ReadonlyMap<string, Mark>;
  now: number | null;
  narrow: string | undefined;
  openId: string | undefined;
  mayWrite: boolean;
  address: (changes: Changes) => string;
  /** what the menu of a booking offers besides the grid's own, and what is done with it */
  actionsOf: (bookingId: string) => AgendaAction[];
  onAction: (bookingId: string, action: string) => void;
};

/** The work surface: the grid where there is room and JavaScript, a table per doctor where there is not. */
export function AgendaBoard(props: BoardProps) {
  const { shown, dates, columns, step, blocks, marks, now, openId, mayWrite, address } = props;
  const wide = useWide();
  const navigate = useNavigate();
  const { carried, problem, carry, dismiss } = useCarry(props.bookings);
  const bookings = useMemo(
    () =>
      gridBookings(props.bookings, {
        shown,
        marks,
        carried,
        mayWrite,
      }),
    [props.bookings, shown, marks, carried, mayWrite],
  );
  const minuteOf = useCallback(
    (instant: number, column: AgendaColumn) =>
      wallMinutesOf(instant, shown.view === "day" ? shown.date : column.key, shown.zone),
    [shown],
  );
  const axis = useMemo(() => buildAxis(columns, step, minuteOf), [columns, step, minuteOf]);

  const byId = (id: string) => props.bookings.find((one) => one.id === id);
  const placed = (id: string) => bookings.find((one) => one.id === id);
  const doctorOf = (column: string) => (shown.view === "day" ? column : (shown.doctors[0]?.id ?? ""));
  const hrefOf = (id: string) => address({ booking: id, ask: null });
  const placeHref = ({ column, start }: AgendaPlace, more: Changes = {}) =>
    address({ at: new Date(start).toISOString(), with: doctorOf(column), ...more });
  const go = (href: string) => void navigate(href, { preventScrollReset: true });

  const grid = (
    <AgendaGrid
      label={props.label}
      columns={columns}
      step={step}
      minuteOf={minuteOf}
      bookings={bookings}
      blocks={blocks}
      now={now}
      openId={openId}
      onOpen={(id) => go(hrefOf(id))}
      onBook={(place) => go(placeHref(place))}
      onExplain={(place, id) => go(placeHref(place, { of: id, service: byId(id ?? "")?.serviceId ?? null }))}
      onMove={(id, to) => {
        const booking = byId(id);
        if (booking === undefined) return;
        const own = placed(id) ?? { start: +booking.start, end: +booking.end };
        const practitionerId = shown.view === "day" ? to.column : booking.practitionerId;
        carry({ id, column: to.column, start: to.start, end: to.start + own.end - own.start, practitionerId });
      }}
      onResize={(id, minutes) => {
        const booking = byId(id);
        const own = placed(id);
        if (booking === undefined || own === undefined) return;
        const practitionerId = shown.view === "day" ? own.column : booking.practitionerId;
        carry({ id, column: own.column, start: own.start, end: own.start + minutes * 60_000, practitionerId });
      }}
      actionsOf={props.actionsOf}
      onAction={props.onAction}
    />
  );
  const list = (
    <AgendaList
      axis={axis}
      bookings={bookings}
      blocks={blocks}
      narrow={props.narrow}
      openId={openId}
      hrefOf={hrefOf}
      bookHref={placeHref}
      mayWrite={mayWrite}
    />
  );
  return (
    <div data-day={dates.join(" ")}>
      {problem === null ? null : (
        <Notice
          tone="danger"
          className="mb-2"
          actions={
            <button type="button" onClick={dismiss} className="cursor-pointer py-1 font-semibold text-brand">
              Close
            </button>
          }
        >
          {problem}
        </Notice>
      )}
      {/* The server does not know the screen: it draws both, and the browser keeps the one that fits. */}
      {wide === true ? null : <div className={cx(wide === null && "lg:hidden lg:noscript:block")}>{list}</div>}
      {wide === false ? null : <div className={cx(wide === null && "hidden lg:block noscript:hidden")}>{grid}</div>}
    </div>
  );
}
