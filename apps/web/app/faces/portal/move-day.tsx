import { dayOf, dayStart, formatLongDay, formatTime, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, Card, EmptyState, Notice, PageHead } from "@pulsecal/ui/app";
import { data, Form, Link, redirect, useNavigation, useRevalidator } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/move-day";
import { problemText } from "./agenda/words.ts";
import { patientOf } from "./changes.ts";
import { useMe } from "./portal.tsx";
import type { StaffEvent } from "./types.ts";
import { dateFrom } from "./wall.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const params = new URL(request.url).searchParams;
  const date = dateFrom(params.get("date"), dayOf(Date.now(), zone));
  const practitioners = await ask("portal", request, staff.practitioners.list());
  const doctor = practitioners.find(({ id }) => id === params.get("who"));
  if (doctor === undefined) throw redirect(`/portal/agenda?date=${date}`);
  const plan = await ask("portal", request, staff.days.plan({ practitionerId: doctor.id, date }));
  return { plan, doctor, practitioners, date, zone, key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const { staff } = callerOf(context);
  const moves = form.getAll("move").flatMap((text) => {
    const [bookingId = "", start = "", practitionerId = "", sequence = ""] =
      typeof text === "string" ? text.split(" ") : [];
    return [{ bookingId, start: new Date(start), practitionerId, sequence: Number(sequence) }];
  });
  if (moves.length === 0) return data({ problem: "nothing_ticked" }, { status: 422 });
  const wish = { practitionerId: textOf(form, "who"), date: textOf(form, "date"), moves, key: textOf(form, "key") };
  const done = await attempt(() => staff.days.move(wish));
  if (!done.ok) return data({ problem: done.code }, { status: 409 });
  return data({ moved: done.value.moved.length, lost: done.value.lost.map(({ bookingId }) => bookingId) });
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

/** A doctor cannot come: every booking of the day with the time proposed for it. Each moves by itself, or stays. */
export default function MoveDay({ loaderData, actionData }: Route.ComponentProps) {
  const { plan, doctor, practitioners, date, zone, key } = loaderData;
  const { clinic } = useMe();
  const { revalidate } = useRevalidator();
  const pending = useNavigation().state === "submitting";
  useLiveEvents<StaffEvent>((event) => {
    if (/^(?:booking|leave|hours)\./.test(event.type)) void revalidate();
  });
  const noon = dayStart(date, zone) + 12 * 3_600_000;
  const day = formatLongDay(noon, zone);
  const back = `/portal/agenda?date=${date}&who=${doctor.id}`;
  const nameOf = (id: string) => practitioners.find((one) => one.id === id)?.name ?? "";
  const where = (to: { start: Date; practitionerId: string }) =>
    `${dayOf(+to.start, zone) === date ? formatTime(+to.start, zone) : formatWhen(+to.start, zone)}, ${nameOf(to.practitionerId)}`;
  const problem = actionData !== undefined && "problem" in actionData ? actionData.problem : undefined;
  const done = actionData !== undefined && "moved" in actionData ? actionData : undefined;
  return (
    <>
      <title>{`${problem === undefined ? "" : "Error: "}Move ${day}, ${clinic.name}`}</title>
      <PageHead
        title={`Move ${day}`}
        aside={
          <Link to={back} className={buttonClass()}>
            Back to the agenda
          </Link>
        }
      >
        <p className="text-14 text-muted">
          {doctor.name}. Whoever moves is told the old and the new time, and can keep it or choose another.
        </p>
      </PageHead>
      {problem === undefined ? null : (
        <Notice tone="danger" role="alert" className="mb-4">
          {problem === "nothing_ticked"
            ? "Tick at least one booking to move."
            : problem === "unreached"
              ? unreachedText
              : problemText(problem)}
        </Notice>
      )}
      {done === undefined ? null : (
        <Notice tone={done.lost.length === 0 ? "success" : "warning"} role="status" className="mb-4">
          {done.moved === 1 ? "1 booking moved." : `${done.moved} bookings moved.`}
          {done.lost.length === 0
            ? ""
            : ` ${done.lost.length} kept their time: someone took the new one meanwhile. Below are other times for them.`}
        </Notice>
      )}
      {plan.length === 0 ? (
        <EmptyState title="No bookings left to move." next={<Link to={back}>Back to the agenda</Link>} />
      ) : (
        <Form method="post" preventScrollReset>
          <input type="hidden" name="who" value={doctor.id} />
          <input type="hidden" name="date" value={date} />
          <input type="hidden" name="key" value={key} />
          <Card title={plan.length === 1 ? "1 booking" : `${plan.length} bookings`} id="plan">
            <ul className="divide-y divide-border">
              {plan.map(({ booking, to }) => {
                const name = patientOf(booking);
                const was = formatTime(+booking.start, zone);
                return (
                  <li key={booking.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-14">
                    <span className="flex min-h-8 min-w-0 flex-1 basis-56 items-center gap-2 pointer-coarse:min-h-11">
                      <input
                        key={to === null ? "none" : `${to.start.toISOString()} ${to.practitionerId}`}
                        id={`move-${booking.id}`}
                        type="checkbox"
                        name="move"
                        disabled={to === null}
                        defaultChecked={to !== null}
                        value={
                          to === null
                            ? ""
                            : `${booking.id} ${to.start.toISOString()} ${to.practitionerId} ${booking.sequence}`
                        }
                        className="size-4.5 shrink-0 cursor-pointer accent-brand"
                      />
                      <span className="min-w-0">
                        <label htmlFor={`move-${booking.id}`} className="cursor-pointer font-semibold tabular-nums">
                          {`${was} ${name}`}
                        </label>
                        <span className="block text-muted">{booking.serviceName}</span>
                      </span>
                    </span>
                    <span className="basis-64 tabular-nums">{to === null ? "No time found" : `to ${where(to)}`}</span>
                    <Link
                      to={`/portal/agenda?date=${date}&booking=${booking.id}&ask=move`}
                      aria-label={`Choose another time for ${name}`}
                      className={buttonClass({ kind: "quiet" })}
                    >
                      Another time
                    </Link>
                  </li>
                );
              })}
            </ul>
          </Card>
          <Button type="submit" kind="primary" pending={pending} pendingLabel="Moving…" className="mt-4">
            Move what is ticked
          </Button>
        </Form>
      )}
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
