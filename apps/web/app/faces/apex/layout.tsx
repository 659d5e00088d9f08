import { ButtonLink, Mark, SkipLink } from "@pulsecal/ui/site";
import type { ReactNode } from "react";
import { isRouteErrorResponse, Outlet } from "react-router";
import { only } from "../../host.server.ts";
import type { Route } from "./+types/layout";
import faceCss from "./face.css?url";

export const middleware = [only("apex")];

export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: faceCss }];

export default function ApexLayout() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const title = missing ? "This page is not here" : "Something failed on our side";
  return (
    <Frame>
      <div className="mx-auto max-w-xl px-4 py-20 sm:px-6">
        <title>{title}</title>
        <h1 className="text-30 font-semibold tracking-tight">{title}</h1>
        <p className="mt-3 text-18 text-muted">
          {missing
            ? "The address may be mistyped, or the page has moved."
            : "Nothing you did caused it. Try again in a minute."}
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <ButtonLink href="/find">Find a clinic</ButtonLink>
          <ButtonLink href="/" kind="plain">
            Go to the first page
          </ButtonLink>
        </div>
      </div>
    </Frame>
  );
}

const LINK = "flex min-h-11 items-center rounded-input px-3 hover:bg-sunken";

function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="mx-auto flex min-h-18 w-full max-w-6xl items-center px-4 sm:px-6">
        <a href="/" className="-ms-1 flex items-center gap-2.5 rounded-input p-1">
          <Mark className="size-8" />
          <span className="text-20 font-semibold tracking-tight">PulseCal</span>
        </a>
        <nav aria-label="PulseCal" className="ms-auto -me-3 flex text-16">
          <a href="/find" className={`${LINK} max-sm:hidden`}>
            Find a clinic
          </a>
          <a href="/help" className={`${LINK} max-sm:hidden`}>
            Help
          </a>
          <a href="/clinic-sign-in" className={LINK}>
            Sign in
          </a>
        </nav>
      </header>
      <main id="main" tabIndex={-1} className="grow">
        {children}
      </main>
      <footer className="border-t border-border bg-sunken">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-8 gap-y-2 px-4 py-6 text-16 sm:px-6">
          <a
            href="/help"
            className="-mx-2 flex min-h-11 items-center rounded-input px-2 text-brand underline underline-offset-4"
          >
            Help
          </a>
          <a
            href="/start"
            className="-mx-2 flex min-h-11 items-center rounded-input px-2 text-brand underline underline-offset-4"
          >
            For clinics
          </a>
          <p className="text-muted sm:ms-auto">Not for emergencies: call 112.</p>
        </div>
      </footer>
    </div>
  );
}
