import type { PointerEvent } from "react";
import { cx } from "../cx.ts";
import { statusOf } from "../../status/status.ts";
import { edgeStyle, familyBar, familySoft, StatusShapeIcon } from "../status-pill.tsx";
import type { Placed } from "./layout.ts";
import { placeClass } from "./place.ts";

type BookingProps = {
  placed: Placed;
  /** "10:00" and "10:20" */
  from: string;
  to: string;
  /** "Dr Mokoena", or the day in a week */
  spoken: string;
  open: boolean;
  tabStop: boolean;
  /** taken up: its old place stays, paler */
  away: boolean;
  onPress: () => void;
  onFocus: () => void;
  onGrab: (event: PointerEvent, kind: "move" | "resize") => void;
};

const lanes: Record<number, readonly string[]> = {
  1: ["mr-1"],
  2: ["w-[calc(50%-4px)] justify-self-start", "mr-1 w-[calc(50%-4px)] justify-self-end"],
  3: [
    "w-[calc(33.3%-4px)] justify-self-start",
    "w-[calc(33.3%-4px)] justify-self-center",
    "mr-1 w-[calc(33.3%-4px)] justify-self-end",
  ],
};
const gone: ReadonlySet<string> = new Set(["cancelled", "expired", "declined"]);

/**
 * One booking: a button in the cell it starts in. Colour, shape and word say its state; the hidden words complete the
 * spoken name: "10:00 to 10:20, Lerato Dube, Check-up, Confirmed, Dr Mokoena".
 */
export function AgendaBookingButton(props: BookingProps) {
  const { placed, from, to, spoken, open, tabStop, away, onPress, onFocus, onGrab } = props;
  const { booking, span } = placed;
  const status = statusOf(booking.state);
  // Two lines of 13/18 fit from twenty minutes on.
  const tall = span >= 4;
  return (
    <button
      type="button"
      id={`booking-${booking.id}`}
      data-stop={`booking ${booking.id}`}
      data-booking={booking.id}
      aria-current={open ? "true" : undefined}
      tabIndex={tabStop ? 0 : -1}
      onClick={onPress}
      onFocus={onFocus}
      onPointerDown={(event) => {
        if (booking.canMove) onGrab(event, "move");
      }}
      className={cx(
        placeClass(placed),
        "group relative z-[2] m-px flex min-h-6 min-w-0 cursor-pointer touch-manipulation gap-x-1.5 overflow-hidden rounded-input px-1.5 text-left text-13 select-none focus-visible:z-[4]",
        tall ? "flex-wrap content-start items-center" : "items-center",
        familySoft[status.family],
        lanes[placed.lanes]?.[placed.lane] ?? "mr-1",
        edgeStyle[status.edge],
        familyBar[status.family],
        booking.overbooked === true && "agenda-over",
        open && "ring-2 ring-brand",
        away && "opacity-50",
      )}
    >
      {booking.mark === undefined ? null : (
        <span aria-hidden="true" className="absolute inset-y-0 left-0 w-[3px] bg-accent" />
      )}
      <StatusShapeIcon state={booking.state} className="size-3" />
      <span className={cx("font-semibold tabular-nums", gone.has(booking.state) && "line-through")}>{from}</span>
      <span className="sr-only">{` to ${to}, `}</span>
      <span className="min-w-0 flex-1 truncate font-semibold text-text">{booking.title}</span>
      <span className={tall ? "flex w-full min-w-0 items-center gap-1.5" : "flex shrink-0 gap-1.5"}>
        {booking.overbooked === true ? (
          <span className="font-semibold">
            <span className="sr-only">, squeezed in, </span>+1
          </span>
        ) : null}
        <span className={tall && placed.lanes === 1 ? "min-w-0 truncate text-muted" : "sr-only"}>
          <span className="sr-only">, </span>
          {booking.service}
        </span>
        <span className="whitespace-nowrap">
          <span className="sr-only">, </span>
          {status.word}
        </span>
        {booking.mark === undefined ? null : (
          <>
            <span className="sr-only">, </span>
            <span className="rounded-input bg-accent px-1 font-semibold text-on-accent">{booking.mark}</span>
          </>
        )}
      </span>
      <span className="sr-only">{`, ${spoken}`}</span>
      {booking.canResize ? (
        <span
          aria-hidden="true"
          data-grip
          onPointerDown={(event) => {
            event.stopPropagation();
            onGrab(event, "resize");
          }}
          className="absolute inset-x-0 bottom-0 h-1.5 cursor-ns-resize group-hover:bg-border-strong/40"
        />
      ) : null}
    </button>
  );
}
