import type { NavGroup } from "@pulsecal/ui/app";
import { CalendarDays, CalendarSync, Clock, DoorOpen, Hourglass, Stethoscope, Sun } from "lucide-react";
import { only } from "../../host.server.ts";
import { ask } from "../../lib/ask.server.ts";
import type { LiveSource } from "../../lib/live.tsx";
import { revalidateFrame, StaffDoor, StaffFrame } from "../../lib/staff-frame.tsx";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/layout";
import css from "./face.css?url";
import type { PortalContext } from "./portal.tsx";
import type { StaffEvent } from "./types.ts";

export const handle = { hydrate: true };
export const middleware: Route.MiddlewareFunction[] = [only("portal")];
export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: css }];

const openPaths = /^\/portal\/(sign-in|verify\/)/;
const tagline = "Staff portal";

/** Everyone signed in gets the frame; the pages to sign in and to verify an address stand alone. */
export async function loader({ context, request }: Route.LoaderArgs) {
  const clinicName = pulse(context).ctx.clinic?.name ?? "";
  if (openPaths.test(new URL(request.url).pathname)) return { me: null, clinicName };
  return { me: await ask("portal", request, callerOf(context).staff.me()), clinicName };
}

export const shouldRevalidate = revalidateFrame;

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
      { href: "/portal/settings/calendars", label: "Calendars", icon: CalendarSync },
    ],
  },
];

const staffEvents: LiveSource<StaffEvent> = (client, lastEventId, handlers) =>
  client.staff.live.events.subscribe({ lastEventId }, handlers);

export default function PortalLayout({ loaderData }: Route.ComponentProps) {
  const { me, clinicName } = loaderData;
  if (me === null) return <StaffDoor name={clinicName} tagline={tagline} />;
  return (
    <StaffFrame
      name={me.clinic.name}
      tagline={tagline}
      groups={nav}
      zone={me.clinic.zone}
      source={staffEvents}
      account={{
        name: me.name,
        detail: (me.role[0]?.toUpperCase() ?? "") + me.role.slice(1),
        signInPath: "/portal/sign-in",
        // Another face: a plain link, so the browser leaves this one.
        links: (
          <a href="/" className="py-1">
            Your page for patients
          </a>
        ),
      }}
      waits="saving"
      context={{ me } satisfies PortalContext}
    />
  );
}
