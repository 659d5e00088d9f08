import { ButtonLink, Notice, TextLink } from "@pulsecal/ui/site";
import { ArrowRight, MapPin, Phone } from "lucide-react";
import { dayOf } from "@pulsecal/core";
import { soon, time } from "../../lib/format.ts";
import { Island } from "../../lib/island.tsx";
import { clinicIsland } from "../../lib/island.server.ts";
import { pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/home";
import { useClinic } from "./clinic-data.ts";
import { LiveBars } from "./live-bars.tsx";
import { mapHref, telHref } from "../../lib/links.ts";

export function headers() {
  return { "Cache-Control": "private, no-cache" };
}

export function loader({ context }: Route.LoaderArgs) {
  return { now: pulse(context).ctx.s.now(), island: clinicIsland(context) };
}

type Next = NonNullable<ReturnType<typeof useClinic>["next"]>;

export default function Home({ loaderData }: Route.ComponentProps) {
  const clinic = useClinic();
  const phoneOnly = !clinic.bookable;
  const next = phoneOnly ? null : clinic.next;
  return (
    <>
      <title>{clinic.name}</title>
      <meta name="description" content={`Book a visit at ${clinic.name}.`} />
      {next ? <LiveBars asOf={time(loaderData.now, clinic.zone)} /> : null}
      <div
        data-swap=""
        {...(next && followed(next, clinic.zone, loaderData.now))}
        className="group/live grid gap-10 lg:grid-cols-[1.2fr_1fr] lg:gap-16"
      >
        <div>
          <OpenState now={loaderData.now} />
          <h1 className="mt-3 text-30 font-semibold tracking-tight text-balance sm:text-40">{clinic.name}</h1>
          {clinic.about ? <p className="mt-4 max-w-prose text-18 text-muted text-pretty">{clinic.about}</p> : null}
          {phoneOnly ? (
            <PhoneOnly />
          ) : (
            <ButtonLink href="/book" className="mt-8 max-sm:w-full">
              Book a visit
            </ButtonLink>
          )}
        </div>
        <div className="grid content-start gap-4">
          {next ? <NextTime now={loaderData.now} /> : null}
          <Place />
        </div>
      </div>
      {next ? <Island script={loaderData.island} /> : null}
    </>
  );
}

/** What the island follows: the day of the next free time, and which time that is. */
function followed({ start, serviceId }: Next, zone: string, now: Date) {
  return {
    "data-zone": zone,
    "data-next": start.toISOString(),
    "data-live": JSON.stringify({ serviceId, who: "any", date: dayOf(start.getTime(), zone) }),
    "data-say": `Next free time: ${soon(start, now, zone)}.`,
  };
}

function OpenState({ now }: { now: Date }) {
  const { open, openUntil, nextOpening, zone } = useClinic();
  const words = open
    ? openUntil
      ? `Open to ${time(openUntil, zone)}`
      : "Open now"
    : nextOpening
      ? `Closed now. Opens ${soon(nextOpening, now, zone)}`
      : "Closed now";
  // A clinic that has no hours yet is neither open nor closed.
  if (!open && !nextOpening) return null;
  return (
    <p className={`flex items-center gap-2 text-16 font-semibold ${open ? "text-success" : "text-muted"}`}>
      <span
        aria-hidden="true"
        className={`size-2.5 shrink-0 rounded-full ${open ? "bg-success" : "border-2 border-muted bg-transparent"}`}
      />
      {words}
    </p>
  );
}

function NextTime({ now }: { now: Date }) {
  const { next, zone } = useClinic();
  if (!next) return null;
  return (
    <a
      href={`/book/${next.serviceId}/any`}
      className="group flex flex-wrap items-center gap-4 rounded-card border border-border bg-raised p-5 transition-colors hover:border-brand group-data-changed/live:shadow-[inset_3px_0_0_var(--brand)]"
    >
      <span className="grid min-w-0 flex-1 basis-40 gap-1 wrap-anywhere">
        <span className="text-16 text-muted">Next free time</span>
        <span className="tabular text-24 font-semibold tracking-tight first-letter:uppercase">
          {soon(next.start, now, zone)}
        </span>
        <span className="text-16 text-muted">
          {next.serviceName} with {next.practitionerName}
        </span>
      </span>
      <ArrowRight aria-hidden="true" className="size-6 shrink-0 text-brand" />
    </a>
  );
}

function Place() {
  const { address, phone } = useClinic();
  if (!address && !phone) return null;
  return (
    <ul className="divide-y divide-border rounded-card border border-border bg-raised px-5 text-18">
      {address ? (
        <li className="flex flex-wrap items-start gap-3 py-4">
          <MapPin aria-hidden="true" className="mt-1 size-5 shrink-0 text-muted" />
          <span className="min-w-0 flex-1 basis-32 wrap-anywhere">{address}</span>
          <TextLink href={mapHref(address)} aria-label={`Map of ${address}`} className="text-16" rel="noreferrer">
            Map
          </TextLink>
        </li>
      ) : null}
      {phone ? (
        <li className="flex flex-wrap items-center gap-3 py-4">
          <Phone aria-hidden="true" className="size-5 shrink-0 text-muted" />
          <span className="tabular min-w-0 flex-1 basis-32">{phone}</span>
          <TextLink href={telHref(phone)} aria-label={`Call ${phone}`} className="text-16">
            Call
          </TextLink>
        </li>
      ) : null}
    </ul>
  );
}

function PhoneOnly() {
  const { phone, status } = useClinic();
  const over = status === "suspended" || status === "closed";
  return (
    <div className="mt-8 grid max-w-lg gap-4">
      <Notice title={over ? "This clinic does not take bookings here" : "Online booking is not open yet"}>
        {phone ? "Please call to make a booking." : over ? "Please look for another clinic." : "Please come back soon."}
      </Notice>
      {phone ? (
        <ButtonLink href={telHref(phone)} className="max-sm:w-full sm:justify-self-start">
          Call {phone}
        </ButtonLink>
      ) : null}
    </div>
  );
}
