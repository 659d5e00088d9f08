import { DateStrip, SlotList, TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { dayParts, plural, time } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { alternativesIn, attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import type { Route } from "./+types/times";
import { ChoiceAside } from "./choice-aside.tsx";
import { LiveBars } from "./live-bars.tsx";
import { NoTimes } from "./no-times.tsx";
import { TimesProblem } from "./times-problem.tsx";
import { groupTimes, windowHref } from "./times-view.ts";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const caller = callerOf(context);
  const from = url.searchParams.get("from") ?? undefined;
  const [page, catalog] = await orMissing(() =>
    Promise.all([
      caller.public.booking.times({ serviceId: params.service, who: params.who, from }),
      caller.public.booking.catalog(),
    ]),
  );
  const asked = url.searchParams.get("day");
  const shown =
    page.days.find((each) => each.date === asked) ?? page.days.find((each) => each.times.length > 0) ?? page.days[0];
  return {
    page,
    from: from ?? null,
    shown: shown ?? null,
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
  const result = await attempt(() =>
    callerOf(context).public.booking.hold({
      serviceId: params.service,
      who: params.who,
      start,
      key: keyFor(field(form, "key"), params.who, start.toISOString()),
    }),
  );
  if (result.ok) throw redirect(`/hold/${result.value.token}/details`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  const near = alternativesIn(result.detail).map((each) => each.start);
  return data({ code: result.code, start, near }, { status: result.code === "rate_limited" ? 429 : 409 });
}

export default function ChooseTime({ loaderData, actionData, params }: Route.ComponentProps) {
  const { page, from, shown, doctors, choices, formKey, asOf, island } = loaderData;
  const { name: clinicName } = useClinic();
  const { zone, service, who } = page;
  const base = `/book/${params.service}/${params.who}`;
  const here = shown ? windowHref(base, from, shown.date, "") : base;
  const nobody = page.days.every((each) => each.times.length === 0);
  const parts = shown ? dayParts(shown.date) : null;
  return (
    <>
      <title>{`${actionData ? "Error: " : ""}Choose a time · ${clinicName}`}</title>
      <LiveBars asOf={time(asOf, zone)} />
      <p className="text-16 text-muted lg:hidden">
        {service.name}, {who ? `with ${who.name}` : "first free"}
        {choices.who ? (
          <>
            {" "}
            <TextLink className="ms-1" href={`/book/${params.service}`} aria-label="Change who you see">
              Change
            </TextLink>
          </>
        ) : null}
      </p>
      <h1 className="mt-1 text-30 font-semibold tracking-tight">Choose a time</h1>
      {actionData ? (
        <div className="mt-5 max-w-2xl">
          <TimesProblem problem={actionData} zone={zone} />
        </div>
      ) : null}
      <div className="mt-6 grid gap-6 lg:grid-cols-[13rem_1fr_21rem] lg:gap-10">
        <DateStrip
          value={shown?.date ?? null}
          days={page.days.map((each) => ({
            date: each.date,
            href: windowHref(base, from, each.date),
            count: each.times.length,
            ...dayParts(each.date),
          }))}
          previous={page.previousDay && windowHref(base, page.previousDay)}
          next={page.nextPage && windowHref(base, page.nextPage)}
        />
        {nobody || !shown || !parts ? (
          <NoTimes next={page.nextDay} base={base} anyHref={who ? `/book/${params.service}/any` : null} />
        ) : (
          <form
            method="post"
            action={here}
            data-live-times=""
            data-service={params.service}
            data-who={params.who}
            data-date={shown.date}
            data-day-words={parts.short}
            data-zone={zone}
            data-cursor={page.cursor}
            className="contents"
          >
            <input type="hidden" name="key" value={formKey} />
            <section aria-labelledby="day-title">
              {/* The link has its place before it shows: its words come and change, and no time below may move for them. */}
              <div className="mb-4 grid min-h-11 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-2">
                <h2 id="times" tabIndex={-1} className="scroll-mt-40 text-24 font-semibold tracking-tight">
                  <span id="day-title">{parts.short}</span>
                  <span className="font-normal text-muted">
                    : <span data-count="">{plural(shown.times.length, "time")}</span>
                  </span>
                </h2>
                <a
                  href={here}
                  data-more=""
                  className="invisible inline-flex min-h-11 min-w-28 items-center justify-end whitespace-nowrap rounded-input text-16 font-semibold text-brand underline underline-offset-4"
                >
                  New times
                </a>
              </div>
              {shown.times.length > 0 ? (
                <SlotList name="start" groups={groupTimes(shown.times, zone, parts.short, doctors)} />
              ) : (
                <p className="text-18 text-muted">No times on this day. Choose another day.</p>
              )}
            </section>
            <ChoiceAside
              rows={[
                {
                  key: "What",
                  value: <ServiceWords name={service.name} minutes={service.minutes} />,
                  change: choices.service ? { href: "/book", label: "Change what you need" } : undefined,
                },
                {
                  key: "Who",
                  value: who?.name ?? "First free doctor",
                  change: choices.who ? { href: `/book/${params.service}`, label: "Change who you see" } : undefined,
                },
                { key: "Where", value: clinicName },
              ]}
              bookable={shown.times.length > 0}
            />
          </form>
        )}
      </div>
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
