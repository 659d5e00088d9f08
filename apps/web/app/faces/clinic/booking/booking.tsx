import { type BookingStatus, Button, ButtonLink, Notice, StatusPill, SummaryList, TextLink } from "@pulsecal/ui/site";
import { CalendarPlus, MapPin } from "lucide-react";
import { redirect } from "react-router";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { list, range, time, when } from "../../../lib/format.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { mapHref } from "../../../lib/links.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { livePlace } from "../live-page.server.ts";
import { LiveBars } from "../live-bars.tsx";
import type { Route } from "./+types/booking";
import type { Booking } from "./booking-data.ts";
import { headingOf } from "./heading.ts";
import { Later } from "./later.tsx";
import { ToneMark } from "./tone-mark.tsx";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  // The place first, then the booking: what happens in between is told once more rather than never.
  const place = await livePlace(context);
  const booking = await orMissing(() => callerOf(context).patient.booking.get({ token: params.token }));
  return {
    booking,
    now: pulse(context).ctx.s.now(),
    said: { moved: url.searchParams.has("moved"), clash: url.searchParams.get("clash") },
    formKey: newFormKey(),
    place,
    island: clinicIsland(context),
  };
}

/** Keep: the patient stays with the time the clinic moved them to. */
export async function action({ context, params, request }: Route.ActionArgs) {
  const key = keyFor(field(await request.formData(), "key"), "keep");
  await orMissing(() => callerOf(context).patient.booking.keep({ token: params.token, key }));
  throw redirect(`/b/${params.token}`, 303);
}

/** Over for good: another visit is another booking, and nothing more happens to this one. */
const OVER: readonly BookingStatus[] = ["expired", "cancelled", "no_show", "declined", "completed"];
const STRUCK: readonly BookingStatus[] = ["cancelled", "declined"];

export default function BookingPage({ loaderData, params }: Route.ComponentProps) {
  const { booking, now, said, formKey, place, island } = loaderData;
  const { clinic } = booking;
  const { title, text, tone } = headingOf(booking, now);
  const ahead = booking.state === "confirmed" && booking.end > now;
  const live = !OVER.includes(booking.state);
  return (
    <div className="mx-auto max-w-2xl">
      <title>{`${title} · ${clinic.name}`}</title>
      <meta name="robots" content="noindex" />
      <LiveBars asOf={time(now, clinic.zone)} />
      <div
        data-swap=""
        data-live-page={live ? "patient.live.booking" : ""}
        data-cursor={place}
        data-zone={clinic.zone}
        data-say={`${title}. ${range(booking.start, booking.end, clinic.zone)}.`}
        className="group"
      >
        <div className="flex flex-wrap items-start gap-4">
          <ToneMark tone={tone} />
          <div className="min-w-0 flex-1 basis-48">
            <h1 tabIndex={-1} className="text-30 font-semibold tracking-tight text-balance">
              {title}
            </h1>
            {text ? <p className="mt-1 text-18 text-muted text-pretty">{text}</p> : null}
          </div>
        </div>
        {ahead ? <Said said={said} booking={booking} /> : null}
        <section
          aria-label="Booking"
          className="mt-8 overflow-hidden rounded-card border border-border bg-raised group-data-changed:shadow-[inset_3px_0_0_var(--brand)]"
        >
          <div className="border-b border-border p-5 sm:p-6">
            {ahead && booking.movedFrom ? (
              <p className="tabular mb-1 text-16 text-muted">
                <span className="sr-only">It was </span>
                <s>{when(booking.movedFrom, clinic.zone)}</s>
              </p>
            ) : null}
            <p
              className={`tabular text-24 font-semibold tracking-tight ${STRUCK.includes(booking.state) ? "line-through decoration-2" : ""}`}
            >
              {range(booking.start, booking.end, clinic.zone)}
            </p>
            <p className="mt-1 text-18 text-muted">
              {booking.practitioner.name}, {clinic.name}
            </p>
          </div>
          <div className="p-5 sm:p-6">
            <SummaryList rows={rowsOf(booking)} />
          </div>
        </section>
        {ahead && booking.movedFrom ? <KeepOrChoose booking={booking} token={params.token} formKey={formKey} /> : null}
        <div className="mt-6 flex flex-wrap gap-3">
          {ahead ? (
            <ButtonLink
              kind={booking.movedFrom ? "plain" : "main"}
              href={`/b/${params.token}/calendar.ics`}
              className="max-sm:w-full"
            >
              <CalendarPlus aria-hidden="true" className="size-5" />
              Add to calendar
            </ButtonLink>
          ) : null}
          {booking.state === "held" ? (
            <ButtonLink href={`/hold/${params.token}/details`}>Finish booking</ButtonLink>
          ) : null}
          {OVER.includes(booking.state) ? (
            <ButtonLink href={`/book/${booking.service.id}`}>Book another time</ButtonLink>
          ) : null}
          {ahead && clinic.address ? (
            <ButtonLink kind="plain" href={mapHref(clinic.address)} rel="noreferrer" className="max-sm:w-full">
              <MapPin aria-hidden="true" className="size-5" />
              Map
            </ButtonLink>
          ) : null}
        </div>
        {ahead || booking.state === "requested" ? <Later booking={booking} token={params.token} /> : null}
      </div>
      {live ? <Island script={island} /> : null}
    </div>
  );
}

