import { formatTime } from "@pulsecal/core";
import { Card, formatMinutes, StatusPill, statusOf } from "@pulsecal/ui/app";
import { Link } from "react-router";
import { patientOf } from "./changes.ts";
import { type DoctorDay, whereabouts } from "./open-hours.ts";
import type { StaffBooking } from "./types.ts";
import { wallMinutesOf } from "./wall.ts";

type DoctorNowProps = {
  doctor: DoctorDay & { id: string; name: string };
  bookings: StaffBooking[];
  now: number;
  date: string;
  zone: string;
  hrefOf: (booking: StaffBooking) => string;
};

/** Whom a doctor sees now and next. Two fixed lines, so a change replaces words and moves nothing. */
export function DoctorNow({ doctor, bookings, now, date, zone, hrefOf }: DoctorNowProps) {
  const current = bookings.find((one) => +one.start <= now && +one.end > now);
  const next = bookings.find((one) => +one.start > now);
  const minute = wallMinutesOf(now, date, zone);
  return (
    <Card
      title={doctor.name}
      id={`now-${doctor.id}`}
      aside={<span className="text-13 text-muted tabular-nums">{bookings.length} today</span>}
    >
      <dl className="grid grid-cols-[3rem_minmax(0,1fr)] items-center gap-x-2 gap-y-1 px-4 py-2 text-14">
        <dt className="text-muted">Now</dt>
        <dd className="flex min-h-7 min-w-0 flex-wrap items-center justify-between gap-x-2">
          {current === undefined ? (
            <span className="text-muted tabular-nums">
              {whereabouts(doctor, minute, (at) => formatMinutes(at % 1440))}
            </span>
          ) : (
            <BookingLine booking={current} href={hrefOf(current)} zone={zone} />
          )}
        </dd>
        <dt className="text-muted">Next</dt>
        <dd className="flex min-h-7 min-w-0 flex-wrap items-center justify-between gap-x-2">
          {next === undefined ? (
            <span className="text-muted">No more today</span>
          ) : (
            <BookingLine booking={next} href={hrefOf(next)} zone={zone} />
          )}
        </dd>
      </dl>
    </Card>
  );
}

function BookingLine({ booking, href, zone }: { booking: StaffBooking; href: string; zone: string }) {
  return (
    <>
      <Link to={href} className="min-w-0 flex-1 basis-28 truncate py-1 text-text">
        <span className="tabular-nums">{formatTime(+booking.start, zone)}</span>
        <span className="sr-only"> to {formatTime(+booking.end, zone)},</span> {patientOf(booking)}
        <span className="sr-only">, {statusOf(booking.state).word}</span>
      </Link>
      <StatusPill state={booking.state} />
    </>
  );
}
