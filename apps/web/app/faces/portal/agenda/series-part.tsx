import { dayOf, formatWhen } from "@pulsecal/core";
import { cx, StatusPill } from "@pulsecal/ui/app";
import { Link } from "react-router";
import type { Staff, StaffBooking } from "../types.ts";
import type { Changes } from "./address.ts";

export type SeriesView = Staff["series"]["get"];

type SeriesProps = {
  booking: StaffBooking;
  series: SeriesView;
  zone: string;
  address: (changes: Changes) => string;
};

/** Which one of a series this is, and the others a press away. */
export function SeriesPart({ booking, series: { bookings }, zone, address }: SeriesProps) {
  const place = bookings.findIndex(({ bookingId }) => bookingId === booking.id) + 1;
  return (
    <div className="mt-4 border-t border-border pt-3 text-14">
      <h3 className="font-semibold tabular-nums">
        {place} of {bookings.length} in a series
      </h3>
      <details className="mt-1">
        <summary className="cursor-pointer py-1 text-brand">All dates</summary>
        <ol className="mt-1 flex flex-col">
          {bookings.map(({ bookingId, start, state }) => {
            const here = bookingId === booking.id;
            return (
              <li key={bookingId} className="flex min-h-8 flex-wrap items-center justify-between gap-x-2">
                {here ? (
                  <span aria-current="true" className="py-1 font-semibold tabular-nums">
                    {formatWhen(+start, zone)}
                  </span>
                ) : (
                  <Link
                    to={address({ booking: bookingId, date: dayOf(+start, zone), ask: null })}
                    preventScrollReset
                    className={cx("py-1 tabular-nums", state === "cancelled" && "line-through")}
                  >
                    {formatWhen(+start, zone)}
                  </Link>
                )}
                <StatusPill state={state} />
              </li>
            );
          })}
        </ol>
      </details>
    </div>
  );
}
