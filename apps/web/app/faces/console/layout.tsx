import { formatTime } from "@pulsecal/core";
import { LiveBadge, LiveRegion, type NavGroup, Notice, PulseMark, Shell } from "@pulsecal/ui/app";
import { Activity, BadgeCheck } from "lucide-react";
import { Form, Link, Outlet, type ShouldRevalidateFunctionArgs, useLocation } from "react-router";
import { only } from "../../host.server.ts";
import { ask } from "../../lib/ask.server.ts";
import { useDocument } from "../../lib/document.tsx";
import { unlessUnreached } from "../../lib/keep-typed.ts";
import { LiveProvider, type LiveSource, useLiveState } from "../../lib/live.tsx";
import { SlowPages } from "../../lib/pages.tsx";
import { ApiProvider } from "../../lib/trpc-in-browser.tsx";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/layout";
import css from "./face.css?url";
import type { ConsoleContext } from "./admin.ts";
import type { Admin, PlatformEvent } from "./types.ts";
import { platformZone } from "./words.ts";

export const handle = { hydrate: true };
export const middleware: Route.MiddlewareFunction[] = [only("console")];
export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: css }];

export async function loader({ context, request }: Route.LoaderArgs) {
  if (new URL(request.url).pathname === "/sign-in") return { me: null };
  return { me: await ask("console", request, callerOf(context).platform.me()) };
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
      { href: "/", label: "Overview", icon: Activity },
      { href: "/approvals", label: "Approvals", icon: BadgeCheck },
    ],
  },
];

const platformEvents: LiveSource<PlatformEvent> = (client, lastEventId, handlers) =>
  client.platform.live.events.subscribe({ lastEventId }, handlers);

export default function ConsoleLayout({ loaderData }: Route.ComponentProps) {
  const { me } = loaderData;
  const { hydrate } = useDocument();
  if (me === null) return <Door />;
  const frame = <Frame me={me} />;
  return (
    <ApiProvider>
      <LiveRegion>{hydrate ? <LiveProvider source={platformEvents}>{frame}</LiveProvider> : frame}</LiveRegion>
    </ApiProvider>
  );
}

function Door() {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-12 sm:py-20" data-density="compact">
      <div className="w-full max-w-sm">
        <header>
          <p className="mb-6 flex items-center gap-3 text-16 font-semibold">
            <PulseMark className="size-9" />
            <span>
              PulseCal
              <span className="block text-13 font-normal text-muted">Platform console</span>
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

function Frame({ me }: { me: Admin }) {
  const { hydrate } = useDocument();
  const location = useLocation();
  const { state, asOf } = useLiveState();
  const time = asOf === null ? undefined : formatTime(asOf, platformZone);
  return (
    <Shell
      name="PulseCal"
      tagline="Platform console"
      groups={nav}
      current={location.pathname}
      renderLink={({ key, href, className, current, children }) => (
        <Link key={key} to={href} className={className} aria-current={current ? "page" : undefined}>
          {children}
        </Link>
      )}
      badge={hydrate ? <LiveBadge state={state} asOf={time} /> : null}
      account={
        <div className="flex flex-col gap-1 text-14">
          <p className="truncate font-semibold">{me.name}</p>
          <p className="truncate text-13 text-muted">{me.email}</p>
          <Form method="post" action="/sign-in" reloadDocument>
            <button type="submit" name="intent" value="sign-out" className="cursor-pointer py-1 text-brand underline">
              Sign out
            </button>
          </Form>
        </div>
      }
      banner={
        state === "offline" ? (
          <Notice tone="warning" className="rounded-none">
            You are offline.{time === undefined ? "" : ` This is how it looked at ${time}.`} You can read; approving
            works again when you are back.
          </Notice>
        ) : null
      }
    >
      <SlowPages>
        <Outlet context={{ me } satisfies ConsoleContext} />
      </SlowPages>
    </Shell>
  );
}
