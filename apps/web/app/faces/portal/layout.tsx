import { LiveBadge, LiveRegion, type NavGroup, Notice, PulseMark, Shell } from "@pulsecal/ui/app";
import { formatTime } from "@pulsecal/core";
import { CalendarDays, Clock, DoorOpen, Hourglass, Stethoscope, Sun } from "lucide-react";
import { Form, Link, Outlet, type ShouldRevalidateFunctionArgs, useLocation } from "react-router";
import { only } from "../../host.server.ts";
import { ask } from "../../lib/ask.server.ts";
import { useDocument } from "../../lib/document.tsx";
import { unlessUnreached } from "../../lib/keep-typed.ts";
import { LiveProvider, type LiveSource, useLiveState } from "../../lib/live.tsx";
import { SlowPages } from "../../lib/pages.tsx";
import { ApiProvider } from "../../lib/trpc-in-browser.tsx";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/layout";
import css from "./face.css?url";
import type { PortalContext } from "./portal.tsx";
import type { Me, StaffEvent } from "./types.ts";

export const handle = { hydrate: true };
export const middleware: Route.MiddlewareFunction[] = [only("portal")];
export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: css }];

const openPaths = /^\/portal\/(sign-in|verify\/)/;

/** Everyone signed in gets the frame; the pages to sign in and to verify an address stand alone. */
export async function loader({ context, request }: Route.LoaderArgs) {
  const clinicName = pulse(context).ctx.clinic?.name ?? "";
  if (openPaths.test(new URL(request.url).pathname)) return { me: null, clinicName };
  return { me: await ask("portal", request, callerOf(context).staff.me()), clinicName };
}

/** Who is signed in does not depend on the filters of a page. */
export function shouldRevalidate(change: ShouldRevalidateFunctionArgs) {
  const { currentUrl, nextUrl, formMethod } = change;
  const onlyFilters =
    formMethod === undefined && currentUrl.pathname === nextUrl.pathname && currentUrl.href !== nextUrl.href;
  return onlyFilters ? false : unlessUnreached(change);
}

const nav: NavGroup[] = [
  {
    items: [
      { href: "/portal", label: "Today", icon: Sun },
      { href: "/portal/agenda", label: "Agenda", icon: CalendarDays },
      { href: "/portal/waitlist", label: "Waitlist", icon: Hourglass },
    ],
  },
  {
    title: "Settings",
    items: [
      { href: "/portal/settings/hours", label: "Hours", icon: Clock },
      { href: "/portal/settings/services", label: "Services", icon: Stethoscope },
      { href: "/portal/settings/rooms", label: "Rooms and rules", icon: DoorOpen },
    ],
  },
];

const staffEvents: LiveSource<StaffEvent> = (client, lastEventId, handlers) =>
  client.staff.live.events.subscribe({ lastEventId }, handlers);

export default function PortalLayout({ loaderData }: Route.ComponentProps) {
  const { me, clinicName } = loaderData;
  const { hydrate } = useDocument();
  if (me === null) return <Door clinicName={clinicName} />;
  const frame = <Frame me={me} />;
  return (
    <ApiProvider>
      <LiveRegion>{hydrate ? <LiveProvider source={staffEvents}>{frame}</LiveProvider> : frame}</LiveRegion>
    </ApiProvider>
  );
}

function Door({ clinicName }: { clinicName: string }) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-12 sm:py-20" data-density="compact">
      <div className="w-full max-w-sm">
        <header>
          <p className="mb-6 flex items-center gap-3 text-16 font-semibold">
            <PulseMark className="size-9" />
            <span>
              {clinicName}
              <span className="block text-13 font-normal text-muted">Staff portal</span>
            </span>
          </p>
        </header>
        <main id="main">
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Frame({ me }: { me: Me }) {
  const { hydrate } = useDocument();
  const location = useLocation();
  const { state, asOf } = useLiveState();
  const time = asOf === null ? undefined : formatTime(asOf, me.clinic.zone);
  return (
    <Shell
      name={me.clinic.name}
      tagline="Staff portal"
      groups={nav}
      current={location.pathname.replace(/\/$/, "")}
      renderLink={({ key, href, className, current, children }) => (
        <Link key={key} to={href} className={className} aria-current={current ? "page" : undefined}>
          {children}
        </Link>
      )}
      badge={hydrate ? <LiveBadge state={state} asOf={time} /> : null}
      account={<Account me={me} />}
      banner={state === "offline" ? <OfflineBar time={time} /> : null}
    >
      <SlowPages>
        <Outlet context={{ me } satisfies PortalContext} />
      </SlowPages>
    </Shell>
  );
}

function OfflineBar({ time }: { time: string | undefined }) {
  return (
    <Notice tone="warning" className="rounded-none">
      You are offline.{time === undefined ? "" : ` This is how it looked at ${time}.`} You can read; saving works again
      when you are back.
    </Notice>
  );
}

function Account({ me }: { me: Me }) {
  return (
    <div className="flex flex-col gap-1 text-14">
      <p className="truncate font-semibold">{me.name}</p>
      <p className="truncate text-13 text-muted">{me.role[0]?.toUpperCase() + me.role.slice(1)}</p>
      {/* Another face: a plain link, so the browser leaves this one. */}
      <a href="/" className="py-1">
        Your page for patients
      </a>
      <Form method="post" action="/portal/sign-in" reloadDocument>
        <button type="submit" name="intent" value="sign-out" className="cursor-pointer py-1 text-brand underline">
          Sign out
        </button>
      </Form>
    </div>
  );
}
