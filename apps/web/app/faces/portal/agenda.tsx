import { dayOf, dayStart, formatDay, formatLongDay } from "@pulsecal/core";
import { cx, EmptyState, PageHead } from "@pulsecal/ui/app";
import { useCallback, useMemo } from "react";
import { Link, useNavigate, useSearchParams, useSubmit } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { newFormKey } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useLiveEvents, useNow } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/agenda";
import { actOnAgenda } from "./agenda/act.server.ts";
import { type Changes, readAddress, withParams } from "./agenda/address.ts";
import { AgendaBoard } from "./agenda/agenda-board.tsx";
import { AgendaNav, DoctorFilter } from "./agenda/agenda-nav.tsx";
import { BesideAgenda } from "./agenda/beside-agenda.tsx";
import { columnOf, columnsOf, gridBlocks, hoursShown, meetsDay, stepOf } from "./agenda/grid-model.ts";
import { readAgenda } from "./agenda/read.server.ts";
import { nextStates } from "./agenda/words.ts";
import { isShown } from "./changes.ts";
import { useLiveBookings } from "./live-bookings.ts";
import { LiveLine } from "./live-line.tsx";
import { useMay, useMe } from "./portal.tsx";
import type { StaffBooking, StaffEvent } from "./types.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const now = Date.now();
  const today = dayOf(now, zone);
  const address = readAddress(new URL(request.url).searchParams, today);
  const agenda = await ask("portal", request, readAgenda(callerOf(context).staff, address, zone));
  return { ...agenda, address, today, zone, now, key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const params = new URL(request.url).searchParams;
  return actOnAgenda(callerOf(context).staff, await request.formData(), params);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

/** Changes of the clinic's rules: what stands behind the bookings is read again, and so is an open explanation. */
const ruleEvents = /^(?:hours|leave|closure|service|room|clinic)\./;

export default function Agenda({ loaderData, actionData }: Route.ComponentProps) {
  const { address: at, today, zone, practitioners, services, calendar, opened, dates, alone } = loaderData;
  const { clinic } = useMe();
  const may = { write: useMay("booking.write"), cancel: useMay("booking.cancel") };
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const submit = useSubmit();
  const readAgain = useReadAgain();
  const answer = useLastAnswer(actionData);
  const now = useNow(loaderData.now);
  const address = useCallback((changes: Changes) => withParams(params, changes), [params]);

  const doctors = useMemo(() => {
    const there = practitioners.filter(
      (one) => one.active || loaderData.bookings.some((booking) => booking.practitionerId === one.id),
    );
    const one = there.filter(({ id }) => (at.view === "week" ? id === alone : at.who === null || id === at.who));
    return one.length > 0 ? one : there;
  }, [practitioners, loaderData.bookings, at.view, at.who, alone]);
  const shown = useMemo(() => ({ view: at.view, date: at.date, zone, doctors }), [at.view, at.date, zone, doctors]);
  const belongs = useCallback(
    (booking: StaffBooking) => {
      const isTheirs = shown.view === "day" || booking.practitionerId === alone;
      return isTheirs && dates.some((date) => meetsDay(booking, date, zone));
    },
    [shown.view, zone, dates, alone],
  );
  const noon = dayStart(at.date, zone) + 12 * 3_600_000;
  const { bookings, marks, line } = useLiveBookings(loaderData.bookings, {
    zone,
    shownDay: at.view === "day" ? formatDay(noon, zone) : "",
    belongs,
  });
  const looking = loaderData.place !== null || loaderData.move !== null;
  const series = loaderData.series === null ? null : (opened?.setId ?? null);
  useLiveEvents<StaffEvent>((event) => {
    const touches = looking || (series !== null && event.booking?.setId === series);
    if (ruleEvents.test(event.type) || (touches && event.type.startsWith("booking."))) readAgain();
  });

  // The hours come from what the page was read with, so that an arrival never moves the rows.
  const columns = useMemo(() => {
    const own = calendar.practitioners.filter(({ id }) => doctors.some((doctor) => doctor.id === id));
    const hours = hoursShown(
      dates,
      zone,
      own.flatMap(({ open }) => open),
      loaderData.bookings.filter(isShown),
    );
    const begins = loaderData.bookings.filter((one) => isShown(one) && dates.includes(dayOf(+one.start, zone)));
    const count = (key: string) => begins.filter((one) => columnOf(shown.view, zone, one) === key).length;
    return columnsOf(shown, dates, hours, (key) => {
      const booked = count(key);
      return booked === 0 ? undefined : shown.view === "week" ? String(booked) : `${booked} booked`;
    });
  }, [calendar, doctors, dates, zone, shown, loaderData.bookings]);
  const blocks = useMemo(
    () => gridBlocks({ shown, columns, calendar, bookings, services }),
    [shown, columns, calendar, bookings, services],
  );

  const narrow = at.view === "week" ? (dates.includes(at.date) ? at.date : dates[0]) : (at.who ?? doctors[0]?.id);
  const booked = bookings.filter(
    (one) => isShown(one) && one.state !== "held" && dates.includes(dayOf(+one.start, zone)),
  ).length;
  // The page was read before the live change: the newest state of the open booking is in the list.
  const open = opened === null ? null : (bookings.find((one) => one.id === opened.id) ?? opened);
  const title =
    at.view === "day"
      ? formatLongDay(noon, zone)
      : `Week of ${formatLongDay(dayStart(dates[0] ?? at.date, zone) + 12 * 3_600_000, zone)}`;
  const byId = (id: string) => bookings.find((one) => one.id === id);
  const first = doctors[0];
  const bookAt = Math.ceil(Math.max(now, dayStart(at.date, zone) + 8 * 3_600_000) / 300_000) * 300_000;
  const beside = open !== null || loaderData.place !== null;

  return (
    <>
      <title>{`Agenda, ${title}, ${clinic.name}`}</title>
      <PageHead
        title={title}
        aside={
          <AgendaNav
            view={at.view}
            date={at.date}
            today={today}
            zone={zone}
            who={at.who}
            bookHref={
              may.write && first !== undefined
                ? address({ booking: null, ask: null, at: new Date(bookAt).toISOString(), with: at.who ?? first.id })
                : null
            }
            address={address}
          />
        }
      />
      <LiveLine line={line} quiet={`${booked} booked${at.view === "day" && at.date === today ? " today" : ""}`} />
      {first === undefined ? (
        <EmptyState title="No doctors yet." next={<Link to="/portal/settings/hours">Set hours</Link>} />
      ) : (
        <div className={cx("grid gap-5", beside && "xl:grid-cols-[minmax(0,1fr)_20rem]")}>
          <div className="min-w-0">
            <DoctorFilter
              doctors={practitioners.filter((one) => one.active)}
              view={at.view}
              who={at.view === "week" ? alone : at.who}
              narrow={at.view === "week" ? (alone ?? undefined) : narrow}
              address={address}
            />
            <AgendaBoard
              label={`Agenda, ${title}${at.view === "week" ? `, ${first.name}` : ""}`}
              shown={shown}
              dates={dates}
              columns={columns}
              step={stepOf(services)}
              bookings={bookings}
              blocks={blocks}
              marks={marks}
              now={dates.includes(today) ? now : null}
              narrow={narrow}
              openId={open?.id}
              mayWrite={may.write}
              address={(changes) =>
                address({
                  booking: null,
                  at: null,
                  with: null,
                  of: null,
                  service: null,
                  ask: null,
                  ...changes,
                })
              }
              actionsOf={(id) => {
                const booking = byId(id);
                if (booking === undefined || !may.write) return [];
                return [
                  ...nextStates(booking, now).map(({ to, label }) => ({ id: to, label })),
                  { id: "move-to", label: "Move to…" },
                ];
              }}
              onAction={(id, action) => {
                const asks = { "move-to": "move", no_show: "no_show", declined: "decline" }[action];
                if (asks !== undefined) {
                  void navigate(address({ booking: id, ask: asks }), { preventScrollReset: true });
                  return;
                }
                const form = { intent: action, bookingId: id, key: newFormKey() };
                void submit(form, { method: "post", preventScrollReset: true });
              }}
            />
          </div>
          {beside ? (
            <BesideAgenda
              loaded={loaderData}
              open={open}
              doctors={practitioners.filter((one) => one.active)}
              now={now}
              may={may}
              mark={open === null ? undefined : marks.get(open.id)}
              address={address}
              params={params}
              answer={answer}
            />
          ) : null}
        </div>
      )}
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
