import type { NavGroup } from "@pulsecal/ui/app";
import { Activity, BadgeCheck } from "lucide-react";
import { only } from "../../host.server.ts";
import { ask } from "../../lib/ask.server.ts";
import type { LiveSource } from "../../lib/live.tsx";
import { revalidateFrame, StaffDoor, StaffFrame } from "../../lib/staff-frame.tsx";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/layout";
import type { ConsoleContext } from "./admin.ts";
import css from "./face.css?url";
import type { PlatformEvent } from "./types.ts";
import { platformZone } from "./words.ts";

export const handle = { hydrate: true };
export const middleware: Route.MiddlewareFunction[] = [only("console")];
export const links: Route.LinksFunction = () => [{ rel: "stylesheet", href: css }];

const named = { name: "PulseCal", tagline: "Platform console" };

export async function loader({ context, request }: Route.LoaderArgs) {
  if (new URL(request.url).pathname === "/sign-in") return { me: null };
  return { me: await ask("console", request, callerOf(context).platform.me()) };
}

export const shouldRevalidate = revalidateFrame;

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
  if (me === null) return <StaffDoor {...named} />;
  return (
    <StaffFrame
      {...named}
      groups={nav}
      zone={platformZone}
      source={platformEvents}
      account={{ name: me.name, detail: me.email, signInPath: "/sign-in" }}
      waits="approving"
      context={{ me } satisfies ConsoleContext}
    />
  );
}
