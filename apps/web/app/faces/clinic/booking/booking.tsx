import { type BookingStatus, ButtonLink, StatusPill, SummaryList, TextLink } from "@pulsecal/ui/site";
import { CalendarPlus, Check, Hourglass, MapPin, Minus } from "lucide-react";
import { range, when } from "../../../lib/format.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/booking";
import { headingOf, type Tone } from "./heading.ts";
import { mapHref, telHref } from "../../../lib/links.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const booking = await orMissing(() => callerOf(context).patient.booking.get({ token: params.token }));
  return { booking, now: pulse(context).ctx.s.now() };
}

type Booking = Route.ComponentProps["loaderData"]["booking"];

const AGAIN: readonly BookingStatus[] = ["expired", "cancelled", "no_show", "declined", "completed"];

export default function BookingPage({ loaderData, params }: Route.ComponentProps) {
  const { booking, now } = loaderData;
  const { clinic } = booking;
  const { title, text, tone } = headingOf(booking, now);
  const ahead = booking.state === "confirmed" && booking.end > now;
  return (
    <div className="mx-auto max-w-2xl">
      <title>{`${title} · ${clinic.name}`}</title>
      <meta name="robots" content="noindex" />
      <div className="flex items-start gap-4">
        <ToneMark tone={tone} />
        <div>
          <h1 className="text-30 font-semibold tracking-tight text-balance">{title}</h1>
          {text ? <p className="mt-1 text-18 text-muted">{text}</p> : null}
        </div>
      </div>
      <section aria-label="Booking" className="mt-8 overflow-hidden rounded-card border border-border bg-raised">
        <div className="border-b border-border p-5 sm:p-6">
          <p
            className={`tabular text-24 font-semibold tracking-tight ${booking.state === "cancelled" ? "line-through decoration-2" : ""}`}
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
      <div className="mt-6 flex flex-wrap gap-3">
        {ahead ? (
          <ButtonLink href={`/b/${params.token}/calendar.ics`} className="max-sm:w-full">
            <CalendarPlus aria-hidden="true" className="size-5" />
            Add to calendar
          </ButtonLink>
        ) : null}
        {booking.state === "held" ? (
          <ButtonLink href={`/hold/${params.token}/details`}>Finish booking</ButtonLink>
        ) : null}
        {AGAIN.includes(booking.state) ? (
          <ButtonLink href={`/book/${booking.service.id}`}>Book another time</ButtonLink>
        ) : null}
        {ahead && clinic.address ? (
          <ButtonLink kind="plain" href={mapHref(clinic.address)} rel="noreferrer" className="max-sm:w-full">
            <MapPin aria-hidden="true" className="size-5" />
            Map
          </ButtonLink>
        ) : null}
      </div>
      {ahead ? <Later booking={booking} token={params.token} /> : null}
    </div>
  );
}

function Later({ booking, token }: { booking: Booking; token: string }) {
  const { clinic, cancelUntil } = booking;
  return (
    <div className="mt-8 grid gap-6 border-t border-border pt-6 text-18">
      <section>
        <h2 className="text-20 font-semibold">If you cannot come</h2>
        {booking.canCancel ? (
          <p className="mt-1">
            <TextLink href={`/b/${token}/cancel`}>Cancel this booking</TextLink>
            {cancelUntil ? ` until ${when(cancelUntil, clinic.zone)}` : ""}, so that someone else can have the time.
          </p>
        ) : (
          <p className="mt-1">
            It is too late to cancel here.{" "}
            {clinic.phone ? <>Please call {callLink(clinic.phone)}.</> : "Please tell the clinic."}
          </p>
        )}
      </section>
      <section>
        <h2 className="text-20 font-semibold">What to bring</h2>
        <p className="mt-1">Your ID, your medical aid card if you have one, and a list of the medicines you take.</p>
      </section>
    </div>
  );
}

function rowsOf(booking: Booking) {
  return [
    { key: "Status", value: <StatusPill status={booking.state} /> },
    { key: "What", value: `${booking.service.name}, ${booking.service.minutes} minutes` },
    ...(booking.patientName ? [{ key: "For", value: booking.patientName }] : []),
    ...(booking.clinic.address ? [{ key: "Where", value: booking.clinic.address }] : []),
    { key: "Ref", value: <span className="tabular font-semibold tracking-widest">{booking.ref}</span> },
  ];
}

function ToneMark({ tone }: { tone: Tone }) {
  const Icon = tone === "good" ? Check : tone === "waiting" ? Hourglass : Minus;
  const look =
    tone === "good"
      ? "bg-brand text-on-brand"
      : tone === "waiting"
        ? "bg-amber-soft text-amber-word"
        : "bg-grey-soft text-grey-word";
  return (
    <span aria-hidden="true" className={`mt-0.5 grid size-12 shrink-0 place-items-center rounded-full ${look}`}>
      <Icon className="size-6" strokeWidth={2.5} />
    </span>
  );
}

const callLink = (phone: string) => <TextLink href={telHref(phone)}>{phone}</TextLink>;
