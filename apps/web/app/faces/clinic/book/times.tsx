import { TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { time } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { holderOf } from "../../../lib/holder.server.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { alternativesIn, attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import { LiveBars } from "../live-bars.tsx";
import type { Route } from "./+types/times";
import { ChoiceAside } from "./choice-aside.tsx";
import { LengthChoice } from "./length-choice.tsx";
import { NoTimes } from "./no-times.tsx";
import { hereOf, TimePicker } from "./time-picker.tsx";
import { TimesProblem } from "./times-problem.tsx";
import { minutesIn, shownDay } from "./times-view.ts";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const caller = callerOf(context);
  const from = url.searchParams.get("from") ?? undefined;
  const minutes = minutesIn(url.searchParams);
  const [page, catalog] = await orMissing(() =>
    Promise.all([
      caller.public.booking.times({ serviceId: params.service, who: params.who, from, minutes }),
      caller.public.booking.catalog(),
    ]),
  );
  return {
    page,
    from: from ?? null,
    minutes,
    shown: shownDay(page.days, url.searchParams.get("day")),
    doctors: catalog.practitioners,
    choices: {
      service: catalog.services.length > 1,
      who: (catalog.services.find((each) => each.id === params.service)?.practitionerIds.length ?? 0) > 1,
    },
    formKey: newFormKey(),
    asOf: pulse(context).ctx.s.now(),
    island: clinicIsland(context),
  };
}

/** Takes the hold. A lost race or a changed offer comes back to this page with what is near. */
export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const start = new Date(field(form, "start"));
  if (Number.isNaN(start.getTime()))
    return data({ code: "choose_time" as const, start: null, near: [] }, { status: 422 });
  const { ctx, caller } = pulse(context);
  const minutes = minutesIn(form);
  const result = await attempt(() =>
    caller.public.booking.hold({
      serviceId: params.service,
      who: params.who,
      start,
      minutes,
      holder: holderOf(request, ctx),
      key: keyFor(field(form, "key"), params.who, start.toISOString(), String(minutes ?? "")),
    }),
  );
  if (result.ok) throw redirect(`/hold/${result.value.token}/details`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  const near = alternativesIn(result.detail).map((each) => each.start);
  return data({ code: result.code, start, near }, { status: result.code === "rate_limited" ? 429 : 409 });
}

export default function ChooseTime({ loaderData, actionData, params }: Route.ComponentProps) {
  const { page, from, minutes, shown, choices, formKey, asOf, island } = loaderData;
  const { name: clinicName } = useClinic();
  const { zone, service, who } = page;
  const length: Record<string, string> = minutes === undefined ? {} : { minutes: String(minutes) };
  const place = { path: `/book/${params.service}/${params.who}`, keep: length };
  const picker = { ...loaderData, place };
  const change = {
    service: choices.service ? { href: "/book", label: "Change what you need" } : undefined,
    who: choices.who ? { href: `/book/${params.service}`, label: "Change who you see" } : undefined,
  };
  const waitHref = `/waitlist/${params.service}${who ? `?who=${who.id}` : ""}`;
  const fields = { key: formKey, ...length };
  return (
    <>
      <title>{`${actionData ? "Error: " : ""}Choose a time · ${clinicName}`}</title>
      <LiveBars asOf={time(asOf, zone)} />
      <p className="text-16 text-muted lg:hidden">
        {service.name}, {who ? `with ${who.name}` : "first free"}
        {change.who ? (
          <>
            {" "}
            <TextLink className="ms-1" href={change.who.href} aria-label={change.who.label}>
              Change
            </TextLink>
          </>
        ) : null}
      </p>
      <h1 className="mt-1 text-30 font-semibold tracking-tight">Choose a time</h1>
      <LengthChoice
        place={place}
        choices={service.minutesChoices}
        value={service.minutes}
        from={from}
        day={shown?.date}
      />
      {actionData ? (
        <div className="mt-5 max-w-2xl">
          <TimesProblem problem={actionData} zone={zone} kept={{ action: hereOf(picker), fields }} />
        </div>
      ) : null}
      <TimePicker
        picker={picker}
        live={{ serviceId: params.service, who: params.who, minutes }}
        fields={fields}
        empty={
          <NoTimes
            next={page.nextDay}
            place={place}
            anyHref={who ? `/book/${params.service}/any` : null}
            waitHref={waitHref}
          />
        }
        below={
          <p className="mt-8 text-16 text-muted">
            None of these suits you? <TextLink href={waitHref}>Join the waitlist</TextLink> and we write to you when a
            time comes free.
          </p>
        }
        aside={
          <ChoiceAside
            verb="Book"
            text="Book this time"
            note="We keep it for you for 10 minutes."
            bookable={(shown?.times.length ?? 0) > 0}
            rows={[
              {
                key: "What",
                value: <ServiceWords name={service.name} minutes={service.minutes} />,
                change: change.service,
              },
              { key: "Who", value: who?.name ?? "First free doctor", change: change.who },
              { key: "Where", value: clinicName },
            ]}
          />
        }
      />
      <Island script={island} />
    </>
  );
}

function ServiceWords({ name, minutes }: { name: string; minutes: number }) {
  return (
    <>
      {name}
      <span className="block text-16 text-muted">{minutes} minutes</span>
    </>
  );
}
