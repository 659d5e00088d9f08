import { cx, EmptyState, formatMinutes } from "@pulsecal/ui/app";
import { useMemo } from "react";
import { Link } from "react-router";
import { BookingBlock } from "./booking-block.tsx";
import { isShown, type Mark } from "./changes.ts";
import { type DayRange, dayRange, placeBookings, rowOf } from "./day-grid.ts";
import { closedStretches, type DoctorDay, type Stretch } from "./open-hours.ts";
import type { StaffBooking } from "./types.ts";
import { wallMinutesOf } from "./wall.ts";

type DayColumnsProps = {
  doctors: (DoctorDay & { id: string; name: string })[];
  bookings: StaffBooking[];
  /** The range is taken from what the page was read with, so that an arrival never moves the rows. */
  read: StaffBooking[];
  marks: ReadonlyMap<string, Mark>;
  date: string;
  zone: string;
  /** The moment to draw the line at; null on other days than today. */
  now: number | null;
  /** The one column a narrow screen shows. */
  narrow: string | undefined;
  hrefOf: (booking: StaffBooking) => string;
  openId?: string | undefined;
};

// Row heights are in rem, so the day grows with the reader's text size.
const rows = "grid auto-rows-[0.625rem] grid-cols-2";

/** A day with a column per doctor. Places are fixed by time: what arrives fills its place and moves nothing. */
export function DayColumns(props: DayColumnsProps) {
  const { doctors, bookings, read, marks, date, zone, now, narrow, hrefOf, openId } = props;
  const range = useMemo(
    () =>
      dayRange(
        read.filter(isShown),
        doctors.flatMap((doctor) => doctor.open),
        date,
        zone,
      ),
    [read, doctors, date, zone],
  );
  const shown = bookings.filter((booking) => isShown(booking) || marks.has(booking.id));
  if (shown.length === 0 && doctors.every((doctor) => doctor.open.length === 0)) {
    return (
      <EmptyState title="Nobody works on this day." next={<Link to="/portal/settings/hours">Look at the hours</Link>}>
        Patients are offered no times.
      </EmptyState>
    );
  }
  const nowMinute = now === null ? null : wallMinutesOf(now, date, zone);
  return (
    <div className="flex gap-3 overflow-x-auto" data-day={date}>
      <HourLabels range={range} />
      {doctors.map((doctor) => {
        const own = shown.filter((booking) => booking.practitionerId === doctor.id);
        return (
          <section
            key={doctor.id}
            aria-labelledby={`doctor-${doctor.id}`}
            className={cx("min-w-0 flex-1 basis-0 lg:block lg:min-w-44", doctor.id === narrow ? "block" : "hidden")}
          >
            <h2
              id={`doctor-${doctor.id}`}
              className="flex h-9 items-baseline justify-between gap-2 text-14 font-semibold"
            >
              <span className="truncate">{doctor.name}</span>
              <span className="text-13 font-normal whitespace-nowrap text-muted tabular-nums">
                {own.some(isShown)
                  ? `${own.filter(isShown).length} booked`
                  : doctor.open.length === 0
                    ? "not in"
                    : "free"}
              </span>
            </h2>
            <div className="relative overflow-hidden rounded-card border border-border bg-raised p-1">
              <Stretches stretches={closedStretches(doctor.open, range)} range={range} look="bg-sunken" />
              <Stretches stretches={doctor.away} range={range} look="agenda-hatched" />
              <HourLines range={range} />
              {nowMinute === null || nowMinute < range.from || nowMinute >= range.to ? null : (
                <NowLine row={rowOf(nowMinute, range)} />
              )}
              <ol className={cx(rows, "relative gap-x-1")} aria-label={`Bookings of ${doctor.name}`}>
                {placeBookings(own, date, zone, range).map(({ booking, row, span, lane, lanes }) => (
                  <li
                    key={booking.id}
                    className={cx(
                      `row-start-${row} row-span-${span} min-w-0 pb-px`,
                      lanes === 1 ? "col-span-full" : lane === 0 ? "col-start-1" : "col-start-2",
                    )}
                  >
                    <BookingBlock
                      booking={booking}
                      zone={zone}
                      href={hrefOf(booking)}
                      mark={marks.get(booking.id)}
                      open={booking.id === openId}
                      tall={span >= 4}
                    />
                  </li>
                ))}
                {/* Holds the day's full height when the evening is empty. */}
                <li aria-hidden="true" className={`row-start-${rowOf(range.to, range) - 1} col-span-full`} />
              </ol>
            </div>
          </section>
        );
      })}
    </div>
  );
}

function hoursOf(range: DayRange): number[] {
  const hours: number[] = [];
  for (let minute = range.from; minute < range.to; minute += 60) hours.push(minute);
  return hours;
}

function HourLabels({ range }: { range: DayRange }) {
  return (
    <div aria-hidden="true" className="shrink-0 pt-9">
      <div className={cx(rows, "p-1")}>
        {hoursOf(range).map((minute) => (
          <span
            key={minute}
            className={cx(`row-start-${rowOf(minute, range)} row-span-3 col-span-full text-13 text-muted tabular-nums`)}
          >
            {formatMinutes(minute % 1440)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Where nobody can be booked: solid outside the hours, hatched while away. Patterns of their own, besides colour. */
function Stretches({ stretches, range, look }: { stretches: readonly Stretch[]; range: DayRange; look: string }) {
  const within = stretches
    .map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }))
    .filter(({ from, to }) => to > from);
  return (
    <div aria-hidden="true" className={cx(rows, "absolute inset-1")}>
      {within.map(({ from, to }) => (
        <span
          key={from}
          className={cx(
            `row-start-${rowOf(from, range)} row-span-${Math.max(1, rowOf(to, range) - rowOf(from, range))} col-span-full -mx-1`,
            look,
            from === range.from && "-mt-1",
            to === range.to && "-mb-1",
          )}
        />
      ))}
    </div>
  );
}

function HourLines({ range }: { range: DayRange }) {
  return (
    <div aria-hidden="true" className={cx(rows, "absolute inset-1")}>
      {hoursOf(range).map((minute) => (
        <span
          key={minute}
          className={cx(
            `row-start-${rowOf(minute, range)} row-span-12 col-span-full border-t border-border first:border-transparent`,
          )}
        />
      ))}
    </div>
  );
}

function NowLine({ row }: { row: number }) {
  return (
    <div aria-hidden="true" className={cx(rows, "pointer-events-none absolute inset-1 z-10")}>
      <span className={cx(`row-start-${row} col-span-full border-t-2 border-danger`)} />
    </div>
  );
}
