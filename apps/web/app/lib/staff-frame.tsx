import { formatTime } from "@pulsecal/core";
import { LiveBadge, LiveRegion, type NavGroup, Notice, PulseMark, Shell } from "@pulsecal/ui/app";
import type { ReactNode } from "react";
import { Form, Link, Outlet, type ShouldRevalidateFunctionArgs, useLocation } from "react-router";
import { useDocument } from "./document.tsx";
import { unlessUnreached } from "./keep-typed.ts";
import { type LiveEvent, LiveProvider, type LiveSource, useLiveState } from "./live.tsx";
import { SlowPages } from "./pages.tsx";
import { placeIn } from "./place-in.ts";
import { ApiProvider } from "./trpc-in-browser.tsx";

/** Who is signed in does not depend on the filters of a page: a frame is read again for everything but those. */
export function revalidateFrame(change: ShouldRevalidateFunctionArgs): boolean {
  const { currentUrl, nextUrl, formMethod } = change;
  const onlyFilters =
    formMethod === undefined && currentUrl.pathname === nextUrl.pathname && currentUrl.href !== nextUrl.href;
  return onlyFilters ? false : unlessUnreached(change);
}

type Named = {
  /** whose face it is: the clinic's name, or PulseCal */
  name: string;
  tagline: string;
};

/** A page before the frame: to sign in, to verify an address. It stands alone, under the face's name. */
export function StaffDoor({ name, tagline }: Named) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-12 sm:py-20" data-density="compact">
      <div className="w-full max-w-sm">
        <header>
          <p className="mb-6 flex items-center gap-3 text-16 font-semibold">
            <PulseMark className="size-9" />
            <span>
              {name}
              <span className="block text-13 font-normal text-muted">{tagline}</span>
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

type StaffFrameProps<E extends LiveEvent> = Named & {
  groups: NavGroup[];
  /** the clock that times of this face are told by */
  zone: string;
  /** where the face's events come from; the same function on every render */
  source: LiveSource<E>;
  account: { name: string; detail: string; signInPath: string; links?: ReactNode };
  /** what waits while there is no connection: "saving" */
  waits: string;
  /** what the face's pages are handed by their outlet */
  context: unknown;
};

/** The frame of both staff faces: navigation, the live connection, who is signed in, and what to say when offline. */
export function StaffFrame<E extends LiveEvent>({ source, ...frame }: StaffFrameProps<E>) {
  const { hydrate } = useDocument();
  const framed = <Frame {...frame} />;
  return (
    <ApiProvider>
      <LiveRegion>{hydrate ? <LiveProvider source={source}>{framed}</LiveProvider> : framed}</LiveRegion>
    </ApiProvider>
  );
}

type FrameProps = Omit<StaffFrameProps<LiveEvent>, "source">;

function Frame({ name, tagline, groups, zone, account, waits, context }: FrameProps) {
  const { hydrate } = useDocument();
  const { pathname } = useLocation();
  const { state, asOf } = useLiveState();
  const time = asOf === null ? undefined : formatTime(asOf, zone);
  return (
    <Shell
      name={name}
      tagline={tagline}
      groups={groups}
      current={placeIn(groups, pathname)}
      renderLink={({ key, href, className, current, children }) => (
        // A page under the one the link leads to is in its part of the face, but it is not that page.
        <Link
          key={key}
          to={href}
          className={className}
          aria-current={current ? (pathname === href ? "page" : "true") : undefined}
        >
          {children}
        </Link>
      )}
      badge={hydrate ? <LiveBadge state={state} asOf={time} /> : null}
      account={<Account {...account} />}
      banner={
        state === "offline" ? (
          <Notice tone="warning" className="rounded-none">
            You are offline.{time === undefined ? "" : ` This is how it looked at ${time}.`} You can read; {waits} works
            again when you are back.
          </Notice>
        ) : null
      }
    >
      <SlowPages>
        <Outlet context={context} />
      </SlowPages>
    </Shell>
  );
}

function Account({ name, detail, signInPath, links }: FrameProps["account"]) {
  return (
    <div className="flex flex-col gap-1 text-14">
      <p className="truncate font-semibold">{name}</p>
      <p className="truncate text-13 text-muted">{detail}</p>
      {links}
      <Form method="post" action={signInPath} reloadDocument>
        <button type="submit" name="intent" value="sign-out" className="cursor-pointer py-1 text-brand underline">
          Sign out
        </button>
      </Form>
    </div>
  );
}
