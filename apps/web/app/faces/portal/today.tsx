import { dayStart, formatDay, formatTime } from "@pulsecal/core";
import { Card, EmptyState, PageHead, StatusPill } from "@pulsecal/ui/app";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { useCallback } from "react";
import { Link } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { useNow } from "../../lib/live.tsx";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/today";
import { isShown, patientOf } from "./changes.ts";
import { DayColumns } from "./day-columns.tsx";
import { useLiveBookings } from "./live-bookings.ts";
import { doctorsOn } from "./doctors.server.ts";
import { LiveLine } from "./live-line.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useMe } from "./portal.tsx";
import type { Stretch } from "./open-hours.ts";
import { PracticeCard } from "./practice.tsx";
import type { StaffBooking } from "./types.ts";
import { wallMinutesOf } from "./wall.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const today = await ask("portal", request, staff.today());
  const doctors = await ask("portal", request, doctorsOn(staff, today.date));
  return { today, doctors: doctors.filter((doctor) => doctor.active), now: Date.now() };
}

export default function Today({ loaderData }: Route.ComponentProps) {
  const { today, doctors } = loaderData;
  const { clinic } = useMe();
  const now = useNow(loaderData.now);
  const shownDay = formatDay(dayStart(today.date, today.zone), today.zone);
  const belongs = useCallback(
    (booking: StaffBooking) => {
      const minute = wallMinutesOf(+booking.start, today.date, today.zone);
      return minute >= 0 && minute < 1440;
    },
    [today.date, today.zone],
  );
  const { bookings, marks, line } = useLiveBookings(today.bookings, { zone: today.zone, shownDay, belongs });
  const booked = bookings.filter((booking) => isShown(booking) && booking.state !== "held").length;
  const hrefOf = (booking: StaffBooking) => `/portal/agenda?date=${today.date}&booking=${booking.id}`;

  return (
    <>
      <title>{`Today, ${clinic.name}`}</title>
      <PageHead
        title={shownDay}
        aside={
          <p className="text-16 tabular-nums" data-booked>
            <span className="font-semibold">{booked}</span> booked today
          </p>
        }
      />
      <LiveLine line={line} quiet="New bookings show here as they are made." />
      <PracticeCard />
      <div className="grid gap-5 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          {/* That the clinic waits for approval is said once, by the practice card above. */}
          <Needs
            needs={today.needs.filter((need) => need.kind !== "approval")}
            next={bookings.find((one) => isShown(one) && +one.start > now)}
            zone={today.zone}
          />
          <div className="flex flex-col gap-3">
            {doctors.map((doctor) => (
              <NowAndNext
                key={doctor.id}
                doctor={doctor}
                bookings={bookings.filter((one) => one.practitionerId === doctor.id && isShown(one))}
                now={now}
                date={today.date}
                zone={today.zone}
                hrefOf={hrefOf}
              />
            ))}
          </div>
        </div>
        <div className="hidden min-w-0 lg:block">
          <DayColumns
            doctors={doctors}
            bookings={bookings}
            read={today.bookings}
            marks={marks}
            date={today.date}
            zone={today.zone}
            now={now}
            narrow={undefined}
            hrefOf={hrefOf}
          />
        </div>
        <Link to={`/portal/agenda?date=${today.date}`} className="py-2 text-14 font-semibold lg:hidden">
          The whole day in the agenda
        </Link>
      </div>
    </>
  );
}

type NeedsProps = {
  needs: { kind: string; text: string; href: string }[];
  next: StaffBooking | undefined;
  zone: string;
};

function Needs({ needs, next, zone }: NeedsProps) {
  if (needs.length === 0) {
    return (
      <EmptyState title="Nothing needs you now.">
        {next === undefined ? "No more bookings today." : `The next booking is at ${formatTime(+next.start, zone)}.`}
      </EmptyState>
    );
  }
  return (
    <Card title="Needs you" id="needs">
      <ul className="divide-y divide-border">
        {needs.map((need) => (
          <li key={`${need.kind} ${need.text}`}>
            <Link
              to={need.href}
              className="flex min-h-11 items-center gap-2.5 px-4 py-2 text-14 text-text no-underline hover:bg-sunken"
            >
              <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning" />
              <span className="min-w-0 flex-1">{need.text}</span>
              <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

type NowAndNextProps = {
  doctor: { id: string; name: string; open: Stretch[] };
  bookings: StaffBooking[];
  now: number;
  date: string;
  zone: string;
  hrefOf: (booking: StaffBooking) => string;
};

/** Two fixed lines per doctor, so a change replaces words and moves nothing. */
function NowAndNext({ doctor, bookings, now, date, zone, hrefOf }: NowAndNextProps) {
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
        <dd className="flex min-h-7 min-w-0 items-center justify-between gap-2">
          {current === undefined ? (
            <span className="text-muted">{isIn(doctor.open, minute) ? "Free" : "Not in"}</span>
          ) : (
            <BookingLine booking={current} href={hrefOf(current)} zone={zone} />
          )}
        </dd>
        <dt className="text-muted">Next</dt>
        <dd className="flex min-h-7 min-w-0 items-center justify-between gap-2">
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

const isIn = (open: Stretch[], minute: number): boolean => open.some(({ from, to }) => from <= minute && minute < to);

function BookingLine({ booking, href, zone }: { booking: StaffBooking; href: string; zone: string }) {
  return (
    <>
      <Link to={href} className="min-w-0 truncate py-1 text-text">
        <span className="tabular-nums">{formatTime(+booking.start, zone)}</span> {patientOf(booking)}
      </Link>
      <StatusPill state={booking.state} />
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
