import { can, type ClinicRole, dayStart, formatDay, formatTime } from "@pulsecal/core";
import { PageHead } from "@pulsecal/ui/app";
import { useCallback, useMemo } from "react";
import { data, Link, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { keyFor, newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useLiveEvents, useNow } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/today";
import { isShown } from "./changes.ts";
import { DayColumns } from "./day-columns.tsx";
import { doctorsOn } from "./doctors.server.ts";
import { useLiveBookings } from "./live-bookings.ts";
import { LiveLine } from "./live-line.tsx";
import { useMay, useMe } from "./portal.tsx";
import { PracticeCard } from "./practice.tsx";
import { DoctorNow } from "./today-doctor.tsx";
import { needsOf, touchesNeeds } from "./today-needs.ts";
import { NeedsCard } from "./today-needs-card.tsx";
import type { RequestAnswer } from "./today-request.tsx";
import type { StaffBooking, StaffEvent } from "./types.ts";
import { wallMinutesOf } from "./wall.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const [today, affected, me] = await ask(
    "portal",
    request,
    Promise.all([staff.today(), staff.leave.affected(), staff.me()]),
  );
  const [doctors, waitlist] = await ask(
    "portal",
    request,
    Promise.all([
      doctorsOn(staff, today.date),
      can(me.role as ClinicRole, "waitlist.read") ? staff.waitlist.list() : null,
    ]),
  );
  const needs = needsOf({ today, affected, waitlist, doctors });
  const underLeave = affected.flatMap(({ bookings }) => bookings.map(({ id }) => id));
  return { today, needs, underLeave, doctors, now: Date.now(), key: newFormKey() };
}

/** A request is answered from here; everything else opens its own page. */
export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const bookingId = textOf(form, "bookingId");
  const to = textOf(form, "intent") === "declined" ? "declined" : "confirmed";
  const key = keyFor(textOf(form, "key"), bookingId, to);
  const done = await attempt(() => callerOf(context).staff.bookings.transition({ bookingId, to, key }));
  if (done.ok) return data({ booking: done.value } satisfies RequestAnswer);
  return data({ bookingId, problem: done.code } satisfies RequestAnswer, { status: 409 });
}

export async function clientAction({ serverAction, request }: Route.ClientActionArgs): Promise<RequestAnswer> {
  const bookingId = textOf(await request.clone().formData(), "bookingId");
  return { bookingId, ...(await keepTyped(() => serverAction())) };
}
export const shouldRevalidate = unlessUnreached;

export default function Today({ loaderData, actionData }: Route.ComponentProps) {
  const { today, needs, underLeave, doctors } = loaderData;
  const answer = useLastAnswer(actionData);
  const { clinic } = useMe();
  const mayAnswer = useMay("booking.write");
  const [params] = useSearchParams();
  const readAgain = useReadAgain();
  const now = useNow(loaderData.now);
  const shownDay = formatDay(dayStart(today.date, today.zone), today.zone);
  const belongs = useCallback(
    (booking: StaffBooking) => {
      const minute = (instant: Date) => wallMinutesOf(+instant, today.date, today.zone);
      // A visit that began before midnight is still today's while it lasts.
      return minute(booking.end) > 0 && minute(booking.start) < 1440;
    },
    [today.date, today.zone],
  );
  const { bookings, marks, line } = useLiveBookings(today.bookings, { zone: today.zone, shownDay, belongs });
  const waiting = useMemo(
    () => new Set([...today.requests.map(({ id }) => id), ...underLeave]),
    [today.requests, underLeave],
  );
  useLiveEvents<StaffEvent>((event) => {
    if (touchesNeeds(event, waiting)) readAgain();
  });
  const booked = bookings.filter((booking) => isShown(booking) && booking.state !== "held").length;
  const next = bookings.find((one) => isShown(one) && +one.start > now);
  const hrefOf = (booking: StaffBooking) => `/portal/agenda?date=${today.date}&booking=${booking.id}`;

  return (
    <>
      <title>{`${today.requestCount === 0 ? "" : `(${today.requestCount}) `}Today, ${clinic.name}`}</title>
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
      <div className="grid gap-5 lg:grid-cols-[21rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <NeedsCard
            read={needs}
            more={today.requestCount - today.requests.length}
            quiet={`Nothing needs you now. ${next === undefined ? "No more bookings today." : `The next booking is at ${formatTime(+next.start, today.zone)}.`}`}
            zone={today.zone}
            mayAnswer={mayAnswer}
            asking={params.get("decline")}
            formKey={loaderData.key}
            answer={answer}
          />
          <div className="flex flex-col gap-3">
            {doctors.map((doctor) => (
              <DoctorNow
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

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
