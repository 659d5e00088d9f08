import { addDays, dayOf, dayStart, formatDay, formatLongDay } from "@pulsecal/core";
import { buttonClass, cx, EmptyState, PageHead } from "@pulsecal/ui/app";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useCallback, useMemo } from "react";
import { data, Form, Link, redirect, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useNow } from "../../lib/live.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/agenda";
import { BookingDrawer } from "./booking-drawer.tsx";
import { isShown } from "./changes.ts";
import { DayColumns } from "./day-columns.tsx";
import { useLiveBookings } from "./live-bookings.ts";
import { doctorsOn } from "./doctors.server.ts";
import { LiveLine } from "./live-line.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useMay, useMe } from "./portal.tsx";
import { shortName } from "./short-name.ts";
import type { StaffBooking } from "./types.ts";
import { dateFrom, wallMinutesOf } from "./wall.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const params = new URL(request.url).searchParams;
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const now = Date.now();
  const today = dayOf(now, zone);
  const date = dateFrom(params.get("date"), today);
  const bookingId = params.get("booking");
  const [bookings, practitioners, opened] = await ask(
    "portal",
    request,
    Promise.all([
      staff.bookings.day({ date }),
      doctorsOn(staff, date),
      bookingId === null ? null : staff.bookings.get({ bookingId }),
    ]),
  );
  return { date, today, zone, now, bookings, practitioners, opened, key: crypto.randomUUID() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const bookingId = textOf(form, "bookingId");
  const reason = textOf(form, "reason").trim();
  const { staff } = callerOf(context);
  const wish = { bookingId, reason: reason === "" ? undefined : reason, key: textOf(form, "key") };
  const cancelled = await attempt(() => staff.bookings.cancel(wish));
  if (!cancelled.ok) return data({ problem: cancelled.code }, { status: 409 });
  const params = new URL(request.url).searchParams;
  params.delete("confirm");
  params.delete("index");
  throw redirect(`/portal/agenda?${params.toString()}`);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function Agenda({ loaderData, actionData }: Route.ComponentProps) {
  const { date, today, zone, practitioners, opened } = loaderData;
  const { clinic } = useMe();
  const mayCancel = useMay("booking.cancel");
  const [params] = useSearchParams();
  const now = useNow(loaderData.now);
  const instant = dayStart(date, zone);
  const belongs = useCallback(
    (booking: StaffBooking) => {
      const minute = wallMinutesOf(+booking.start, date, zone);
      return minute >= 0 && minute < 1440;
    },
    [date, zone],
  );
  const { bookings, marks, line } = useLiveBookings(loaderData.bookings, {
    zone,
    shownDay: formatDay(instant, zone),
    belongs,
  });
  const doctors = useMemo(
    () =>
      practitioners.filter(
        (one) => one.active || loaderData.bookings.some((booking) => booking.practitionerId === one.id),
      ),
    [practitioners, loaderData.bookings],
  );
  const narrow = doctors.find((one) => one.id === params.get("who"))?.id ?? doctors[0]?.id;
  const address = (changes: Record<string, string | null>) => withParams(params, changes);
  const booked = bookings.filter((one) => isShown(one) && one.state !== "held").length;
  // The page was read before the live change: the newest state of the open booking is in the list.
  const open = opened === null ? null : (bookings.find((one) => one.id === opened.id) ?? opened);

  return (
    <>
      <title>{`Agenda, ${formatDay(instant, zone)}, ${clinic.name}`}</title>
      <PageHead
        title={formatLongDay(instant, zone)}
        aside={<DateNav date={date} today={today} zone={zone} address={address} />}
      >
        <LiveLine line={line} quiet={`${booked} booked${date === today ? " today" : ""}`} />
      </PageHead>
      {doctors.length === 0 ? (
        <EmptyState title="No doctors yet." next={<Link to="/portal/settings/hours">Set hours</Link>} />
      ) : (
        <div className={cx("grid gap-5", open !== null && "xl:grid-cols-[minmax(0,1fr)_18rem]")}>
          <div className="min-w-0">
            <DoctorPicker doctors={doctors} narrow={narrow} address={address} />
            <DayColumns
              doctors={doctors}
              bookings={bookings}
              read={loaderData.bookings}
              marks={marks}
              date={date}
              zone={zone}
              now={date === today ? now : null}
              narrow={narrow}
              hrefOf={(booking) => address({ booking: booking.id, who: booking.practitionerId, confirm: null })}
              openId={open?.id}
            />
          </div>
          {open === null ? null : (
            <BookingDrawer
              key={open.id}
              booking={open}
              zone={zone}
              mayCancel={mayCancel}
              asking={params.get("confirm") === "cancel"}
              closeHref={address({ booking: null, confirm: null })}
              askHref={address({ confirm: "cancel" })}
              keepHref={address({ confirm: null })}
              idempotencyKey={loaderData.key}
              problem={actionData?.problem}
              mark={marks.get(open.id)}
            />
          )}
        </div>
      )}
    </>
  );
}

/** The same page with some of its parameters changed; null takes one away. */
function withParams(params: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === "" ? "/portal/agenda" : `/portal/agenda?${text}`;
}

type Address = (changes: Record<string, string | null>) => string;

function DateNav({ date, today, zone, address }: { date: string; today: string; zone: string; address: Address }) {
  const dayAt = (n: number) => {
    const other = addDays(date, n);
    return {
      href: address({ date: other, booking: null, confirm: null }),
      name: formatLongDay(dayStart(other, zone), zone),
    };
  };
  const before = dayAt(-1);
  const after = dayAt(1);
  return (
    <nav aria-label="Day" className="flex flex-wrap items-center gap-2">
      <Link
        to={before.href}
        className={cx(buttonClass(), "px-2")}
        aria-label={`Day before: ${before.name}`}
        preventScrollReset
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
      </Link>
      <Link
        to={address({ date: null, booking: null, confirm: null })}
        className={buttonClass()}
        aria-current={date === today ? "date" : undefined}
        preventScrollReset
      >
        Today
      </Link>
      <Link
        to={after.href}
        className={cx(buttonClass(), "px-2")}
        aria-label={`Day after: ${after.name}`}
        preventScrollReset
      >
        <ChevronRight aria-hidden="true" className="size-4" />
      </Link>
      <Form method="get" className="flex items-center gap-2">
        <label htmlFor="date" className="sr-only">
          Go to a date
        </label>
        <input
          key={date}
          id="date"
          type="date"
          name="date"
          defaultValue={date}
          className="min-h-8 rounded-input border border-border-strong bg-raised px-2 text-14 tabular-nums pointer-coarse:min-h-11"
        />
        <button type="submit" className={buttonClass()}>
          Go
        </button>
      </Form>
    </nav>
  );
}

/** On a narrow screen one doctor at a time; the links work without JavaScript. */
function DoctorPicker({
  doctors,
  narrow,
  address,
}: {
  doctors: { id: string; name: string }[];
  narrow: string | undefined;
  address: Address;
}) {
  if (doctors.length < 2) return null;
  return (
    <nav aria-label="Doctor" className="mb-2 flex flex-wrap gap-2 lg:hidden">
      {doctors.map((doctor) => (
        <Link
          key={doctor.id}
          to={address({ who: doctor.id })}
          preventScrollReset
          aria-current={doctor.id === narrow ? "true" : undefined}
          className={cx(buttonClass(), doctor.id === narrow && "border-brand bg-brand-soft text-brand")}
        >
          {shortName(doctor.name)}
        </Link>
      ))}
    </nav>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
