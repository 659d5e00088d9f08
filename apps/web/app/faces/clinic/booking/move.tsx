import { ButtonLink, TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { range, time, when } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { alternativesIn, attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { ChoiceAside } from "../book/choice-aside.tsx";
import { NoTimes } from "../book/no-times.tsx";
import { hereOf, type Picker, TimePicker } from "../book/time-picker.tsx";
import { TimesProblem } from "../book/times-problem.tsx";
import { shownDay } from "../book/times-view.ts";
import { LiveBars } from "../live-bars.tsx";
import type { Route } from "./+types/move";
import type { Booking } from "./booking-data.ts";
import { Call } from "./later.tsx";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const caller = callerOf(context);
  const booking = await orMissing(() => caller.patient.booking.get({ token: params.token }));
  // What is over, or not booked yet, is not moved; its own page says what it is.
  if (booking.state !== "confirmed" && booking.state !== "requested") throw redirect(`/b/${params.token}`, 303);
  if (!booking.canMove) return { booking, picker: null };
  const from = url.searchParams.get("from") ?? undefined;
  const who = whoIn(url) ?? booking.practitioner.id;
  const [page, catalog] = await orMissing(() =>
    Promise.all([
      caller.patient.booking.moveTimes({ token: params.token, who, from }),
      caller.public.booking.catalog(),
    ]),
  );
  const picker: Picker = {
    page,
    from: from ?? null,
    shown: shownDay(page.days, url.searchParams.get("day")),
    doctors: catalog.practitioners,
    place: { path: `/b/${params.token}/move`, keep: who === "any" ? { who } : {} },
  };
  const able = catalog.services.find((each) => each.id === booking.service.id)?.practitionerIds ?? [];
  return {
    booking,
    picker,
    who,
    others: able.length > 1,
    formKey: newFormKey(),
    asOf: pulse(context).ctx.s.now(),
    island: clinicIsland(context),
  };
}

/** Swaps the time in one step; whatever happens, the booking keeps its old time until the new one is its own. */
export async function action({ context, params, request, url }: Route.ActionArgs) {
  const form = await request.formData();
  const start = new Date(field(form, "start"));
  if (Number.isNaN(start.getTime())) return data({ code: "choose_time", start: null, near: [] }, { status: 422 });
  const caller = callerOf(context);
  const { practitioner } = await orMissing(() => caller.patient.booking.get({ token: params.token }));
  const who = whoIn(url) ?? practitioner.id;
  const key = keyFor(field(form, "key"), "move", start.toISOString());
  const result = await attempt(() => caller.patient.booking.move({ token: params.token, start, who, key }));
  if (result.ok) throw redirect(`/b/${params.token}?moved`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  const near = alternativesIn(result.detail).map((each) => each.start);
  return data({ code: result.code, start, near }, { status: result.code === "rate_limited" ? 429 : 409 });
}

const whoIn = (url: URL): "any" | null => (url.searchParams.get("who") === "any" ? "any" : null);

export default function MoveBooking({ loaderData, actionData, params }: Route.ComponentProps) {
  const { booking } = loaderData;
  const { clinic } = booking;
  const words = when(booking.start, clinic.zone);
  if (!loaderData.picker) return <TooLate booking={booking} token={params.token} />;
  // A time that was approved is asked for again elsewhere.
  const asksAgain = booking.approval && booking.state === "confirmed";
  const { picker, who, others, formKey, asOf, island } = loaderData;
  const fields = { key: formKey };
  const change =
    others && who !== "any" ? { href: `/b/${params.token}/move?who=any`, label: "See all doctors" } : undefined;
  return (
    <>
      <title>{`${actionData ? "Error: " : ""}Move your visit · ${clinic.name}`}</title>
      <meta name="robots" content="noindex" />
      <LiveBars asOf={time(asOf, clinic.zone)} />
      <h1 className="text-30 font-semibold tracking-tight">Move your visit</h1>
      {actionData ? (
        <div className="mt-5 max-w-2xl">
          <TimesProblem
            problem={actionData}
            zone={clinic.zone}
            kept={{ action: hereOf(picker), fields }}
            still={words}
            phone={clinic.phone}
          />
        </div>
      ) : asksAgain ? (
        <p className="mt-2 text-18">
          You have <span className="tabular inline-block font-semibold">{words}</span>. The clinic confirms another time
          by hand: when you press, the old one is given up and the new one is kept for you until it answers.
        </p>
      ) : (
        <p className="mt-2 text-18">
          You keep <span className="tabular inline-block font-semibold">{words}</span> until the new time is yours.
        </p>
      )}

      {change ? (
        <p className="mt-1 text-16 text-muted lg:hidden">
          With {booking.practitioner.name}.{" "}
          <TextLink href={change.href} className="inline-flex min-h-11 items-center">
            {change.label}
          </TextLink>
        </p>
      ) : null}
      <TimePicker
        picker={picker}
        live={{ serviceId: booking.service.id, who, minutes: booking.minutes, token: params.token }}
        fields={fields}
        yours={booking.start}
        empty={<NoTimes next={picker.page.nextDay} place={picker.place} anyHref={change ? change.href : null} />}
        aside={
          <ChoiceAside
            verb="Move to"
            text="Move to this time"
            note={asksAgain ? "The clinic confirms the new time by hand." : `Until then ${words} stays yours.`}
            bookable={(picker.shown?.times.length ?? 0) > 0}
            rows={[
              { key: "Now", value: <span className="tabular">{range(booking.start, booking.end, clinic.zone)}</span> },
              { key: "What", value: `${booking.service.name}, ${booking.minutes} minutes` },
              {
                key: "Who",
                value: who === "any" ? "First free doctor" : booking.practitioner.name,
                change: change && { ...change, text: "All" },
              },
            ]}
          />
        }
      />
      <Island script={island} />
    </>
  );
}

function TooLate({ booking, token }: { booking: Booking; token: string }) {
  const { clinic } = booking;
  return (
    <div className="mx-auto grid max-w-2xl gap-6">
      <title>{`Move your visit · ${clinic.name}`}</title>
      <meta name="robots" content="noindex" />
      <h1 className="text-30 font-semibold tracking-tight text-balance">
        You still have <span className="tabular inline-block">{when(booking.start, clinic.zone)}</span>
      </h1>
      <p className="text-18">
        It is too late to move it here. <Call phone={clinic.phone} />
      </p>
      <ButtonLink kind="plain" href={`/b/${token}`} className="max-sm:w-full sm:justify-self-start">
        Go back
      </ButtonLink>
    </div>
  );
}
