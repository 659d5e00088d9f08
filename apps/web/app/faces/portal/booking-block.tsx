import { formatTime } from "@pulsecal/core";
import { cx, edgeStyle, familyBar, familySoft, StatusShapeIcon, statusOf } from "@pulsecal/ui/app";
import { Link } from "react-router";
import type { Mark } from "./changes.ts";
import type { StaffBooking } from "./types.ts";

type BookingBlockProps = {
  booking: StaffBooking;
  zone: string;
  href: string;
  mark: Mark | undefined;
  open: boolean;
  tall: boolean;
};

/**
 * One booking in a day's column. Colour, shape and word say its state; the hidden words complete the spoken name:
 * "10:00 to 10:20, Lerato Dube, Confirmed, Check-up, Dr Mokoena".
 */
export function BookingBlock({ booking, zone, href, mark, open, tall }: BookingBlockProps) {
  const status = statusOf(booking.state);
  const struck = booking.state === "cancelled" || booking.state === "expired";
  return (
    <Link
      to={href}
      id={`booking-${booking.id}`}
      data-booking={booking.id}
      aria-current={open ? "true" : undefined}
      preventScrollReset
      className={cx(
        "relative flex h-full min-h-6 gap-x-2 overflow-hidden rounded-input px-2 text-13 no-underline",
        tall ? "flex-wrap content-start items-center py-px" : "items-center",
        familySoft[status.family],
        edgeStyle[status.edge],
        familyBar[status.family],
        open && "ring-2 ring-brand",
      )}
    >
      {mark === undefined ? null : <span aria-hidden="true" className="absolute inset-y-0 left-0 w-[3px] bg-accent" />}
      <span className={cx("font-semibold tabular-nums", struck && "line-through")}>
        {formatTime(+booking.start, zone)}
      </span>
      <span className="sr-only"> to {formatTime(+booking.end, zone)}, </span>
      <span className={cx("flex-1 truncate font-semibold text-text", tall ? "min-w-0" : "min-w-[45%]")}>
        {booking.patientName ?? (booking.state === "held" ? "Being booked" : "No name yet")}
      </span>
      {mark === undefined ? null : (
        <span className="rounded-input bg-accent px-1 font-semibold text-on-accent">{mark}</span>
      )}
      <span className={cx("flex min-w-0 items-center gap-1", tall && "w-full")}>
        <StatusShapeIcon state={booking.state} className="size-3" />
        <span className="sr-only">, </span>
        <span className={tall ? "whitespace-nowrap" : "truncate"}>{status.word}</span>
        <span className={tall ? "min-w-0 truncate text-muted" : "sr-only"}>
          <span className="sr-only">,</span> {booking.serviceName}
        </span>
      </span>
      <span className="sr-only">, {booking.practitionerName}</span>
    </Link>
  );
}
