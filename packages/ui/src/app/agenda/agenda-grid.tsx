import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { cx } from "../cx.ts";
import { AgendaBookingButton } from "./agenda-booking.tsx";
import { AgendaMenu } from "./agenda-menu.tsx";
import { type AgendaAction, actionsFor } from "./actions.ts";
import { AgendaBackground, AgendaGhost } from "./agenda-background.tsx";
import { type AgendaColumn, type Axis, buildAxis, instantOf, type MinuteOf, tracksOf } from "./axis.ts";
import { type Cursor, cursorAt, stepCursor, stopAt } from "./cursor.ts";
import { endLabel, type Ghost, ghostText, isShifted, minutesOf, shiftGhost, startOf, takeUp } from "./ghost.ts";
import { wishOf } from "./keys.ts";
import {
  type AgendaBlock,
  type AgendaBooking,
  type Placed,
  placeBlocks,
  placeBookings,
  type Stop,
  stopsOf,
} from "./layout.ts";
import { placeClass } from "./place.ts";
import { useDrag } from "./use-drag.ts";
import { useInSight } from "./use-in-sight.ts";
import { isInSight } from "./window.ts";

/** A free or blocked place, named by its column and instant (epoch milliseconds). */
export type AgendaPlace = { column: string; start: number };

export type AgendaGridProps = {
  /** the grid's name: "Agenda of Tuesday 24 November" */
  label: string;
  columns: readonly AgendaColumn[];
  /** minutes per row, a multiple of five */
  step: number;
  minuteOf: MinuteOf;
  bookings: readonly AgendaBooking[];
  blocks: readonly AgendaBlock[];
  /** epoch milliseconds; the line, and where T goes */
  now: number | null;
  openId?: string | undefined;
  onOpen: (bookingId: string) => void;
  onBook: (place: AgendaPlace) => void;
  onExplain: (place: AgendaPlace, bookingId: string | null) => void;
  onMove: (bookingId: string, to: AgendaPlace) => void;
  onResize: (bookingId: string, minutes: number) => void;
  /** what else the menu of a booking offers, such as its legal next states */
  actionsOf?: (bookingId: string) => AgendaAction[];
  onAction?: (bookingId: string, action: string) => void;
  className?: string;
};

/**
 * A day with a column per doctor, or a week of one doctor. One tab stop; arrows go by row and column, Enter opens or
 * books, M and R take a booking up, E explains. Everything a drag does has a key and a press.
 */