/** What just happened, for the first look at the page only. */
function Said({ said, booking }: { said: { moved: boolean; clash: string | null }; booking: Booking }) {
  if (said.moved)
    return (
      <div className="mt-6">
        <Notice kind="success">It is moved: this is your new time, and the old one is given up.</Notice>
      </div>
    );
  if (said.clash === null) return null;
  return (
    <div className="mt-6">
      <Notice kind="warning" title={`${twiceWords(booking, said.clash)} another booking here at this time`}>
        Both stand. If you meant only one of them, cancel the other.
      </Notice>
    </div>
  );
}

/** "You have", or by name who of a family has, from the refs in the address. */
function twiceWords({ ref, patientName, set }: Booking, refs: string): string {
  const all = [{ ref, name: patientName }, ...(set?.others ?? [])];
  const names = refs.split(".").flatMap((each) => all.find((one) => one.ref === each)?.name ?? []);
  if (names.length === 0) return "You have";
  return `${list(names)} ${names.length === 1 ? "has" : "have"}`;
}

/** The clinic moved it: one press stays with the new time, another looks for a better one. */
function KeepOrChoose({ booking, token, formKey }: { booking: Booking; token: string; formKey: string }) {
  return (
    <form method="post" className="mt-6 flex flex-wrap gap-3">
      <input type="hidden" name="key" value={formKey} />
      <Button className="tabular max-sm:w-full">Keep {when(booking.start, booking.clinic.zone)}</Button>
      {booking.canMove ? (
        <ButtonLink kind="plain" href={`/b/${token}/move`} className="max-sm:w-full">
          Choose another time
        </ButtonLink>
      ) : null}
    </form>
  );
}

function rowsOf(booking: Booking) {
  const { clinic, seat, set } = booking;
  return [
    { key: "Status", value: <Status booking={booking} /> },
    { key: "What", value: `${booking.service.name}, ${booking.minutes} minutes` },
    ...(booking.patientName ? [{ key: "For", value: booking.patientName }] : []),
    ...(set && set.others.length > 0 ? [{ key: "With", value: <Others booking={booking} /> }] : []),
    ...(seat ? [{ key: "Seat", value: <span className="tabular">{`${seat.no} of ${seat.of}`}</span> }] : []),
    ...(clinic.address ? [{ key: "Where", value: clinic.address }] : []),
    { key: "Ref", value: <span className="tabular font-semibold tracking-widest">{booking.ref}</span> },
  ];
}

/** The state, and beside it, in a place of its own, that it has just changed while somebody looked. */
function Status({ booking }: { booking: Booking }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <StatusPill status={booking.state} />
      <span className="invisible text-16 font-semibold text-brand group-data-changed:visible">Changed</span>
    </span>
  );
}

/** The bookings made together with this one, each on its own page; a family by name, a series by date. */
function Others({ booking: { set, clinic } }: { booking: Booking }) {
  return (
    <ul className="grid gap-1">
      {set?.others.map((other) => (
        <li key={other.token}>
          <TextLink href={`/b/${other.token}`} className="inline-flex min-h-8 items-center">
            {set.kind === "family" && other.name
              ? `${other.name}, ${time(other.start, clinic.zone)}`
              : when(other.start, clinic.zone)}
          </TextLink>
        </li>
      ))}
    </ul>
  );
}
