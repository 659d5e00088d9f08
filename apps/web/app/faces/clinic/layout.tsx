import { Monogram, SkipLink, TextLink } from "@pulsecal/ui/site";
import { Phone } from "lucide-react";
import type { ReactNode } from "react";
import { isRouteErrorResponse, Outlet } from "react-router";
import { only } from "../../host.server.ts";
import { orMissing } from "../../lib/refusal.server.ts";
import { pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/layout";
import faceCss from "./face.css?url";
import { PageMissing } from "./page-missing.tsx";
import { telHref } from "../../lib/links.ts";

export const middleware = [only("clinic")];

export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: faceCss }];

export async function loader({ context }: Route.LoaderArgs) {
  const { caller } = pulse(context);
  const clinic = await orMissing(() => caller.public.clinic.home());
  return { clinic };
}

export default function ClinicLayout({ loaderData }: Route.ComponentProps) {
  const { clinic } = loaderData;
  return (
    <Frame name={clinic.name} phone={clinic.phone} bookable={clinic.bookable}>
      <Outlet />
    </Frame>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  const clinic = loaderData?.clinic;
  return (
    <Frame name={clinic?.name ?? "Clinic"} phone={clinic?.phone ?? null} bookable={false}>
      <PageMissing status={isRouteErrorResponse(error) ? error.status : 500} phone={clinic?.phone ?? null} />
    </Frame>
  );
}

function Frame({
  name,
  phone,
  bookable,
  children,
}: {
  name: string;
  phone: string | null;
  bookable: boolean;
  children: ReactNode;
}) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="border-b border-border bg-raised">
        {/* One row, until the text is so large that the name needs a line of its own. */}
        <div className="mx-auto flex min-h-16 max-w-6xl flex-wrap items-center gap-x-6 px-4 sm:px-6">
          <a
            href="/"
            className="-ms-1 flex min-w-0 flex-1 basis-40 items-center gap-3 rounded-input p-1 sm:flex-initial sm:basis-auto"
          >
            <Monogram name={name} className="size-9 text-18" />
            <span className="py-2 text-18 leading-tight font-semibold tracking-tight wrap-anywhere">{name}</span>
          </a>
          <nav aria-label="Clinic" className="ms-auto flex gap-1 text-16">
            {bookable ? (
              <a href="/book" className="hidden min-h-11 items-center rounded-input px-3 hover:bg-sunken sm:flex">
                Book
              </a>
            ) : null}
            <a href="/contact" className="flex min-h-11 items-center rounded-input px-3 hover:bg-sunken">
              Contact
            </a>
          </nav>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl grow px-4 pt-8 pb-16 sm:px-6 sm:pt-12">
        {children}
      </main>
      <footer className="border-t border-border bg-sunken">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-8 gap-y-3 px-4 py-6 text-16 sm:px-6">
          {phone ? (
            <p className="flex items-center gap-2">
              <Phone aria-hidden="true" className="size-4 text-muted" />
              <span>
                Need help? Call <TextLink href={telHref(phone)}>{phone}</TextLink>
              </span>
            </p>
          ) : null}
          <p className="text-muted">Not for emergencies: call 112.</p>
          <p className="text-muted sm:ms-auto">Bookings by PulseCal</p>
        </div>
      </footer>
    </div>
  );
}