export function AgendaGrid(props: AgendaGridProps) {
  const { columns, step, minuteOf, now, openId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const menuAnchor = useRef<Element | null>(null);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const [menu, setMenu] = useState(false);
  /** What the day looked like when a booking was taken up: what arrives meanwhile waits until it is put down. */
  const [frozen, setFrozen] = useState<readonly AgendaBooking[] | null>(null);
  const wantsFocus = useRef(false);
  const hadFocus = useRef(false);

  const axis = useMemo(() => buildAxis(columns, step, minuteOf), [columns, step, minuteOf]);
  const blocks = useMemo(() => placeBlocks(axis, props.blocks), [axis, props.blocks]);
  const newest = useMemo(() => placeBookings(axis, props.bookings), [axis, props.bookings]);
  const placed = useMemo(() => (frozen === null ? newest : placeBookings(axis, frozen)), [axis, frozen, newest]);
  const stops = useMemo(() => stopsOf(axis, placed, blocks), [axis, placed, blocks]);
  const nowTrack = useMemo(() => trackNow(axis, now), [axis, now]);
  const current = stopAt(stops, cursor ?? cursorAt(stops, 0, nowTrack ?? firstOpen(stops)));
  const sight = useInSight(scroller, grid, axis.tracks, columns.length);

  useLayoutEffect(() => {
    const box = grid.current;
    if (box === null || current === undefined) return;
    // The focused element went with a change that came by itself: what took its place keeps the reader there.
    const lost = hadFocus.current && document.activeElement === document.body;
    if (!wantsFocus.current && !lost) return;
    wantsFocus.current = false;
    box.querySelector<HTMLElement>(`[data-stop="${CSS.escape(current.key)}"]`)?.focus();
  });

  // Another day or week opens at now, or at its first booking or open hour; nothing that arrives scrolls.
  const opened = useRef<string | null>(null);
  useLayoutEffect(() => {
    const box = scroller.current;
    const corner = grid.current?.querySelector("[data-corner]");
    if (box === null || !corner || opened.current === props.label) return;
    opened.current = props.label;
    const first = nowTrack ?? Math.min(firstOpen(stops), ...placed.map(({ track }) => track));
    const height = (box.scrollHeight - corner.clientHeight) / Math.max(1, axis.tracks);
    box.scrollTop = Math.max(0, (first - axis.step) * height);
  }, [props.label, axis, nowTrack, stops, placed]);

  const go = (next: Cursor | null) => {
    if (next === null) return;
    wantsFocus.current = true;
    setCursor(next);
  };
  const lift = (one: Placed, kind: Ghost["kind"]) => {
    if (kind === "move" ? !one.booking.canMove : !one.booking.canResize) return;
    setFrozen(props.bookings);
    setGhost(takeUp(one, kind, "keys"));
  };
  const restore = () => {
    setGhost(null);
    setFrozen(null);
    wantsFocus.current = true;
  };
  const putDown = (one: Ghost) => {
    setGhost(null);
    setFrozen(null);
    go({ key: `booking ${one.bookingId}`, column: one.column, track: one.track });
    const start = startOf(axis, one);
    const column = axis.columns[one.column]?.column.key;
    if (!isShifted(one) || start === null || column === undefined) return;
    if (one.kind === "move") props.onMove(one.bookingId, { column, start });
    else props.onResize(one.bookingId, minutesOf(one));
  };
  const grab = useDrag({
    axis,
    scroller,
    grid,
    onGhost: (next) => {
      setFrozen((before) => before ?? props.bookings);
      setGhost(next);
    },
    onDrop: putDown,
    onAbort: restore,
  });

  const placeOf = (stop: Stop): AgendaPlace | null => {
    const start = instantOf(axis, stop.column, stop.track);
    const column = axis.columns[stop.column]?.column.key;
    return start === null || column === undefined ? null : { column, start };
  };
  const press = (stop: Stop) => {
    if (stop.kind === "booking") return props.onOpen(stop.placed.booking.id);
    const place = placeOf(stop);
    if (place !== null) props.onBook(place);
  };
  const explain = (stop: Stop) => {
    const place = placeOf(stop);
    if (place !== null) props.onExplain(place, stop.kind === "booking" ? stop.placed.booking.id : null);
  };
  const openMenu = (stop: Stop) => {
    menuAnchor.current = grid.current?.querySelector(`[data-stop="${CSS.escape(stop.key)}"]`) ?? null;
    setMenu(true);
  };
  const act = (id: string) => {
    setMenu(false);
    if (current === undefined) return;
    wantsFocus.current = id === "move" || id === "resize";
    if (id === "open" || id === "book") press(current);
    else if (id === "explain") explain(current);
    else if (current.kind !== "booking") return;
    else if (id === "move" || id === "resize") lift(current.placed, id);
    else props.onAction?.(current.placed.booking.id, id);
  };

  const keys = (event: KeyboardEvent) => {
    if (ghost !== null) return carryKeys(event, ghost);
    const wish = wishOf(event);
    if (wish === null || current === undefined) return;
    event.preventDefault();
    if ("step" in wish) return go(stepCursor(axis, stops, { ...(cursor ?? current), key: current.key }, wish.step));
    switch (wish.act) {
      case "now":
        return nowTrack === null ? undefined : go(cursorAt(stops, current.column, nowTrack));
      case "menu":
        return openMenu(current);
      case "explain":
        return explain(current);
      default:
        if (current.kind === "booking") lift(current.placed, wish.act);
    }
  };
  const carryKeys = (event: KeyboardEvent, carried: Ghost) => {
    if (event.key === "Tab") return restore();
    const wish = wishOf(event);
    if (event.key !== "Escape" && event.key !== "Enter" && (wish === null || !("step" in wish))) return;
    event.preventDefault();
    // A booking that is put back is no reason to close what stands beside the grid.
    event.stopPropagation();
    if (event.key === "Escape") restore();
    else if (event.key === "Enter") putDown(carried);
    else if (wish !== null && "step" in wish) setGhost(shiftGhost(axis, carried, wish.step));
  };

  const said = ghost === null ? "" : ghostText(axis, ghost, newest, blocks);
  const carried = ghost === null ? undefined : placed.find(({ booking }) => booking.id === ghost.bookingId);
  const drawn = (stop: Stop) => stop.key === current?.key || isInSight(sight, stop);

  return (
    <div className={cx("relative", props.className)}>
      <div
        ref={scroller}
        data-agenda
        className="max-h-[calc(100dvh-9rem)] min-h-80 scroll-pt-12 scroll-pl-16 overflow-auto rounded-card border border-border bg-raised"
      >
        <div
          ref={grid}
          role="grid"
          tabIndex={-1}
          aria-label={props.label}
          aria-rowcount={axis.rows.length + 1}
          aria-colcount={columns.length + 1}
          data-step={step}
          onKeyDown={keys}
          onFocus={() => {
            hadFocus.current = true;
          }}
          onBlur={(event) => {
            hadFocus.current = event.relatedTarget !== null && event.currentTarget.contains(event.relatedTarget);
          }}
          onContextMenu={(event) => {
            const key = (event.target as Element).closest("[data-stop]")?.getAttribute("data-stop");
            const stop = stops.flat().find((one) => one.key === key);
            if (stop === undefined) return;
            event.preventDefault();
            go({ key: stop.key, column: stop.column, track: stop.track });
            openMenu(stop);
          }}
          className="agenda-tracks"
        >
          <AgendaBackground axis={axis} blocks={blocks} nowTrack={nowTrack} />
          <div role="row" aria-rowindex={1} className="contents">
            <span
              role="columnheader"
              aria-colindex={1}
              data-corner
              className="sticky top-0 left-0 z-[6] col-start-1 row-start-1 border-b border-border bg-raised"
            >
              <span className="sr-only">Time</span>
            </span>
            {columns.map((column, at) => (
              <span
                key={column.key}
                role="columnheader"
                aria-colindex={at + 2}
                className={cx(
                  `col-start-${at + 2} row-start-1`,
                  "sticky top-0 z-[5] flex min-w-0 items-center justify-between gap-2 border-b border-l border-border bg-raised px-2 text-14 font-semibold",
                )}
              >
                <span className="truncate">{column.head}</span>
                {column.sub === undefined ? null : (
                  <span className="text-13 font-normal whitespace-nowrap text-muted tabular-nums">{column.sub}</span>
                )}
              </span>
            ))}
          </div>
          {axis.rows.map((row, at) => {
            const inRow = stops.map((column) => column.filter((stop) => stop.row === at && drawn(stop)));
            if (inRow.every((cell) => cell.length === 0)) return null;
            return (
              <div key={row.track} role="row" aria-rowindex={at + 2} className="contents">
                <span
                  role="rowheader"
                  aria-colindex={1}
                  className={cx(
                    placeClass({ column: -1, track: row.track, span: row.span }),
                    "sticky left-0 z-[3] truncate bg-raised px-1.5 text-right text-13 text-muted tabular-nums",
                  )}
                >
                  {row.label}
                </span>
                {inRow.map((cell, column) =>
                  cell.length === 0 ? null : (
                    <div
                      key={axis.columns[column]?.column.key}
                      role="gridcell"
                      aria-colindex={column + 2}
                      aria-rowspan={rowSpanOf(axis, cell)}
                      className="contents"
                    >
                      {cell.map((stop) =>
                        stop.kind === "booking" ? (
                          <AgendaBookingButton
                            key={stop.key}
                            placed={stop.placed}
                            from={axis.labels[stop.track] ?? ""}
                            to={endLabel(axis, stop.track + stop.span)}
                            spoken={axis.columns[column]?.column.spoken ?? ""}
                            open={stop.placed.booking.id === openId}
                            tabStop={stop.key === current?.key}
                            away={stop.placed.booking.id === ghost?.bookingId}
                            onPress={() => press(stop)}
                            onFocus={() => setCursor({ key: stop.key, column: stop.column, track: stop.track })}
                            onGrab={(event, kind) => grab(event, stop.placed, kind)}
                          />
                        ) : (
                          <button
                            key={stop.key}
                            type="button"
                            data-stop={stop.key}
                            data-free={stop.block === null ? axis.labels[stop.track] : undefined}
                            aria-label={`${axis.labels[stop.track] ?? ""}, ${axis.columns[column]?.column.spoken ?? ""}, ${stop.block?.text ?? "free"}`}
                            tabIndex={stop.key === current?.key ? 0 : -1}
                            onClick={() => press(stop)}
                            onFocus={() => setCursor((was) => keepTrack(was, stop))}
                            className={cx(
                              placeClass(stop),
                              "group z-[1] cursor-pointer rounded-input text-left text-13 focus-visible:z-[4]",
                              stop.block === null && "hover:bg-brand-soft",
                            )}
                          >
                            <span
                              aria-hidden="true"
                              className="invisible px-2 font-semibold text-brand tabular-nums group-hover:visible group-focus-visible:visible"
                            >
                              {stop.block === null ? axis.labels[stop.track] : null}
                            </span>
                          </button>
                        ),
                      )}
                    </div>
                  ),
                )}
              </div>
            );
          })}
          {ghost === null ? null : <AgendaGhost ghost={ghost} text={said} title={carried?.booking.title ?? ""} />}
        </div>
      </div>
      <p
        role="status"
        aria-live="assertive"
        data-ghost-line
        className={cx(
          "pointer-events-none absolute inset-x-2 bottom-2 z-[7] rounded-input bg-text px-3 py-2 text-14 text-surface tabular-nums",
          ghost === null && "sr-only",
        )}
      >
        {said}
        {ghost === null ? null : (
          <span aria-hidden="true" className="ml-3 opacity-80">
            {ghost.by === "keys" ? "Enter puts it here, Esc puts it back" : "Let go to put it here, Esc puts it back"}
          </span>
        )}
      </p>
      {menu && current !== undefined ? (
        <AgendaMenu
          label={current.kind === "booking" ? current.placed.booking.title : (axis.labels[current.track] ?? "")}
          actions={actionsFor(current, current.kind === "booking" ? props.actionsOf?.(current.placed.booking.id) : [])}
          anchor={menuAnchor}
          onAction={act}
          onClose={() => setMenu(false)}
        />
      ) : null}
    </div>
  );
}

/** Moving by a key remembers the track it came along; a press or Tab stands where the stop begins. */
const keepTrack = (was: Cursor | null, stop: Stop): Cursor =>
  was?.key === stop.key ? was : { key: stop.key, column: stop.column, track: stop.track };

function rowSpanOf(axis: Axis, cell: readonly Stop[]): number | undefined {
  const last = Math.max(...cell.map(({ track, span }) => track + span));
  const rows = Math.ceil(last / axis.step) - (cell[0]?.row ?? 0);
  return rows > 1 ? rows : undefined;
}

function trackNow(axis: Axis, now: number | null): number | null {
  if (now === null) return null;
  for (let column = 0; column < axis.columns.length; column++) {
    const found = tracksOf(axis, column, now, now + 1);
    if (found !== null) return found.track;
  }
  return null;
}

/** The first track at which somebody works. */
function firstOpen(stops: readonly (readonly Stop[])[]): number {
  const open = stops.flat().filter((stop) => stop.kind === "booking" || stop.block?.kind !== "closed");
  return open.length === 0 ? 0 : Math.min(...open.map(({ track }) => track));
}
